#include "vendors/dialects/openai_chat/render_part.h"

#include "vendors/dialects/openai_chat/media_words.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Media;
using chat::Part;
using json::Writer;

void RenderImage(const Media& media, bool own, Writer& out) {
  out.Key("type").String("image_url").Key("image_url").BeginObject();
  out.Key("url").String(wire::UrlOf(media));
  wire::RenderText("detail", media.detail, out);
  wire::RenderExtra(media.inner_extra, own, out);
  out.EndObject();
}

void RenderAudio(const Media& media, bool own, Writer& out) {
  out.Key("type").String("input_audio").Key("input_audio").BeginObject();
  out.Key("data").String(media.url.empty() ? media.data : media.url);
  wire::RenderText("format", AudioFormat(media), out);
  wire::RenderExtra(media.inner_extra, own, out);
  out.EndObject();
}

void RenderFile(const Media& media, bool own, Writer& out) {
  out.Key("type").String("file").Key("file").BeginObject();
  wire::RenderText("file_id", media.file_id, out);
  wire::RenderText("file_data", wire::UrlOf(media), out);
  wire::RenderText("filename", FileName(media), out);
  wire::RenderExtra(media.inner_extra, own, out);
  out.EndObject();
}

void RenderMedia(const Media& media, bool own, Writer& out) {
  switch (media.kind) {
    case chat::MediaKind::kImage:
      return RenderImage(media, own, out);
    case chat::MediaKind::kAudio:
      return RenderAudio(media, own, out);
    case chat::MediaKind::kDocument:
    case chat::MediaKind::kVideo:
      return RenderFile(media, own, out);
  }
}

void RenderThinking(const chat::Reasoning& reasoning, Writer& out) {
  out.Key("type").String("thinking").Key("thinking").BeginArray();
  if (!reasoning.text.empty()) {
    out.BeginObject().Key("type").String("text").Key("text").String(reasoning.text).EndObject();
  }
  out.EndArray();
}

void RenderFunction(const chat::ToolCall& call, bool own, Writer& out) {
  const bool custom = call.kind == chat::CallKind::kCustom;
  const std::string_view kind = custom ? "custom" : "function";
  out.Key("type").String(kind).Key(kind).BeginObject().Key("name").String(call.name);
  out.Key(custom ? "input" : "arguments").String(call.arguments);
  wire::RenderExtra(call.inner_extra, own, out);
  out.EndObject();
}

}  // namespace

void RenderPart(const Part& part, bool own, Writer& out, std::optional<std::int64_t> index) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    out.Raw(raw->json);
    return;
  }
  out.BeginObject();
  wire::RenderInt("index", index, out);
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    out.Key("type").String("text").Key("text").String(text->text);
  } else if (const auto* media = std::get_if<Media>(&part.content)) {
    RenderMedia(*media, own, out);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out.Key("type").String("refusal").Key("refusal").String(refusal->text);
  } else if (const auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
    RenderThinking(*reasoning, out);
  }
  wire::RenderCache(part.cache, own, out);
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

void RenderCall(const Part& part, std::int64_t index, bool own, Writer& out) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    out.Raw(raw->json);
    return;
  }
  const auto& call = std::get<chat::ToolCall>(part.content);
  out.BeginObject();
  wire::RenderText("id", call.id.empty() && !own ? MadeCallId(index, call.name) : call.id, out);
  RenderFunction(call, own, out);
  RenderCallSignature(call.signature, out);
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

void RenderCallSignature(std::string_view signature, Writer& out) {
  if (!signature.empty()) {
    out.Key("extra_content").BeginObject().Key("google").BeginObject();
    out.Key("thought_signature").String(signature).EndObject().EndObject();
  }
}

void RenderCitation(const chat::Citation& citation, bool own, Writer& out,
                    std::optional<std::int64_t> index) {
  out.BeginObject();
  wire::RenderInt("index", index, out);
  out.Key("type").String("url_citation").Key("url_citation").BeginObject();
  wire::RenderText("url", citation.url, out);
  wire::RenderText("title", citation.title, out);
  wire::RenderInt("start_index", citation.start, out);
  wire::RenderInt("end_index", citation.end, out);
  wire::RenderExtra(citation.extra, own, out);
  out.EndObject().EndObject();
}

void RenderSpokenAudio(const Media& audio, bool own, Writer& out) {
  out.BeginObject();
  wire::RenderText("id", audio.file_id, out);
  wire::RenderText("data", audio.data, out);
  if (!audio.data.empty() || !audio.transcript.empty()) {
    out.Key("transcript").String(audio.transcript);
  }
  wire::RenderExtra(audio.inner_extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_chat
