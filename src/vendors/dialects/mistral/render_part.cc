#include "vendors/dialects/mistral/render_part.h"

#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::mistral {
namespace {

using chat::Media;
using json::Writer;

void RenderMedia(const Media& media, Writer& out) {
  switch (media.kind) {
    case chat::MediaKind::kImage:
      out.Key("type").String("image_url").Key("image_url").BeginObject();
      out.Key("url").String(wire::UrlOf(media));
      wire::RenderText("detail", media.detail, out);
      out.EndObject();
      return;
    case chat::MediaKind::kAudio:
      out.Key("type").String("input_audio").Key("input_audio");
      out.String(media.url.empty() ? media.data : media.url);
      return;
    case chat::MediaKind::kDocument:
    case chat::MediaKind::kVideo:
      if (!media.file_id.empty()) {
        out.Key("type").String("file").Key("file_id").String(media.file_id);
        return;
      }
      out.Key("type").String("document_url").Key("document_url").String(wire::UrlOf(media));
      wire::RenderText("document_name", media.name, out);
      return;
  }
}

void RenderThinking(const chat::Reasoning& thought, Writer& out) {
  out.Key("type").String("thinking").Key("thinking").BeginArray();
  if (!thought.text.empty()) {
    out.BeginObject().Key("type").String("text").Key("text").String(thought.text).EndObject();
  }
  out.EndArray();
}

}  // namespace

std::string_view TextIn(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    return text->text;
  }
  const auto* refusal = std::get_if<chat::Refusal>(&part.content);
  return refusal != nullptr ? std::string_view(refusal->text) : std::string_view();
}

void RenderPart(const chat::Part& part, Source source, Writer& out) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    out.Raw(raw->json);
    return;
  }
  out.BeginObject();
  if (const auto* media = std::get_if<Media>(&part.content)) {
    RenderMedia(*media, out);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    RenderThinking(*thought, out);
  } else {
    out.Key("type").String("text").Key("text").String(TextIn(part));
  }
  RenderKnown(Place::kPart, part.extra, source, out);
  out.EndObject();
}

}  // namespace signalbox::mistral
