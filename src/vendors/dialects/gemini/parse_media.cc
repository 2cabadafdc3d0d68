#include "vendors/dialects/gemini/parse_media.h"

#include <algorithm>

#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/gemini/object.h"

namespace signalbox::gemini {
namespace {

using chat::Media;
using chat::MediaKind;
using core::Status;
using json::Value;
using wire::Strictness;

constexpr wire::Field<Media> kMediaFields[] = {
    {"mimeType", [](const Value& v, Media& out) { return wire::ReadText(v, out.media_type); }},
    {"data", [](const Value& v, Media& out) { return wire::ReadText(v, out.data); }},
    {"fileUri", [](const Value& v, Media& out) { return wire::ReadText(v, out.url); }},
    {"displayName", [](const Value& v, Media& out) { return wire::ReadText(v, out.name); }},
};

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

MediaKind KindOf(const Media& media) {
  const std::string_view type = media.media_type;
  const std::string_view url = media.url;
  if (type.starts_with("image/") ||
      (type.empty() && EndsWithAny(url, {".png", ".jpg", ".jpeg", ".webp", ".gif", ".heic"}))) {
    return MediaKind::kImage;
  }
  if (type.starts_with("audio/") || (type.empty() && EndsWithAny(url, {".mp3", ".wav", ".ogg"}))) {
    return MediaKind::kAudio;
  }
  const bool tube = type.empty() && url.find("youtu") != std::string_view::npos;
  return type.starts_with("video/") || tube || (type.empty() && EndsWithAny(url, {".mp4"}))
             ? MediaKind::kVideo
             : MediaKind::kDocument;
}

// A file that nobody but Google can read; elsewhere it has no meaning.
bool IsGooglesFile(std::string_view uri) {
  return uri.starts_with("https://generativelanguage.googleapis.com/") || uri.starts_with("gs://");
}

}  // namespace

Status ParseMedia(const Value& value, Strictness strictness, Media& out) {
  SB_CHECK_OK(ReadMembers(value, kMediaFields, out, out.inner_extra, strictness));
  out.kind = KindOf(out);
  ToStandardBase64(out.data);
  const bool readable = out.kind == MediaKind::kImage || out.kind == MediaKind::kDocument;
  if (readable && IsGooglesFile(out.url)) {
    out.file_id = std::move(out.url);
    out.url.clear();
  }
  if (out.kind == MediaKind::kAudio && !out.data.empty()) {
    out.format = out.media_type.substr(std::min<std::size_t>(6, out.media_type.size()));
    out.format = out.format == "mpeg" ? "mp3" : out.format == "x-wav" ? "wav" : out.format;
  }
  return {};
}

}  // namespace signalbox::gemini
