// Cuts a text into the pieces that byte pairs are merged in: what the published regular expression
// of an encoding matches, one match after the other, without a regular expression.
//
// Owner:   the caller; the text must outlive the scanner.
// Threads: one at a time.
// Errors:  none; the text must be UTF-8 (see repair.h).
// Cancel:  nothing to undo.
//
// Linear: a character is looked at a bounded number of times. The rules, in the order in which they
// are tried, stand in README.md.
#pragma once

#include <cstddef>
#include <string_view>

#include "vendors/tokens/encoding.h"
#include "vendors/tokens/unicode.h"

namespace signalbox::tokens {

class Scanner {
 public:
  Scanner(Encoding encoding, std::string_view text) : text_(text), encoding_(encoding) {}

  // The next piece; empty at the end. All pieces in their order are the text.
  std::string_view Next();

 private:
  // Each returns where a piece that starts at `begin` ends; 0 when its rule does not apply.
  std::size_t AnyWord(std::size_t begin, Glyph first) const;
  std::size_t CasedWord(std::size_t begin, Glyph first) const;
  std::size_t CasedLetters(std::size_t begin) const;
  std::size_t Contraction(std::size_t begin) const;
  std::size_t Digits(std::size_t begin) const;
  std::size_t Signs(std::size_t begin, Glyph first) const;
  std::size_t Space(std::size_t begin) const;

  std::string_view text_;
  std::size_t at_ = 0;
  Encoding encoding_;
};

}  // namespace signalbox::tokens
