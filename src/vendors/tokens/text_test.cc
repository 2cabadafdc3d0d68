// Exact counts: the vectors that the encodings' publisher tests with, and what they imply.
#include "vendors/tokens/text.h"

#include <gtest/gtest.h>

#include <string>

#include "vendors/tokens/repair.h"
#include "vendors/tokens/vocabulary_testing.h"

namespace signalbox::tokens {
namespace {

using namespace std::string_literals;

class Text : public testing::Test {
 protected:
  void SetUp() override {
    if (!vocabulary_) {
      GTEST_SKIP() << "skipped: no vocabulary in this build (scripts/fetch_vocabulary)";
    }
  }
  std::vector<Rank> Old(std::string_view text) {
    return EncodeText(*vocabulary_, Encoding::kCl100k, text);
  }
  std::vector<Rank> New(std::string_view text) {
    return EncodeText(*vocabulary_, Encoding::kO200k, text);
  }
  std::optional<Vocabulary> vocabulary_ = BuiltVocabulary();
};

using Ranks_ = std::vector<Rank>;

TEST_F(Text, HasThePublishedVocabularies) {
  EXPECT_EQ(vocabulary_->Of(Encoding::kCl100k).token_count(), 100'256U);
  EXPECT_EQ(vocabulary_->Of(Encoding::kO200k).token_count(), 199'998U);
}

TEST_F(Text, GivesThePublishedTokensOfCl100k) {
  EXPECT_EQ(Old("hello world"), (Ranks_{15339, 1917}));
  EXPECT_EQ(Old("rer"), (Ranks_{38149}));
  EXPECT_EQ(Old("'rer"), (Ranks_{2351, 81}));
  EXPECT_EQ(Old("today\n "), (Ranks_{31213, 198, 220}));
  EXPECT_EQ(Old("today\n \n"), (Ranks_{31213, 27907}));
  EXPECT_EQ(Old("today\n  \n"), (Ranks_{31213, 14211}));
  EXPECT_EQ(Old(" \xC2\x85"s + "0"), (Ranks_{220, 126, 227, 15}));
  EXPECT_EQ(Old("👍"), (Ranks_{9468, 239, 235}));
  EXPECT_EQ(Old(""), Ranks_{});
}

TEST_F(Text, GivesTheTokensOfO200k) {
  EXPECT_EQ(New("hello world"), (Ranks_{24912, 2375}));
  EXPECT_EQ(New("rer"), (Ranks_{27653}));
  EXPECT_EQ(New("'rer"), (Ranks_{15770, 259}));
  EXPECT_EQ(New("today\n \n"), (Ranks_{58744, 47812}));
  EXPECT_EQ(New("👍"), (Ranks_{82514}));
}

TEST_F(Text, MarkersArePlainText) {
  EXPECT_GT(Old("<|endoftext|>").size(), 1U);
  EXPECT_GT(New("<|im_start|>").size(), 1U);
}

TEST_F(Text, WhatIsNotUtf8CountsAsReplacementCharacters) {
  EXPECT_EQ(Old("\xED\xA0\xBD"), Old("\uFFFD\uFFFD\uFFFD"));  // a lone surrogate: three flaws
  EXPECT_EQ(New("a\xFF"
                "b"),
            New("a\uFFFDb"));
  EXPECT_EQ(New("\xF0\x9F\x91"), New("\uFFFD"));  // cut short: one
}

TEST_F(Text, AMebibyteOfOneLetterIsCounted) {
  for (const Encoding encoding : kEncodings) {
    const std::size_t eight = CountText(*vocabulary_, encoding, std::string(8 << 10, 'a'));
    const std::size_t all = CountText(*vocabulary_, encoding, std::string(1 << 20, 'a'));
    EXPECT_GE(all, eight * 127);
    EXPECT_LE(all, eight * 129);
  }
}

TEST_F(Text, CountsWhatItEncodes) {
  for (const std::string_view text :
       {"x", "Съешь же ещё", "a\n\n\tb  c", "𝒳 = {1, 22, 333, 4444}"}) {
    EXPECT_EQ(CountText(*vocabulary_, Encoding::kO200k, text), New(text).size());
    EXPECT_EQ(CountText(*vocabulary_, Encoding::kCl100k, text), Old(text).size());
  }
}

TEST(RepairUtf8, ReplacesMaximalParts) {
  EXPECT_EQ(RepairUtf8("a\xF1\x80\x80\xE1\x80\xC2z"), "a\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(RepairUtf8("\xC0\xAF\xE0\x80\xBF"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(RepairUtf8("é€😀"), "é€😀");
  EXPECT_EQ(RepairUtf8("\xF4\x91\xF4"), "\uFFFD\uFFFD\uFFFD");
}

}  // namespace
}  // namespace signalbox::tokens
