// What a caller says about answers that are kept: in `x-signalbox-cache-control`, or in HTTP's own
// `cache-control`, of which only what restricts is heard.
//
// Pure. Errors: kInvalidRequest names what stands in our own field and is not known.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::request {

struct CacheWish {
  bool asked = false;     // `cache`, `ttl=…`, `max-age=…` in our own field: the cache is wanted
  bool no_cache = false;  // a new answer, which may be kept
  bool no_store = false;  // an answer that is neither taken from the cache nor kept
  std::optional<std::chrono::nanoseconds> ttl;      // how long it may be kept
  std::optional<std::chrono::nanoseconds> max_age;  // how old it may be

  // What both say.
  void Add(const CacheWish& other);
};

// `x-signalbox-cache-control: ttl=10m, max-age=1h`; durations without a unit are seconds.
core::Status ReadCacheHint(std::string_view value, CacheWish& out);
// `cache-control: no-cache`; what is not known is left alone, as RFC 9111 wants.
void ReadCacheControl(std::string_view value, CacheWish& out);

}  // namespace signalbox::request
