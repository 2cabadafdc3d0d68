// How many columns text takes on a terminal, and text that is made to fit.
//
// Threads: plain functions, no locale is needed. Errors: none; a byte that is no UTF-8 takes one
// column. The escape sequences that `Painted` writes take none.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::cli {

// Columns of `text`, a single line: two for wide East Asian characters and emoji, none for marks
// that combine.
int Width(std::string_view text);

// `text` cut to at most `columns` (at least 1), with "…" at its end when something is missing.
// Nothing is cut when `columns` is 0. `text` has no escape sequences.
std::string Cut(std::string_view text, int columns);

// `text` without what could move the cursor or end the line: control characters become spaces.
std::string Printable(std::string_view text);

// `text` broken between words into lines of at most `columns`; 0: as it is. What stands before it
// takes `indent` columns; every further line begins with that many spaces. Line ends in `text`
// stay, a word that is longer than a line (a path, an address) stays whole.
std::string Wrapped(std::string_view text, int columns, int indent);

}  // namespace signalbox::cli
