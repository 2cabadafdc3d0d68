// Embeddings of callers and vendors that are not quite OpenAI's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/chat_meaning_testing.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"

namespace signalbox::openai_chat {
namespace {

TEST(Embeddings, TakeMistralsWordForTheDimensions) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","input":"a","output_dimension":256})"));
  const auto request = ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->dimensions, 256);
  EXPECT_TRUE(request->extra.empty());
}

TEST(Embeddings, KeepMistralsWordBesideOpenAis) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","input":"a","dimensions":3,"output_dimension":256})"));
  const auto request = ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->dimensions, 3);
  ASSERT_EQ(request->extra.size(), 1U);
  EXPECT_EQ(request->extra[0].key, "output_dimension");
}

// Mistral's clients want an id and usage in every answer.
TEST(Embeddings, OfOthersHaveAnIdAndUsage) {
  chat::EmbeddingsResponse response;
  response.dialect = "another";
  response.model = "m";
  const Meaning answer = MeaningOf(RenderEmbeddingsAnswer(response));
  EXPECT_THAT(answer.At("id").scalar, testing::StartsWith("embd-"));
  EXPECT_EQ(answer.At("usage").At("total_tokens").scalar, "0");
}

TEST(Embeddings, OfOpenAisOwnFormGetNoId) {
  chat::EmbeddingsResponse response;
  response.dialect = "openai_chat";
  EXPECT_FALSE(MeaningOf(RenderEmbeddingsAnswer(response)).Has("id"));
}

}  // namespace
}  // namespace signalbox::openai_chat
