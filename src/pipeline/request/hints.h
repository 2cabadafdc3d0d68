// Request hints (SPEC R-10): what a caller may ask for beside the body, as `x-signalbox-<hint>`
// fields or under the same names in the body's `metadata`.
//
// Pure. Errors: kInvalidRequest names the hint whose value cannot be understood. Views stay those
// of the value that was given.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/core/error.h"
#include "pipeline/request/attribution.h"
#include "pipeline/request/cache_wish.h"

namespace signalbox::request {

struct Hints {
  std::string_view model;                               // preferred, when the body says `auto`
  std::optional<std::chrono::nanoseconds> max_latency;  // for the whole call
  Labels labels;  // x-signalbox-user is the end user, -task also what `auto` is to do

  CacheWish cache;  // x-signalbox-cache-control, and the field cache-control

  // Takes from `other` what is not set here; of the cache, what it restricts too.
  void AddMissing(const Hints& other);
};

// Takes one field or metadata member into `out`; names that are no hint are left alone.
core::Status ReadHint(std::string_view name, std::string_view value, Hints& out);

}  // namespace signalbox::request
