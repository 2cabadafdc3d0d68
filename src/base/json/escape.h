// The extent of one escape in a string, as RFC 8259 allows it.
//
// Owner: the caller. Threads: any. Errors: by return value. Cancel: nothing to undo.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/json/flaw.h"

namespace signalbox::json {

// Bytes of an escape by the letter after the backslash; 0: there is no such escape.
inline constexpr std::array<std::uint8_t, 256> kEscapeSizes = [] {
  std::array<std::uint8_t, 256> sizes{};
  for (const char letter : std::string_view("\"\\/bfnrt")) {
    sizes[static_cast<std::uint8_t>(letter)] = 2;
  }
  sizes['u'] = 6;
  return sizes;
}();

constexpr bool IsHexDigit(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

struct EscapeExtent {
  unsigned size;  // bytes, the backslash included
  Reason flaw = Reason::kNone;
};

// What the special byte at `p` in a string begins, when it is not the closing quote. The four
// digits after \u may be any: surrogates are not paired here.
constexpr EscapeExtent ScanEscape(const char* p, const char* end) {
  if (*p != '\\') {
    return {0, Reason::kControlCharacter};
  }
  if (p + 1 == end) {
    return {0, Reason::kEscape};
  }
  const unsigned size = kEscapeSizes[static_cast<std::uint8_t>(p[1])];
  if (size == 0) {
    return {0, Reason::kEscape};
  }
  if (size == 6 && (end - p < 6 || !std::all_of(p + 2, p + 6, IsHexDigit))) {
    return {0, Reason::kHexDigits};
  }
  return {size};
}

}  // namespace signalbox::json
