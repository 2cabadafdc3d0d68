#include "base/json/document.h"
#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::Media;
using chat::Part;
using json::Writer;

void RenderBreakpoint(const Part& part, bool own, Writer& out) {
  if (part.cache && own) {
    wire::RenderExtra(part.cache->extra, own, out);
  }
}

void RenderAnnotations(const chat::Text& text, bool own, Writer& out) {
  out.Key("annotations").BeginArray();
  for (const chat::Citation& citation : text.citations) {
    if (IsCitable(citation, own)) {
      RenderAnnotation(citation, own, out);
    }
  }
  out.EndArray();
}

void RenderText(const Part& part, bool spoken, Side side, bool own, Writer& out) {
  const auto& text = std::get<chat::Text>(part.content);
  out.Key("type").String(spoken ? "output_text" : "input_text").Key("text").String(text.text);
  if (spoken) {
    RenderAnnotations(text, own, out);
    const chat::Member* logprobs = wire::FindMember(part.extra, "logprobs");
    if (side == Side::kOutput && (!own || logprobs == nullptr)) {
      out.Key("logprobs").Raw(logprobs == nullptr ? "[]" : std::string_view(logprobs->value));
    }
  }
}

void RenderImage(const Media& image, bool own, Writer& out) {
  out.Key("type").String("input_image");
  wire::RenderText("file_id", image.file_id, out);
  if ((image.file_id.empty() && !own) || !image.url.empty() || !image.data.empty()) {
    out.Key("image_url").String(wire::UrlOf(image));
  }
  wire::RenderText("detail", image.detail.empty() && !own ? "auto" : image.detail, out);
}

// OpenAI wants a name for a file that is sent along.
void RenderFile(const Media& file, bool own, Writer& out) {
  out.Key("type").String("input_file");
  wire::RenderText("file_id", file.file_id, out);
  wire::RenderText("file_url", file.url, out);
  const bool sent = !file.data.empty();
  if (sent && file.media_type.empty() && !own) {
    out.Key("file_data").String("data:application/pdf;base64," + file.data);
  } else if (sent) {
    out.Key("file_data").String(wire::UrlOf(file));
  }
  const bool nameless = file.name.empty() && sent && !own;
  wire::RenderText("filename", nameless ? "document.pdf" : file.name, out);
  wire::RenderText("detail", own ? file.detail : "", out);
}

void RenderAudio(const Media& audio, bool own, Writer& out) {
  out.Key("type").String("input_audio").Key("input_audio").BeginObject();
  out.Key("data").String(audio.data).Key("format").String(audio.format);
  wire::RenderExtra(audio.inner_extra, own, out);
  out.EndObject();
}

void RenderMedia(const Media& media, bool own, Writer& out) {
  if (media.kind == chat::MediaKind::kImage) {
    RenderImage(media, own, out);
  } else if (media.kind == chat::MediaKind::kAudio) {
    RenderAudio(media, own, out);
  } else {
    RenderFile(media, own, out);
  }
}

}  // namespace

chat::RawJson ListedLogprobs(const chat::RawJson& logprobs) {
  json::Document document;
  const bool parsed = document.Parse(logprobs).has_value();
  const auto list = parsed ? document.Root().Find("content") : std::nullopt;
  return list && list->IsArray() ? std::string(list->Raw()) : "[]";
}

bool IsCitable(const chat::Citation& citation, bool own) {
  return own || !citation.url.empty();
}

void RenderAnnotation(const chat::Citation& citation, bool own, Writer& out) {
  out.BeginObject().Key("type").String(own ? citation.type : "url_citation");
  wire::RenderText("url", citation.url, out);
  if (own) {
    wire::RenderText("title", citation.title, out);
    wire::RenderInt("start_index", citation.start, out);
    wire::RenderInt("end_index", citation.end, out);
  } else {
    out.Key("title").String(citation.title);
    out.Key("start_index").Int(citation.start.value_or(0));
    out.Key("end_index").Int(citation.end.value_or(0));
  }
  wire::RenderExtra(citation.extra, own, out);
  out.EndObject();
}

void RenderContent(const Part& part, bool spoken, Side side, bool own, Writer& out) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    if (own) {
      out.Raw(raw->json);
    }
    return;
  }
  if (std::holds_alternative<chat::Text>(part.content)) {
    out.BeginObject();
    RenderText(part, spoken, side, own, out);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out.BeginObject().Key("type").String("refusal").Key("refusal").String(refusal->text);
  } else if (const auto* media = std::get_if<Media>(&part.content)) {
    out.BeginObject();
    RenderMedia(*media, own, out);
  } else {
    return;
  }
  RenderBreakpoint(part, own, out);
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

void RenderContents(std::span<const Part> parts, bool spoken, Side side, bool own, Writer& out) {
  out.BeginArray();
  for (const Part& part : parts) {
    RenderContent(part, spoken, side, own, out);
  }
  out.EndArray();
}

}  // namespace signalbox::openai_responses
