#include "vendors/providers/sim/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace signalbox::sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> tokens;
  while (!text.empty()) {
    const std::size_t size = FirstTokenSize(text);
    tokens.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return tokens;
}

TEST(Tokens, SplitWordsDigitsMarksAndSpace) {
  EXPECT_THAT(Split("Hello, world!"), ElementsAre("Hello", ",", " world", "!"));
  EXPECT_THAT(Split("a 12345 b"), ElementsAre("a", " ", "123", "45", " b"));
  EXPECT_THAT(Split("a   b\n\n c"), ElementsAre("a", "  ", " b", "\n\n", " c"));
  EXPECT_THAT(Split("internationalization"), ElementsAre("intern", "ationa", "lization"));
  EXPECT_THAT(Split(" ((((((x"), ElementsAre(" ((((", "((", "x"));
  EXPECT_THAT(Split("日本 é"), ElementsAre("日", "本", " é"));
  EXPECT_THAT(Split(" "), ElementsAre(" "));
}

TEST(Tokens, EmptyTextHasNone) {
  EXPECT_EQ(CountTokens(""), 0);
}

TEST(Tokens, AnyBytesHaveACount) {
  EXPECT_THAT(Split(std::string("\xff\xc3\0x", 4)),
              ElementsAre("\xff", "\xc3", std::string("\0", 1), "x"));
}

TEST(Tokens, FirstTokensOfATextAreTheTokensOfItsStart) {
  const std::string text =
      "Extraordinarily  long words, 1234567 numbers;\n\n   code(){ return x; } ünïcödé 日本語 "
      "!!!!!!";
  const auto whole = Split(text);
  std::string start;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    start += whole[i];
    EXPECT_EQ(CountTokens(start), static_cast<std::int64_t>(i + 1)) << start;
  }
}

}  // namespace
}  // namespace signalbox::sim
