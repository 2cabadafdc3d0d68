#include "vendors/tokens/counter.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "vendors/tokens/estimate.h"
#include "vendors/tokens/models.h"

namespace signalbox::tokens {
namespace {

bool IsMapped() {
  std::ifstream maps("/proc/self/maps");
  const std::string text{std::istreambuf_iterator<char>(maps), {}};
  return text.find("signalbox.vocabulary") != std::string::npos;
}

chat::Request Ask(std::string model) {
  chat::Request request;
  request.model = std::move(model);
  chat::Message message{.role = chat::Role::kUser};
  message.parts.push_back({.content = chat::Text{.text = "hello world", .citations = {}}});
  request.messages.push_back(std::move(message));
  return request;
}

TEST(Counter, SaysWhatToDoWithoutAVocabularyAndEstimates) {
  const Counter counter("/nonexistent/vocabulary");
  const auto count = counter.Count(Encoding::kO200k, "hello world");
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code, core::ErrorCode::kUnavailable);
  EXPECT_NE(count.error().message.find("/nonexistent/vocabulary"), std::string::npos);
  EXPECT_NE(count.error().message.find("scripts/fetch_vocabulary"), std::string::npos);
  EXPECT_FALSE(counter.CountText("gpt-4o", "hello world").exact);
  EXPECT_GT(counter.CountText("gpt-4o", "hello world").tokens, 0U);
  EXPECT_FALSE(counter.CountChat(Ask("gpt-4o")).exact);
}

TEST(Counter, MapsTheVocabularyWithTheFirstExactCountOnly) {
  const Counter counter(SB_VOCABULARY);
  if (!std::ifstream(SB_VOCABULARY)) {
    GTEST_SKIP() << "skipped: no vocabulary in this build (scripts/fetch_vocabulary)";
  }
  counter.CountText("claude-sonnet-4-5", "hello world");
  EXPECT_FALSE(IsMapped());
  EXPECT_EQ(counter.Count(Encoding::kCl100k, "hello world"), 2U);
  EXPECT_TRUE(IsMapped());
}

TEST(Counter, CountsAChatWithWhatStandsAroundItsTexts) {
  const Counter counter(SB_VOCABULARY);
  if (!counter.Available()) {
    GTEST_SKIP() << "skipped: no vocabulary in this build (scripts/fetch_vocabulary)";
  }
  chat::Request request = Ask("gpt-4o");
  EXPECT_EQ(counter.CountChat(request), (TokenCount{2 + 4 + 3, true}));
  request.model = "o3";
  EXPECT_EQ(counter.CountChat(request), (TokenCount{2 + 4 + 2, true}));
  request.model = "gpt-4o";
  request.messages[0].name = "hello";
  EXPECT_EQ(counter.CountChat(request), (TokenCount{2 + 4 + 3 + 2, true}));
  request.tools = {{.name = "now"}};
  EXPECT_FALSE(counter.CountChat(request).exact);
  EXPECT_GT(counter.CountChat(request).tokens, 20U);
  EXPECT_FALSE(counter.CountChat(Ask("claude-haiku-4-5")).exact);
}

TEST(Models, AreKnownByNamePrefixAndSpelling) {
  for (const char* const model :
       {"gpt-4o", "openai/gpt-4o-mini-2024-07-18", "o1", "o3-mini", "GPT-5.1", "gpt-4.1-nano",
        "gpt-5", "ft:gpt-4o-2024-08-06:org::id"}) {
    EXPECT_EQ(EncodingOf(model), Encoding::kO200k) << model;
  }
  for (const char* const model : {"gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "gpt-35-turbo",
                                  "text-embedding-3-small", "ft:gpt-3.5-turbo:x"}) {
    EXPECT_EQ(EncodingOf(model), Encoding::kCl100k) << model;
  }
  for (const char* const model : {"gpt-6", "gpt-4x", "claude-3-haiku", "o10", "", "gpt-oss-120b"}) {
    EXPECT_EQ(EncodingOf(model), std::nullopt) << model;
  }
  EXPECT_EQ(FamilyOf("deepseek-r1-distill-llama-70b"), Family::kLlama);
  EXPECT_EQ(FamilyOf("anthropic.claude-3-5-sonnet-20240620-v1:0"), Family::kClaude);
  EXPECT_EQ(FamilyOf("claude-opus-4-8"), Family::kClaudeNew);
  EXPECT_EQ(FamilyOf("gpt-oss-20b"), Family::kOpenAi);
  EXPECT_EQ(FamilyOf("kimi-k2"), Family::kOther);
}

TEST(Estimate, IsNothingForNothingAndNeverMoreThanBytes) {
  for (std::size_t family = 0; family < kFamilies; ++family) {
    const auto of = static_cast<Family>(family);
    EXPECT_EQ(Estimate(of, ""), 0U);
    EXPECT_EQ(Estimate(of, "a"), 1U);
    EXPECT_EQ(Estimate(of, "\n"), 1U);
    EXPECT_LE(Estimate(of, "1 2 3 4"), 7U);
  }
}

TEST(VocabularyPath, IsBesideTheProgramUnlessChosen) {
  EXPECT_EQ(VocabularyPath("/a/b"), "/a/b");
  EXPECT_TRUE(VocabularyPath("").ends_with("/signalbox.vocabulary"));
  EXPECT_TRUE(VocabularyPath("").starts_with("/"));
}

}  // namespace
}  // namespace signalbox::tokens
