// What a key looks like that nobody can have meant: for `signalbox doctor`, before it is sent
// anywhere.
//
// Threads: pure. Errors: none. No sentence repeats any of the key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox::cli {

struct OddKey {
  std::string found;  // "has a quotation mark at its end"
  std::string next;
  bool certain = true;  // no key looks like that; else it only looks as if it were another's
};

// `vendor`: whose key it should be, as the catalogue names them; empty when that is not known.
std::optional<OddKey> WhatIsOddAbout(std::string_view key, std::string_view vendor);

}  // namespace signalbox::cli
