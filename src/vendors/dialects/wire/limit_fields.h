// Header fields about rate limits, from one vendor's names and forms to another's.
//
// Owner: the caller. Threads: any. Errors: none; a field that says nothing of limits is nullopt.
// Cancel: nothing to undo.
// Source: OpenAI API, rate limits in headers (x-ratelimit-…, resets as durations, "6m0s");
// Anthropic API, response headers (anthropic-ratelimit-…, resets as RFC 3339 times).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/time.h"

namespace signalbox::wire {

struct LimitField {
  enum class Of : std::uint8_t { kRequests, kTokens, kInputTokens, kOutputTokens };
  enum class What : std::uint8_t { kLimit, kRemaining, kReset };
  Of of = Of::kRequests;
  What what = What::kLimit;
  std::string count;                   // kLimit, kRemaining: as written
  std::chrono::milliseconds reset{0};  // kReset: from now on
};

std::optional<LimitField> ReadLimitField(std::string_view name, std::string_view value,
                                         core::WallTime now);

// In the words of Anthropic for its dialect, of OpenAI for every other one.
std::string_view LimitFieldName(const LimitField& field, std::string_view dialect);
std::string LimitFieldValue(const LimitField& field, std::string_view dialect, core::WallTime now);

}  // namespace signalbox::wire
