// How many tokens a text is, near enough.
//
// Owner: nobody; pure functions. Threads: any. Errors: none; any bytes have a count.
// Cancel: nothing to undo.
//
// A stand-in for a real tokenizer until the catalogue has one; everybody in this folder asks here.
// Text is split the way byte-pair tokenizers split it first (a word with the space before it, up to
// three digits, a run of punctuation, a run of white space); a word of up to kWholeWord letters is
// one token, a longer one is cut every kWordPiece letters; outside ASCII a character is a token.
// The tokens of a text are the text, and so are those of any number of its first tokens.
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox::sim {

inline constexpr std::size_t kWholeWord = 8;
inline constexpr std::size_t kWordPiece = 6;

// Bytes of the first token of `text`, which is not empty. Never ends inside a character.
std::size_t FirstTokenSize(std::string_view text);

std::int64_t CountTokens(std::string_view text);

}  // namespace signalbox::sim
