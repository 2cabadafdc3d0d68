// A rate as a word of a row, both ways, and what reading words needs.
//
// Owner:   the caller. Threads: any. Cancel: nothing to undo.
// Errors:  kInvalidRequest that names the word that cannot be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "vendors/catalog/price.h"

namespace signalbox::catalog {

// One rate: "input=2.5", "output>200k@batch=7.5". Tokens and characters in US dollars per million,
// pictures, seconds, searches and calls in US dollars each.
core::Result<Rate> ReadRate(std::string_view word);
std::string RateText(const Rate& rate);

// "200k" and "128000" are numbers of tokens; nullopt: neither.
std::optional<std::uint32_t> ReadTokens(std::string_view text);

// "'colour=red': expected …"
std::unexpected<core::Error> Wrong(std::string_view word, std::string_view expected);

}  // namespace signalbox::catalog
