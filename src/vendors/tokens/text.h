// Tokens of a text: scanner and merging together.
//
// Owner: nobody. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "vendors/tokens/encoding.h"
#include "vendors/tokens/vocabulary.h"

namespace signalbox::tokens {

// Markers such as <|endoftext|> are plain text here: a message cannot hold the real ones. What is
// not UTF-8 counts as U+FFFD.
std::size_t CountText(const Vocabulary& vocabulary, Encoding encoding, std::string_view text);

// The ranks themselves, for tests and explanations.
std::vector<Rank> EncodeText(const Vocabulary& vocabulary, Encoding encoding,
                             std::string_view text);

}  // namespace signalbox::tokens
