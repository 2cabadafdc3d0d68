#include "vendors/tokens/vocabulary.h"

#include <gtest/gtest.h>

#include "vendors/tokens/vocabulary_testing.h"

namespace signalbox::tokens {
namespace {

TEST(Vocabulary, FindsEveryTokenAndNothingElse) {
  std::vector<std::string> merges;
  for (int i = 0; i < 5000; ++i) {
    merges.push_back("token " + std::to_string(i));
  }
  merges.push_back("ab");
  const SmallVocabulary vocabulary(merges);
  for (std::size_t i = 0; i < merges.size(); ++i) {
    EXPECT_EQ(vocabulary.ranks().Find(merges[i]), 256 + i);
  }
  EXPECT_EQ(vocabulary.ranks().Find("token 5000"), kNoRank);
  EXPECT_EQ(vocabulary.ranks().Find("ba"), kNoRank);
  EXPECT_EQ(vocabulary.ranks().Find(""), kNoRank);
  EXPECT_EQ(vocabulary.ranks().Find(std::string(kLongestToken + 1, 'x')), kNoRank);
}

bool Over(const std::string& bytes) {
  return SmallVocabulary(bytes, SmallVocabulary::AsIs()).result().has_value();
}

TEST(Vocabulary, RefusesWhatIsNoVocabulary) {
  std::string bytes = BuildVocabulary({SmallTokens({}), SmallTokens({})});
  EXPECT_TRUE(Over(bytes));
  EXPECT_FALSE(Over(bytes.substr(0, bytes.size() - 8)));
  EXPECT_FALSE(Over(bytes.substr(0, 10)));
  EXPECT_FALSE(Over(""));
  bytes[0] = 'X';
  EXPECT_FALSE(Over(bytes));
  EXPECT_EQ(Vocabulary::Open("/nonexistent/file").error().code, core::ErrorCode::kNotFound);
}

TEST(Vocabulary, SurvivesDamageAnywhere) {
  const std::string sound = BuildVocabulary({SmallTokens({"ab"}), SmallTokens({"ab"})});
  for (std::size_t at = 0; at < sound.size(); at += at < sizeof(FileHeader) ? 1 : 997) {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(~bytes[at]);
    const SmallVocabulary vocabulary(bytes, SmallVocabulary::AsIs());
    if (vocabulary.result()) {
      vocabulary.ranks().Find("abc");
      vocabulary.ranks().Find("ab");
      vocabulary.ranks().Find("q");
    }
  }
}

TEST(Vocabulary, ReadsThePublishedForm) {
  std::string text;
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t byte = 0; byte < 256; ++byte) {
    text += {kDigits[byte >> 2], kDigits[byte % 4 << 4], '=', '='};
    text += " " + std::to_string(byte) + "\n";
  }
  const auto tokens = ParseRanks(text + "aGVsbG8= 256\n");
  ASSERT_TRUE(tokens) << tokens.error().message;
  EXPECT_EQ(tokens->size(), 257U);
  EXPECT_EQ(tokens->back().bytes, "hello");
  for (const std::string_view wrong :
       {"aGVsbG8=\n", "aGVsbG8= x\n", "a*Vs 256\n", "AA== 256\n", " 256\n"}) {
    EXPECT_EQ(ParseRanks(text + std::string(wrong)).error().message.substr(0, 9), "line 257:")
        << wrong;
  }
  EXPECT_FALSE(ParseRanks("aGVsbG8= 0\n"));
}

}  // namespace
}  // namespace signalbox::tokens
