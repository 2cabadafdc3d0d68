#include "vendors/tokens/merge.h"

#include <gtest/gtest.h>

#include <random>

#include "vendors/tokens/vocabulary_testing.h"

namespace signalbox::tokens {
namespace {

const std::vector<std::string> kMerges = {"ab",   "bc",  "aa",  "abab", "cc",
                                          "aaaa", "bca", "abc", "ca"};

std::string RandomPiece(std::mt19937& random, std::size_t size) {
  std::string piece;
  for (std::size_t i = 0; i < size; ++i) {
    piece += "abcd"[random() % 4];
  }
  return piece;
}

TEST(Merge, GivesTheTokensOfTheRuleForPiecesOfEveryLength) {
  const SmallVocabulary vocabulary(kMerges);
  const Ranks& ranks = vocabulary.ranks();
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const std::string piece = RandomPiece(random, 1 + random() % (2 * kShortPiece + 20));
    std::vector<Rank> expected;
    for (const std::string& part : MergeByTheRule(ranks, piece)) {
      expected.push_back(ranks.Find(part));
    }
    if (const Rank whole = ranks.Find(piece); whole != kNoRank) {
      expected = {whole};
    }
    ASSERT_EQ(EncodePiece(ranks, piece), expected) << piece;
    ASSERT_EQ(CountPiece(ranks, piece), expected.size()) << piece;
  }
}

TEST(Merge, TakesAWholePieceThatIsAToken) {
  const SmallVocabulary vocabulary({"xyz"});  // no pair leads there
  EXPECT_EQ(CountPiece(vocabulary.ranks(), "xyz"), 1U);
  EXPECT_EQ(CountPiece(vocabulary.ranks(), "xyzx"), 4U);
}

TEST(Merge, LooksAtAFewNeighboursPerByteHoweverLongThePiece) {
  const SmallVocabulary vocabulary({"aa", "aaaa", "aaaaaaaa"});
  for (std::size_t size = 1000; size <= 1'000'000; size *= 10) {
    std::uint64_t steps = 0;
    EXPECT_EQ(CountPiece(vocabulary.ranks(), std::string(size, 'a'), &steps), size / 8);
    EXPECT_LE(steps, 6 * size);
    EXPECT_GE(steps, size);
  }
}

TEST(Merge, ShortPiecesCostAtMostTheirSquare) {
  const SmallVocabulary vocabulary({"aa"});
  std::uint64_t steps = 0;
  CountPiece(vocabulary.ranks(), std::string(kShortPiece, 'a'), &steps);
  EXPECT_LE(steps, kShortPiece * kShortPiece);
}

TEST(Merge, CutsWhatIsLongerThanTheLongestPart) {
  const SmallVocabulary vocabulary({"aa"});
  EXPECT_EQ(CountPiece(vocabulary.ranks(), std::string(kLongestPart + 3, 'a')),
            kLongestPart / 2 + 2);
}

}  // namespace
}  // namespace signalbox::tokens
