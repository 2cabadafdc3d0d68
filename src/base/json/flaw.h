// What is wrong with a text and where, and the sentence that says so.
//
// Owner: the validator that found it; views live as long as the text. Threads: plain data.
// Errors: this is one. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::json {

enum class Reason : std::uint8_t {
  kNone,
  kEmpty,
  kByteOrderMark,
  kValue,
  kKey,
  kKeyOrClose,
  kColon,
  kCommaOrBrace,
  kCommaOrBracket,
  kTextAfterValue,
  kControlCharacter,
  kEscape,
  kHexDigits,
  kOpenString,
  kDigit,
  kLeadingZero,
  kTooDeep,
  kDuplicateKey,
  kNotUtf8,
};

struct Flaw {
  Reason reason = Reason::kNone;
  std::size_t offset = 0;
  std::string_view key;  // kDuplicateKey: as written, quotes included
};

// kInvalidRequest: "invalid JSON at line 3, column 14: a comma or '}' was expected". Lines end at
// line feeds, columns count characters, both from 1. A duplicate key's name is the only part of the
// text that is repeated: its first 40 characters, what is not printable ASCII as '?', also in
// `param`. Takes time linear in the offset.
core::Error ToError(std::string_view text, const Flaw& flaw, std::uint32_t max_depth);

}  // namespace signalbox::json
