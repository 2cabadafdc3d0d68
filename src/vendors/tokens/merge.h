// Byte-pair merging of one piece.
//
// Owner: nobody. Threads: any. Errors: none. Cancel: nothing to undo.
//
// The rule: of all neighbours whose bytes together are a token, the two whose token has the lowest
// rank become one, the first such two where ranks are equal; again, until there are none. A piece
// of up to kShortPiece bytes is searched again for each merge; a longer one keeps its neighbours in
// a heap: n log n steps for n bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vendors/tokens/vocabulary.h"

namespace signalbox::tokens {

inline constexpr std::size_t kShortPiece = 64;

// A piece is merged in parts of this many bytes, so that memory (28 bytes for one of the piece, at
// worst) has a bound. A longer piece is a word of more than a million letters; each cut adds one
// token at most for every token that would have crossed it.
inline constexpr std::size_t kLongestPart = 1 << 20;

// Tokens of `piece`. Adds to `steps`, where given, the number of neighbours it looked at.
std::size_t CountPiece(const Ranks& ranks, std::string_view piece, std::uint64_t* steps = nullptr);

// The tokens' ranks, for tests and explanations.
std::vector<Rank> EncodePiece(const Ranks& ranks, std::string_view piece);

}  // namespace signalbox::tokens
