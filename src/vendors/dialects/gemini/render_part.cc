#include "vendors/dialects/gemini/render_part.h"

#include "base/json/document.h"
#include "vendors/dialects/gemini/call_ids.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/free_text.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::MediaKind;
using json::Writer;

std::string TypeOf(const chat::Media& media) {
  if (!media.media_type.empty()) {
    return media.media_type;
  }
  switch (media.kind) {
    case MediaKind::kImage:
      return media.data.starts_with("/9j/") ? "image/jpeg" : "image/png";
    case MediaKind::kAudio:
      return "audio/" + (media.format.empty() ? "wav" : media.format);
    case MediaKind::kVideo:
      return "video/mp4";
    case MediaKind::kDocument:
      break;
  }
  return "application/pdf";
}

// Vertex AI wants the type of each file; what its URI tells, where the sender did not.
std::string TypeOfFile(const chat::Media& media, bool own) {
  if (own || !media.media_type.empty()) {
    return media.media_type;
  }
  const std::string_view url = media.url;
  constexpr std::pair<std::string_view, std::string_view> kEnds[] = {
      {".png", "image/png"},   {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"},
      {".webp", "image/webp"}, {".gif", "image/gif"},  {".pdf", "application/pdf"},
      {".mp3", "audio/mp3"},   {".wav", "audio/wav"},  {".mp4", "video/mp4"},
  };
  for (const auto& [end, type] : kEnds) {
    if (url.ends_with(end)) {
      return std::string(type);
    }
  }
  return media.file_id.empty() ? TypeOf(media) : std::string();
}

void RenderText(std::string_view text, bool thought, std::string_view signature,
                const chat::Extra& extra, bool own, Writer& out) {
  if (text.empty() && signature.empty() && !own) {
    return;
  }
  out.BeginObject().Key("text").String(text);
  if (thought) {
    out.Key("thought").Bool(true);
  }
  wire::RenderText("thoughtSignature", signature, out);
  wire::RenderExtra(extra, own, out);
  out.EndObject();
}

}  // namespace

void RenderArguments(std::string_view arguments, Writer& out) {
  const std::size_t start = arguments.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || arguments == "{}" || arguments.substr(start) == "null") {
    out.BeginObject().EndObject();
    return;
  }
  json::Document document;
  if (arguments[start] == '{' && document.Parse(arguments)) {
    out.Raw(document.Root().Raw());
    return;
  }
  out.Raw(wire::ArgumentsOf(arguments));
}

void RenderCall(const chat::ToolCall& call, const chat::Extra& extra, bool own,
                std::string_view signature, Writer& out) {
  out.BeginObject().Key("functionCall").BeginObject();
  wire::RenderText("id", IsMade(call.id) ? "" : call.id, out);
  out.Key("name").String(call.name);
  out.Key("args");
  RenderArguments(call.arguments, out);
  wire::RenderExtra(call.inner_extra, own, out);
  wire::RenderUnder(kCallPrefix, extra, own, out);  // a streamed call has no other place for them
  out.EndObject();
  wire::RenderText("thoughtSignature", call.signature.empty() ? signature : call.signature, out);
  wire::RenderBeside(kCallPrefix, extra, own, out);
  out.EndObject();
}

void RenderMedia(const chat::Media& media, bool own, Writer& out) {
  chat::Media split;
  const chat::Media* shown = &media;
  if (media.url.starts_with("data:")) {
    split = media;
    wire::SplitDataUrl(split);
    shown = &split;
  }
  const bool inlined = shown->url.empty() && shown->file_id.empty();
  out.Key(inlined ? "inlineData" : "fileData").BeginObject();
  wire::RenderText("mimeType",
                   inlined && !own ? TypeOf(*shown)
                   : inlined       ? shown->media_type
                                   : TypeOfFile(*shown, own),
                   out);
  if (inlined) {
    out.Key("data").String(shown->data);
  } else {
    out.Key("fileUri").String(shown->file_id.empty() ? shown->url : shown->file_id);
  }
  wire::RenderText("displayName", own ? shown->name : "", out);
  wire::RenderExtra(shown->inner_extra, own, out);
  out.EndObject();
}

void RenderPart(const chat::Part& part, bool own, Writer& out) {
  if (own && !part.whole.empty()) {
    out.Raw(part.whole);
  } else if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    RenderText(text->text, false, text->signature, part.extra, own, out);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    RenderText(refusal->text, false, {}, part.extra, own, out);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    RenderText(thought->text, true, SignatureOf(*thought), part.extra, own, out);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    RenderCall(*call, part.extra, own, {}, out);
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    if (media->data.empty() && media->url.empty() && media->file_id.empty() && !own) {
      RenderText(media->transcript, false, {}, {}, own, out);
      return;
    }
    out.BeginObject();
    RenderMedia(*media, own, out);
    wire::RenderExtra(part.extra, own, out);
    out.EndObject();
  } else if (const auto* raw = std::get_if<chat::RawPart>(&part.content); raw != nullptr && own) {
    out.Raw(raw->json);
  }
}

}  // namespace signalbox::gemini
