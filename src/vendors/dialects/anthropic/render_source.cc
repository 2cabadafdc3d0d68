#include "vendors/dialects/anthropic/render_source.h"

#include <optional>
#include <string_view>
#include <utility>

#include "vendors/dialects/wire/adapt_media.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Media;
using json::Writer;

constexpr std::string_view kPdf = "application/pdf";

// The first digits of the Base64 of each format's first bytes.
constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
    {"iVBORw0KGgo", "image/png"}, {"/9j/", "image/jpeg"}, {"R0lGOD", "image/gif"},
    {"UklGR", "image/webp"},      {"JVBERi", kPdf},
};

std::string_view MediaTypeOf(const Media& media) {
  if (!media.media_type.empty()) {
    return media.media_type == "image/jpg" ? "image/jpeg" : std::string_view(media.media_type);
  }
  for (const auto& [sign, type] : kSigns) {
    if (media.data.starts_with(sign)) {
      return type;
    }
  }
  if (media.kind == chat::MediaKind::kImage) {
    return "image/png";
  }
  return media.name.ends_with(".txt") || media.name.ends_with(".md") ? "text/plain" : kPdf;
}

void RenderSource(const Media& media, bool own, Writer& out) {
  out.Key("source").BeginObject().Key("type");
  if (!media.url.empty()) {
    out.String("url").Key("url").String(media.url);
  } else if (!media.file_id.empty()) {
    out.String("file").Key("file_id").String(media.file_id);
  } else if (const auto text = wire::TextOfDocument(media)) {
    out.String("text").Key("media_type").String("text/plain").Key("data").String(*text);
  } else {
    out.String("base64").Key("media_type").String(MediaTypeOf(media));
    out.Key("data").String(media.data);
  }
  wire::RenderExtra(media.inner_extra, own, out);
  out.EndObject();
}

}  // namespace

void RenderMedia(const Media& media, bool own, Writer& out) {
  const bool image = media.kind == chat::MediaKind::kImage;
  out.Key("type").String(image ? "image" : "document");
  RenderSource(media, own, out);
  if (!image) {
    wire::RenderText("title", media.name, out);
  }
}

core::Status CheckMedia(const Media& media, const std::string& path) {
  if (!media.url.empty() && !media.url.starts_with("http")) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      path + ": Anthropic Messages takes http addresses, not " +
                          media.url.substr(0, media.url.find(':') + 1),
                      path);
  }
  const bool inline_document =
      media.kind == chat::MediaKind::kDocument && media.url.empty() && media.file_id.empty();
  if (!inline_document || MediaTypeOf(media) == kPdf || wire::TextOfDocument(media)) {
    return {};
  }
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    path + ": Anthropic Messages takes documents as PDF or as text, not as " +
                        std::string(MediaTypeOf(media)),
                    path);
}

}  // namespace signalbox::anthropic
