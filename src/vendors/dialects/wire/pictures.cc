#include "vendors/dialects/wire/pictures.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace signalbox::wire {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::int64_t kLongestSide = 16384;

std::optional<std::pair<std::int64_t, std::int64_t>> Pair(std::string_view text, char between) {
  std::int64_t first = 0;
  std::int64_t second = 0;
  const char* const end = text.data() + text.size();
  const auto left = std::from_chars(text.data(), end, first);
  if (left.ec != std::errc() || left.ptr == end || *left.ptr != between) {
    return std::nullopt;
  }
  const auto right = std::from_chars(left.ptr + 1, end, second);
  return right.ec == std::errc() && right.ptr == end && first > 0 && second > 0
             ? std::optional(std::pair(first, second))
             : std::nullopt;
}

void NoteDropped(const chat::ImagesRequest& request, std::vector<std::string>& dropped) {
  const auto note = [&](std::string_view name, const std::string& value) {
    if (!value.empty() && value != "auto") {
      dropped.emplace_back(name);
    }
  };
  note("style", request.style);
  note("background", request.background);
  note("moderation", request.moderation);
  note("output_format", request.output_format);
  note("user", request.user);
  if (request.output_compression) {
    dropped.emplace_back("output_compression");
  }
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

}  // namespace

core::Status CheckPictures(const chat::ImagesRequest& request, std::string_view title,
                           std::int64_t most, std::vector<std::string>& dropped) {
  const auto refuse = [&](std::string_view name, std::string_view why) {
    return Fail(ErrorCode::kInvalidRequest, fmt::format("{}: {} {}", name, title, why),
                std::string(name));
  };
  const std::int64_t n = request.n.value_or(1);
  if (n < 1 || n > most) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("n: {} makes {} a call", title,
                            most == 1 ? "one picture" : fmt::format("1 to {} pictures", most)),
                "n");
  }
  if (request.response_format == "url") {
    return refuse("response_format", "has no URLs of pictures, ask for b64_json");
  }
  if (request.stream) {
    return refuse("stream", "does not stream pictures");
  }
  if (request.background == "transparent") {
    return refuse("background", "cannot make it transparent");
  }
  NoteDropped(request, dropped);
  return {};
}

core::Result<std::optional<PictureSize>> SizeOf(const chat::ImagesRequest& request) {
  if (request.size.empty() || request.size == "auto") {
    return std::nullopt;
  }
  const auto sides = Pair(request.size, 'x');
  if (!sides || sides->first > kLongestSide || sides->second > kLongestSide) {
    return Fail(ErrorCode::kInvalidRequest, "size: auto or <width>x<height> was expected", "size");
  }
  return PictureSize{sides->first, sides->second};
}

std::string_view NearestRatio(const PictureSize& size, std::span<const std::string_view> ratios) {
  const double wanted =
      std::log(static_cast<double>(size.width) / static_cast<double>(size.height));
  double least = std::numeric_limits<double>::max();
  std::string_view nearest;
  for (const std::string_view ratio : ratios) {
    const auto sides = Pair(ratio, ':');
    const double off = sides ? std::abs(wanted - std::log(static_cast<double>(sides->first) /
                                                          static_cast<double>(sides->second)))
                             : least;
    if (off < least) {
      least = off;
      nearest = ratio;
    }
  }
  return nearest;
}

bool WantsBest(std::string_view quality) {
  return quality == "hd" || quality == "high";
}

bool WantsLess(std::string_view quality) {
  return quality == "low";
}

std::string_view PictureType(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) {
    return "image/png";
  }
  if (bytes.starts_with("\xFF\xD8\xFF")) {
    return "image/jpeg";
  }
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) {
    return "image/webp";
  }
  return bytes.starts_with("GIF8") ? "image/gif" : "";
}

}  // namespace signalbox::wire
