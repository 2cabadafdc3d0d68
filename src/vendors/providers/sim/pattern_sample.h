// A text that a regular expression accepts.
//
// Owner: the caller. Threads: any. Errors: nullopt for what is not understood.
// Cancel: nothing to undo.
//
// Understood: literals, classes with ranges and negation, \d \w \s and their opposites, the dot,
// groups, alternatives, quantifiers, ^ and $. Not: look-around, back-references, \b, \p{…}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::sim {

// Open-ended quantifiers repeat `extra` times over their least, as far as they allow.
std::optional<std::string> SamplePattern(std::string_view pattern, std::uint64_t seed,
                                         std::uint32_t extra);

}  // namespace signalbox::sim
