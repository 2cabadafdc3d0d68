// The text of a statement. It is written in the program and nowhere else: what a caller says goes
// into parameters, never into the text, and the compiler sees to it.
//
// Statements are written once for all engines: parameters are $1, $2, … (a number may stand several
// times), conflicts are ON CONFLICT …, and what a filter leaves open is `($1 IS NULL OR …)`.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::store {

class Statement {
 public:
  template <std::size_t N>
  consteval Statement(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT: from a literal

  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace signalbox::store
