#include "pipeline/request/cache_wish.h"

#include <algorithm>
#include <charconv>

#include "base/config/values.h"
#include "io/net/http_head.h"

namespace signalbox::request {
namespace {

using Duration = std::optional<std::chrono::nanoseconds>;
constexpr std::int64_t kMostSeconds = std::int64_t{3} * 365 * 24 * 3600;

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t") + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

Duration ReadDuration(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    return seconds < 0 ? Duration()
                       : Duration(std::chrono::seconds(std::min(seconds, kMostSeconds)));
  }
  const Duration read = config::ParseDuration(text);
  return read && read->count() >= 0 ? read : std::nullopt;
}

Duration Shorter(const Duration& one, const Duration& other) {
  return one && other ? std::min(*one, *other) : (one ? one : other);
}

// One directive; false: it is not known, or its value is none.
bool ReadDirective(std::string_view text, CacheWish& out) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = Trimmed(text.substr(0, equals));
  const std::string_view value = Trimmed(text.substr(std::min(equals + 1, text.size())));
  const auto is = [&](std::string_view known) { return net::EqualsIgnoreCase(name, known); };
  if (is("max-age") || is("ttl")) {
    const Duration read = ReadDuration(value);
    Duration& slot = is("ttl") ? out.ttl : out.max_age;
    slot = Shorter(slot, read);
    return read.has_value();
  }
  if (equals != text.size() || !(is("no-cache") || is("no-store") || is("cache"))) {
    return false;
  }
  out.no_cache |= is("no-cache");
  out.no_store |= is("no-store");
  out.asked |= is("cache");
  return true;
}

// Calls read(directive) for each until it says false.
template <typename Read>
bool ForEachDirective(std::string_view value, Read read) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view each = Trimmed(value.substr(0, comma));
    if (!each.empty() && !read(each)) {
      return false;
    }
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return true;
}

}  // namespace

void CacheWish::Add(const CacheWish& other) {
  asked |= other.asked;
  no_cache |= other.no_cache;
  no_store |= other.no_store;
  ttl = Shorter(ttl, other.ttl);
  max_age = Shorter(max_age, other.max_age);
}

core::Status ReadCacheHint(std::string_view value, CacheWish& out) {
  if (!ForEachDirective(value, [&](std::string_view each) { return ReadDirective(each, out); })) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "x-signalbox-cache-control: expected some of cache, no-cache, no-store, "
                      "ttl=10m and max-age=1h, separated by commas",
                      "x-signalbox-cache-control");
  }
  out.asked |= out.ttl.has_value() || out.max_age.has_value();
  return {};
}

void ReadCacheControl(std::string_view value, CacheWish& out) {
  CacheWish said;
  ForEachDirective(value, [&](std::string_view each) { return ReadDirective(each, said) || true; });
  said.asked = false;  // `cache` and `ttl` are none of HTTP's words
  said.ttl.reset();
  out.Add(said);
}

}  // namespace signalbox::request
