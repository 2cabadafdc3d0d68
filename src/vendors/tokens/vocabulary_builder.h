// Makes a vocabulary file out of published ranks. Used by the build and by tests.
//
// Owner:   the caller. Threads: pure functions. Cancel: nothing to undo.
// Errors:  kInvalidRequest with the line for what is no list of ranks.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "vendors/tokens/layout.h"

namespace signalbox::tokens {

struct Token {
  std::string bytes;
  Rank rank = 0;
};

// The published form: a line per token, its bytes in Base64, a space, its rank. All 256 single
// bytes must be among the tokens, none twice.
core::Result<std::vector<Token>> ParseRanks(std::string_view text);

// The file, see layout.h; tokens by Encoding.
std::string BuildVocabulary(const std::array<std::vector<Token>, kSections>& tokens);

}  // namespace signalbox::tokens
