#include "pipeline/execution/retry_after.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "pipeline/execution/http_date.h"

namespace signalbox::execution {
namespace {

using std::chrono::nanoseconds;
using Duration = std::optional<nanoseconds>;

constexpr double kLongestSeconds = std::chrono::duration<double>(kLongestRetryAfter).count();
// Numbers this large are points in time: 2001 in seconds, and the same in milliseconds.
constexpr double kEpochSeconds = 1e9;
constexpr double kEpochMillis = 1e12;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kSpace), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool SameName(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, {}, Lower);
}

// Digits with at most one point; no sign, no exponent, no "inf".
std::optional<double> ParseNumber(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.begin(), text.end(), value, std::chars_format::fixed);
  if (end != text.end() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  return error == std::errc::result_out_of_range ? kLongestSeconds : value;
}

nanoseconds FromSeconds(double seconds) {
  return nanoseconds(
      static_cast<std::int64_t>(std::clamp(seconds, 0.0, kLongestSeconds) * 1'000'000'000));
}

nanoseconds Until(core::WallTime time, core::WallTime wall_now) {
  return std::clamp(nanoseconds(time - wall_now), nanoseconds(0), kLongestRetryAfter);
}

double SecondsSince1970(core::WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// Seconds of one unit; 0: not a unit.
double UnitSeconds(std::string_view unit) {
  return unit == "ms"                        ? 0.001
         : unit == "us" || unit == "\u00b5s" ? 0.000001
         : unit == "s"                       ? 1
         : unit == "m"                       ? 60
         : unit == "h"                       ? 3600
         : unit == "d"                       ? 86400
                                             : 0;
}

// "1h2m3.5s": a row of numbers with their units.
Duration ParseUnits(std::string_view text) {
  double seconds = 0;
  if (text.empty()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = ParseNumber(text.substr(0, digits));
    text.remove_prefix(digits);
    const std::size_t letters = std::min(text.find_first_of("0123456789."), text.size());
    const double unit = UnitSeconds(text.substr(0, letters));
    text.remove_prefix(letters);
    if (!number || unit == 0) {
      return std::nullopt;
    }
    seconds += *number * unit;
  }
  return FromSeconds(seconds);
}

}  // namespace

Duration ParseRetryAfter(std::string_view text, core::WallTime wall_now) {
  text = Trim(text);
  if (const auto seconds = ParseNumber(text)) {
    return FromSeconds(*seconds);
  }
  const auto date = ParseHttpDate(text, wall_now);
  return date ? Duration(Until(*date, wall_now)) : std::nullopt;
}

Duration ParseReset(std::string_view text, core::WallTime wall_now) {
  text = Trim(text);
  if (const auto number = ParseNumber(text)) {
    const double now = SecondsSince1970(wall_now);
    return FromSeconds(*number >= kEpochMillis    ? *number / 1000 - now
                       : *number >= kEpochSeconds ? *number - now
                                                  : *number);
  }
  if (const auto date = ParseRfc3339(text)) {
    return Until(*date, wall_now);
  }
  return ParseUnits(text);
}

void RetryHints::Take(std::string_view name, std::string_view value) {
  // Of all the fields of an answer few begin with these letters.
  const char first = name.empty() ? ' ' : Lower(name.front());
  if (first != 'r' && first != 'x' && first != 'a') {
    return;
  }
  if (SameName(name, "retry-after")) {
    retry_after_ = ParseRetryAfter(value, wall_now_);
  } else if (SameName(name, "retry-after-ms") || SameName(name, "x-ms-retry-after-ms")) {
    const auto millis = ParseNumber(Trim(value));
    millis_ = millis ? Duration(FromSeconds(*millis / 1000)) : std::nullopt;
  } else {
    TakeLimit(name, value);
  }
}

// x-ratelimit-reset-requests, x-ratelimit-remaining-tokens, anthropic-ratelimit-tokens-reset,
// x-ratelimit-reset, …: what they have in common is the words.
void RetryHints::TakeLimit(std::string_view name, std::string_view value) {
  char lower[64];
  if (name.size() > sizeof lower) {
    return;
  }
  std::ranges::transform(name, lower, Lower);
  const std::string_view text(lower, name.size());
  const auto has = [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  if (!has("ratelimit-")) {
    return;
  }
  const Unit unit = has("request") ? Unit::kRequests : has("token") ? Unit::kTokens : Unit::kOther;
  Limit& limit = limits_[static_cast<std::size_t>(unit)];
  if (has("-reset")) {
    limit.reset = std::max(limit.reset, ParseReset(value, wall_now_));
  } else if (has("-remaining")) {
    const auto left = ParseNumber(Trim(value));
    limit.spent = limit.spent || (left && *left < 1);
  }
}

Duration RetryHints::Wait() const {
  if (millis_) {
    return millis_;
  }
  if (retry_after_) {
    return retry_after_;
  }
  Duration longest;
  for (const Limit& limit : limits_) {
    if (limit.spent) {
      longest = std::max(longest, limit.reset);
    }
  }
  return longest;
}

}  // namespace signalbox::execution
