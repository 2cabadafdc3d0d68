// Bedrock's words for kinds of files, and media types.
#include "vendors/dialects/bedrock/media.h"

namespace signalbox::bedrock {
namespace {

using chat::Media;
using chat::MediaKind;

struct Format {
  MediaKind kind;
  std::string_view word;
  std::string_view media_type;
};

constexpr Format kFormats[] = {
    {MediaKind::kImage, "png", "image/png"},
    {MediaKind::kImage, "jpeg", "image/jpeg"},
    {MediaKind::kImage, "jpeg", "image/jpg"},
    {MediaKind::kImage, "gif", "image/gif"},
    {MediaKind::kImage, "webp", "image/webp"},
    {MediaKind::kDocument, "pdf", "application/pdf"},
    {MediaKind::kDocument, "csv", "text/csv"},
    {MediaKind::kDocument, "doc", "application/msword"},
    {MediaKind::kDocument, "docx",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {MediaKind::kDocument, "xls", "application/vnd.ms-excel"},
    {MediaKind::kDocument, "xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {MediaKind::kDocument, "html", "text/html"},
    {MediaKind::kDocument, "txt", "text/plain"},
    {MediaKind::kDocument, "md", "text/markdown"},
    {MediaKind::kDocument, "md", "text/x-markdown"},
    {MediaKind::kVideo, "mp4", "video/mp4"},
    {MediaKind::kVideo, "mov", "video/quicktime"},
    {MediaKind::kVideo, "mkv", "video/x-matroska"},
    {MediaKind::kVideo, "webm", "video/webm"},
    {MediaKind::kVideo, "flv", "video/x-flv"},
    {MediaKind::kVideo, "mpeg", "video/mpeg"},
    {MediaKind::kVideo, "mpg", "video/mpg"},
    {MediaKind::kVideo, "wmv", "video/x-ms-wmv"},
    {MediaKind::kVideo, "three_gp", "video/3gpp"},
    {MediaKind::kAudio, "mp3", "audio/mpeg"},
    {MediaKind::kAudio, "mp3", "audio/mp3"},
    {MediaKind::kAudio, "wav", "audio/wav"},
    {MediaKind::kAudio, "wav", "audio/x-wav"},
    {MediaKind::kAudio, "flac", "audio/flac"},
    {MediaKind::kAudio, "ogg", "audio/ogg"},
    {MediaKind::kAudio, "opus", "audio/opus"},
    {MediaKind::kAudio, "aac", "audio/aac"},
    {MediaKind::kAudio, "m4a", "audio/m4a"},
    {MediaKind::kAudio, "mp4", "audio/mp4"},
    {MediaKind::kAudio, "webm", "audio/webm"},
    {MediaKind::kAudio, "pcm", "audio/pcm"},
    {MediaKind::kAudio, "mka", "audio/x-matroska"},
};

struct Start {
  std::string_view base64;
  std::string_view word;
};
// How files begin, for senders that do not say what they send.
constexpr Start kStarts[] = {
    {"iVBORw0KGgo", "png"}, {"/9j/", "jpeg"},   {"R0lGOD", "gif"},
    {"UklGR", "webp"},      {"JVBERi0", "pdf"},
};

std::string_view WordOf(MediaKind kind, std::string_view media_type) {
  for (const Format& format : kFormats) {
    if (format.kind == kind && format.media_type == media_type) {
      return format.word;
    }
  }
  return {};
}

// The word itself, in static memory, when it is one of `kind`'s.
std::string_view Known(MediaKind kind, std::string_view word) {
  for (const Format& format : kFormats) {
    if (format.kind == kind && format.word == word) {
      return format.word;
    }
  }
  return {};
}

}  // namespace

std::string_view MediaTypeOf(MediaKind kind, std::string_view word) {
  for (const Format& format : kFormats) {
    if (format.kind == kind && format.word == word) {
      return format.media_type;
    }
  }
  return {};
}

std::string_view FormatOf(const Media& media) {
  const std::string_view type = media.media_type;
  const std::string_view bare = type.substr(0, type.find(';'));
  if (const auto word = WordOf(media.kind, bare); !word.empty()) {
    return word;
  }
  if (const auto word = Known(media.kind, media.format); !word.empty()) {
    return word;
  }
  if (media.kind == MediaKind::kDocument && bare.starts_with("text/")) {
    return "txt";
  }
  const std::string_view place = media.name.empty() ? media.url : media.name;
  if (const auto dot = place.rfind('.'); type.empty() && dot != std::string_view::npos) {
    if (const auto word = Known(media.kind, place.substr(dot + 1)); !word.empty()) {
      return word;
    }
  }
  for (const Start& start : kStarts) {
    if (type.empty() && media.data.starts_with(start.base64)) {
      return Known(media.kind, start.word);
    }
  }
  return {};
}

}  // namespace signalbox::bedrock
