#include "vendors/providers/sim/media_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "vendors/providers/sim/base64.h"

namespace signalbox::sim {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLookAt = 64 * 1024;  // bytes: a JPEG's size stands after its metadata

std::uint32_t Big(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::uint32_t Little16(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]) |
         static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + 1])) << 8;
}

// Walks a JPEG's segments (ITU T.81) to the first frame header.
std::optional<PictureSize> ReadJpegSize(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 9 <= bytes.size() && bytes[at] == '\xff') {
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    const bool frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      return PictureSize{Big(bytes, at + 7, 2), Big(bytes, at + 5, 2)};
    }
    at += 2 + Big(bytes, at + 2, 2);
  }
  return std::nullopt;
}

std::string_view KindName(chat::MediaKind kind) {
  switch (kind) {
    case chat::MediaKind::kImage:
      return "image";
    case chat::MediaKind::kAudio:
      return "audio";
    case chat::MediaKind::kDocument:
      return "document";
    case chat::MediaKind::kVideo:
      return "video";
  }
  return "media";
}

std::optional<PictureSize> SizeOf(const chat::Media& media) {
  if (media.kind != chat::MediaKind::kImage || media.data.empty()) {
    return std::nullopt;
  }
  return ReadPictureSize(DecodeBase64Start(media.data, kLookAt));
}

}  // namespace

std::optional<PictureSize> ReadPictureSize(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv) && bytes.size() >= 24) {
    return PictureSize{Big(bytes, 16, 4), Big(bytes, 20, 4)};
  }
  if ((bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) && bytes.size() >= 10) {
    return PictureSize{Little16(bytes, 6), Little16(bytes, 8)};
  }
  if (bytes.starts_with("\xff\xd8"sv)) {
    return ReadJpegSize(bytes);
  }
  return std::nullopt;
}

void AppendMediaFacts(std::string& out, const chat::Media& media) {
  out += '[';
  out += KindName(media.kind);
  if (const auto size = SizeOf(media)) {
    fmt::format_to(std::back_inserter(out), " {}x{}", size->width, size->height);
  } else if (const auto& fact = !media.name.empty() ? media.name : media.format; !fact.empty()) {
    out += ' ';
    out += fact;
  }
  out += ']';
}

std::int64_t CountMediaTokens(const chat::Media& media) {
  constexpr std::int64_t kBase = 85;
  constexpr std::int64_t kPerTile = 170;
  static constexpr std::int64_t kLargest = 2048;  // pixels; larger pictures are scaled down to it
  constexpr std::size_t kBytesPerToken = 100;
  if (media.kind != chat::MediaKind::kImage) {
    return kBase + static_cast<std::int64_t>(media.data.size() / kBytesPerToken);
  }
  if (media.detail == "low") {
    return kBase;
  }
  const auto size = SizeOf(media).value_or(PictureSize{512, 512});
  const auto tiles = [](std::uint32_t pixels) {
    return (std::min<std::int64_t>(pixels, kLargest) + 511) / 512;
  };
  return kBase + kPerTile * tiles(size.width) * tiles(size.height);
}

}  // namespace signalbox::sim
