// Vocabularies for tests: the built one, and a small one that needs no download.
//
// Owner: a test. Threads: one. Errors: none. Cancel: nothing to undo.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vendors/tokens/vocabulary.h"
#include "vendors/tokens/vocabulary_builder.h"

namespace signalbox::tokens {

// The vocabulary of the build; nullopt when there is none.
inline std::optional<Vocabulary> BuiltVocabulary() {
  auto vocabulary = Vocabulary::Open(SB_VOCABULARY);
  return vocabulary ? std::optional(std::move(*vocabulary)) : std::nullopt;
}

// All bytes, then `merges` in order of rank.
inline std::vector<Token> SmallTokens(const std::vector<std::string>& merges) {
  std::vector<Token> tokens;
  for (int byte = 0; byte < 256; ++byte) {
    tokens.push_back({std::string(1, static_cast<char>(byte)), static_cast<Rank>(byte)});
  }
  for (const std::string& merge : merges) {
    tokens.push_back({merge, static_cast<Rank>(tokens.size())});
  }
  return tokens;
}

// A vocabulary over memory of its own.
class SmallVocabulary {
 public:
  struct AsIs {};  // the bytes of a file, as they are

  explicit SmallVocabulary(const std::vector<std::string>& merges)
      : SmallVocabulary(BuildVocabulary({SmallTokens(merges), SmallTokens(merges)}), AsIs()) {}
  SmallVocabulary(const std::string& bytes, AsIs)
      : words_(Words(bytes)),
        vocabulary_(Vocabulary::Over(std::as_bytes(std::span(words_)).first(bytes.size()))) {}

  const core::Result<Vocabulary>& result() const { return vocabulary_; }
  const Ranks& ranks() const { return vocabulary_->Of(Encoding::kO200k); }

 private:
  static std::vector<std::uint64_t> Words(const std::string& bytes) {
    std::vector<std::uint64_t> words((bytes.size() + 7) / 8);
    std::ranges::copy(bytes, reinterpret_cast<char*>(words.data()));
    return words;
  }

  std::vector<std::uint64_t> words_;
  core::Result<Vocabulary> vocabulary_;
};

// The rule of merging, word for word and slowly.
inline std::vector<std::string> MergeByTheRule(const Ranks& ranks, std::string_view piece) {
  std::vector<std::string> parts;
  for (const char c : piece) {
    parts.emplace_back(1, c);
  }
  while (true) {
    std::size_t best = 0;
    Rank lowest = kNoRank;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      if (const Rank rank = ranks.Find(parts[i] + parts[i + 1]); rank < lowest) {
        lowest = rank;
        best = i;
      }
    }
    if (lowest == kNoRank) {
      return parts;
    }
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace signalbox::tokens
