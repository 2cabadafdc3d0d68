#include "base/json/flaw.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/json/unescape.h"

namespace signalbox::json {
namespace {

constexpr std::size_t kKeyNameLimit = 40;

constexpr std::string_view Sentence(Reason reason) {
  switch (reason) {
    case Reason::kEmpty:
      return "the text is empty, a value was expected";
    case Reason::kByteOrderMark:
      return "a byte order mark is not allowed";
    case Reason::kValue:
      return "a value was expected";
    case Reason::kKey:
      return "a key in double quotes was expected";
    case Reason::kKeyOrClose:
      return "a key in double quotes or '}' was expected";
    case Reason::kColon:
      return "a colon was expected after the key";
    case Reason::kCommaOrBrace:
      return "a comma or '}' was expected";
    case Reason::kCommaOrBracket:
      return "a comma or ']' was expected";
    case Reason::kTextAfterValue:
      return "nothing may follow the value";
    case Reason::kControlCharacter:
      return "a control character in a string must be written as an escape";
    case Reason::kEscape:
      return "this escape is not one of JSON's";
    case Reason::kHexDigits:
      return "four hexadecimal digits were expected after \\u";
    case Reason::kOpenString:
      return "this string is not closed";
    case Reason::kDigit:
      return "a digit was expected";
    case Reason::kLeadingZero:
      return "a number must not start with a zero that others follow";
    case Reason::kNotUtf8:
      return "the text is not UTF-8 here";
    case Reason::kTooDeep:
    case Reason::kDuplicateKey:
    case Reason::kNone:
      break;
  }
  return "this is not JSON";
}

std::string PrintableName(std::string_view raw_key) {
  std::string name;
  AppendUnescaped(name, raw_key.substr(1, raw_key.size() - 2));
  const bool cut = name.size() > kKeyNameLimit;
  name.resize(std::min(name.size(), kKeyNameLimit));
  for (char& c : name) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') {
      c = '?';
    }
  }
  return cut ? name + "..." : name;
}

std::string Explain(std::string_view text, const Flaw& flaw, std::uint32_t max_depth,
                    std::string_view key_name) {
  if (flaw.reason == Reason::kTooDeep) {
    return fmt::format("arrays and objects are nested deeper than {} levels", max_depth);
  }
  if (flaw.reason == Reason::kDuplicateKey) {
    return fmt::format("the key \"{}\" stands twice", key_name);
  }
  const bool at_end = flaw.offset == text.size() && flaw.reason != Reason::kEmpty;
  return fmt::format("{}{}", Sentence(flaw.reason), at_end ? ", but the text ends" : "");
}

}  // namespace

core::Error ToError(std::string_view text, const Flaw& flaw, std::uint32_t max_depth) {
  const std::string_view before = text.substr(0, flaw.offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column =
      1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                        [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0U) != 0x80U; });
  core::Error error;
  error.code = core::ErrorCode::kInvalidRequest;
  if (flaw.reason == Reason::kDuplicateKey) {
    error.param = PrintableName(flaw.key);
  }
  error.message = fmt::format("invalid JSON at line {}, column {}: {}", line, column,
                              Explain(text, flaw, max_depth, error.param));
  return error;
}

}  // namespace signalbox::json
