// How long an upstream asks to be left alone: Retry-After and the vendors' own fields.
//
// Pure; `wall_now` is the moment at which the answer came.
// Errors:  what cannot be understood is nullopt, as if it had not been sent.
//
// An answer is never negative and never longer than kLongestRetryAfter; how far it is honoured is
// the policy's business (RetryOptions::max_rest, max_wait).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/core/time.h"

namespace signalbox::execution {

inline constexpr std::chrono::nanoseconds kLongestRetryAfter = std::chrono::hours(24);

// Seconds ("120", "1.5") or a date in any of HTTP's forms. A date in the past is 0.
std::optional<std::chrono::nanoseconds> ParseRetryAfter(std::string_view text,
                                                        core::WallTime wall_now);

// x-ratelimit-reset-…: "6m0s", "59.5s", "120ms" (OpenAI, Groq), a date (Anthropic), seconds, or a
// point in time in seconds or milliseconds since 1970 (OpenRouter).
std::optional<std::chrono::nanoseconds> ParseReset(std::string_view text, core::WallTime wall_now);

// Gathers what an answer's fields say.
class RetryHints {
 public:
  explicit RetryHints(core::WallTime wall_now) : wall_now_(wall_now) {}

  // One field of the answer; names are compared without case, those that say nothing are ignored.
  void Take(std::string_view name, std::string_view value);

  // retry-after-ms, else Retry-After, else the latest reset of a limit that has nothing left.
  std::optional<std::chrono::nanoseconds> Wait() const;

 private:
  enum class Unit : std::uint8_t { kRequests, kTokens, kOther };
  static constexpr std::size_t kUnits = 3;
  struct Limit {
    bool spent = false;
    std::optional<std::chrono::nanoseconds> reset;
  };

  void TakeLimit(std::string_view name, std::string_view value);

  core::WallTime wall_now_;
  std::optional<std::chrono::nanoseconds> millis_;
  std::optional<std::chrono::nanoseconds> retry_after_;
  Limit limits_[kUnits];
};

}  // namespace signalbox::execution
