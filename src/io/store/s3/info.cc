#include "io/store/s3/info.h"

#include <charconv>
#include <optional>

#include "io/store/s3/answers.h"

namespace signalbox::s3 {
namespace {

std::unexpected<core::Error> Bad(std::string_view field) {
  return core::Fail(core::ErrorCode::kUpstreamProtocol,
                    "S3 answers without a right " + std::string(field));
}

std::optional<std::uint64_t> Number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  return error == std::errc() && end == text.end() ? std::optional(number) : std::nullopt;
}

// "bytes 10-19/300"
struct ContentRange {
  std::uint64_t begin;
  std::uint64_t size;
};
std::optional<ContentRange> ParseRange(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == text.npos || slash == text.npos || slash < dash) {
    return std::nullopt;
  }
  const auto begin = Number(text.substr(kUnit.size(), dash - kUnit.size()));
  const auto size = Number(text.substr(slash + 1));
  return begin && size ? std::optional(ContentRange{*begin, *size}) : std::nullopt;
}

}  // namespace

core::Result<store::ObjectInfo> InfoOf(const store::ObjectKey& key, const Answer& answer) {
  const auto range = ParseRange(answer.Get("content-range"));
  const auto length = Number(answer.Get("content-length"));
  store::ObjectInfo info{.key = key, .size = 0, .modified = {}, .etag = {}};
  if (answer.status == 206 ? !range : !length) {
    return Bad(answer.status == 206 ? "content-range" : "content-length");
  }
  info.size = answer.status == 206 ? range->size : *length;
  info.etag = WithoutQuotes(answer.Get("etag"));
  const auto modified = ParseHttpTime(answer.Get("last-modified"));
  if (info.etag.empty() || !modified) {
    return Bad(info.etag.empty() ? "etag" : "last-modified");
  }
  info.modified = *modified;
  return info;
}

core::Result<std::uint64_t> BeginOf(const Answer& answer) {
  if (answer.status != 206) {
    return 0;
  }
  const auto range = ParseRange(answer.Get("content-range"));
  return range ? core::Result<std::uint64_t>(range->begin) : Bad("content-range");
}

}  // namespace signalbox::s3
