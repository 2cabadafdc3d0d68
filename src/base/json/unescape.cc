#include "base/json/unescape.h"

#include <cstdint>

namespace signalbox::json {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

constexpr std::uint32_t HexDigit(char c) {
  const auto digit = static_cast<std::uint32_t>(c);
  return c <= '9' ? digit - '0' : (digit | 0x20U) - 'a' + 10;
}

// The code unit of "\uXXXX" at `at`, where the validator saw four digits.
std::uint32_t CodeUnit(std::string_view text, std::size_t at) {
  return HexDigit(text[at + 2]) << 12U | HexDigit(text[at + 3]) << 8U |
         HexDigit(text[at + 4]) << 4U | HexDigit(text[at + 5]);
}

constexpr bool IsHighSurrogate(std::uint32_t unit) {
  return (unit & 0xfc00U) == 0xd800U;
}

constexpr bool IsLowSurrogate(std::uint32_t unit) {
  return (unit & 0xfc00U) == 0xdc00U;
}

void AppendUtf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    out += static_cast<char>(0xc0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      out += static_cast<char>(0xe0U | code >> 12U);
    } else {
      out += static_cast<char>(0xf0U | code >> 18U);
      out += static_cast<char>(0x80U | (code >> 12U & 0x3fU));
    }
    out += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
  }
  out += static_cast<char>(0x80U | (code & 0x3fU));
}

// Appends what the \u at `at` means and returns the position after it, or after the pair.
std::size_t AppendCodePoint(std::string& out, std::string_view text, std::size_t at) {
  const std::uint32_t unit = CodeUnit(text, at);
  const std::size_t after = at + 6;
  if (IsHighSurrogate(unit) && text.substr(after, 2) == "\\u") {
    const std::uint32_t second = CodeUnit(text, after);
    if (IsLowSurrogate(second)) {
      AppendUtf8(out, 0x10000 + ((unit & 0x3ffU) << 10U) + (second & 0x3ffU));
      return after + 6;
    }
  }
  AppendUtf8(out, IsHighSurrogate(unit) || IsLowSurrogate(unit) ? kReplacement : unit);
  return after;
}

constexpr char ShortEscape(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;  // the quote, the backslash and the slash stand for themselves
  }
}

}  // namespace

void AppendUnescaped(std::string& out, std::string_view inside) {
  std::size_t at = 0;
  while (true) {
    const std::size_t backslash = inside.find('\\', at);
    if (backslash == std::string_view::npos) {
      out.append(inside.substr(at));
      return;
    }
    out.append(inside, at, backslash - at);
    if (inside[backslash + 1] == 'u') {
      at = AppendCodePoint(out, inside, backslash);
    } else {
      out += ShortEscape(inside[backslash + 1]);
      at = backslash + 2;
    }
  }
}

}  // namespace signalbox::json
