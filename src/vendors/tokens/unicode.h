// The classes of characters that the tokenizers' regular expressions tell apart, and UTF-8.
//
// Owner: nobody, constant tables. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Unicode 16, as in the reference. Categories that no expression tells apart share a class:
// Lu and Lt, Lm and Lo, all of M, all of N.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signalbox::tokens {

enum class CharClass : std::uint8_t {
  kOther,   // punctuation, symbols, controls, unassigned
  kSpace,   // \s: the property White_Space
  kNumber,  // \p{N}
  kUpper,   // \p{Lu} \p{Lt}
  kLower,   // \p{Ll}
  kLetter,  // \p{Lm} \p{Lo}: goes with both cases
  kMark,    // \p{M}: goes with both cases, and is no letter
};

constexpr bool IsLetter(CharClass c) {
  return c == CharClass::kUpper || c == CharClass::kLower || c == CharClass::kLetter;
}

CharClass ClassOf(char32_t point);

struct Glyph {
  char32_t point = 0;
  std::uint8_t size = 0;  // bytes; 0: the end of the text
  CharClass kind = CharClass::kOther;
};

constexpr std::array<CharClass, 128> kAsciiClasses = [] {
  std::array<CharClass, 128> classes{};
  for (int c = 0; c < 128; ++c) {
    classes[static_cast<std::size_t>(c)] = (c >= 9 && c <= 13) || c == ' ' ? CharClass::kSpace
                                           : c >= '0' && c <= '9'          ? CharClass::kNumber
                                           : c >= 'A' && c <= 'Z'          ? CharClass::kUpper
                                           : c >= 'a' && c <= 'z'          ? CharClass::kLower
                                                                           : CharClass::kOther;
  }
  return classes;
}();

// The character of two bytes or more at the start of `text`, which is UTF-8 and not empty.
Glyph LongGlyph(std::string_view text);

// The character at `offset` of `text`, which must be UTF-8.
inline Glyph GlyphAt(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) {
    return {};
  }
  const auto byte = static_cast<unsigned char>(text[offset]);
  return byte < 128 ? Glyph{byte, 1, kAsciiClasses[byte]} : LongGlyph(text.substr(offset));
}

}  // namespace signalbox::tokens
