// Numbers as RFC 8259 writes them: their extent in a text, and their value.
//
// Owner: the caller. Threads: any. Errors: by return value. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json/flaw.h"

namespace signalbox::json {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

constexpr const char* SkipDigits(const char* p, const char* end) {
  while (p != end && IsDigit(*p)) {
    ++p;
  }
  return p;
}

struct NumberEnd {
  const char* at;  // after the number, or where it goes wrong
  Reason flaw = Reason::kNone;
};

// The end of the number that starts at `p` with a digit or a minus sign.
constexpr NumberEnd ScanNumber(const char* p, const char* end) {
  p += *p == '-' ? 1 : 0;
  const char* const whole = p;
  p = SkipDigits(p, end);
  if (p == whole) {
    return {p, Reason::kDigit};
  }
  if (*whole == '0' && p - whole > 1) {
    return {whole, Reason::kLeadingZero};
  }
  if (p != end && *p == '.') {
    const char* const fraction = ++p;
    p = SkipDigits(p, end);
    if (p == fraction) {
      return {p, Reason::kDigit};
    }
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    p += p != end && (*p == '+' || *p == '-') ? 1 : 0;
    const char* const exponent = p;
    p = SkipDigits(p, end);
    if (p == exponent) {
      return {p, Reason::kDigit};
    }
  }
  return {p};
}

// The value of a number that ScanNumber accepted. ToInt: nullopt with a fraction or an exponent, or
// out of range. ToDouble: the nearest double; too small is zero, too large is nullopt.
std::optional<std::int64_t> ToInt(std::string_view number);
std::optional<double> ToDouble(std::string_view number);

}  // namespace signalbox::json
