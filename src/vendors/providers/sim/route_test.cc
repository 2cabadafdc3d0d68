#include "vendors/providers/sim/route.h"

#include <gtest/gtest.h>

#include "vendors/dialects/dialects.h"

namespace signalbox::sim {
namespace {

using chat::Operation;

struct Case {
  const char* path;
  const char* dialect;
  Operation operation;
  const char* model = "";
};

constexpr Case kCases[] = {
    {"/v1/chat/completions", "openai_chat", Operation::kChat},
    {"/openai/deployments/d/chat/completions?api-version=1", "openai_chat", Operation::kChat},
    {"/completions", "openai_completions", Operation::kCompletions},
    {"/v1/embeddings", "openai_chat", Operation::kEmbeddings},
    {"/v1/responses", "openai_responses", Operation::kChat},
    {"/v1/messages", "anthropic", Operation::kChat},
    {"/v1/messages/count_tokens?beta=true", "anthropic", Operation::kCountTokens},
    {"/v1beta/models/x-1:generateContent", "gemini", Operation::kChat, "x-1"},
    {"/v1beta/models/sim%2Fecho:countTokens", "gemini", Operation::kCountTokens, "sim/echo"},
    {"/models/x:batchEmbedContents", "gemini", Operation::kEmbeddings, "x"},
    {"/v1/projects/p/locations/l/publishers/google/models/x:generateContent", "vertex",
     Operation::kChat, "x"},
    {"/v1/projects/p/locations/l/publishers/anthropic/models/x:rawPredict", "anthropic",
     Operation::kChat, "x"},
    {"/v2/chat", "cohere", Operation::kChat},
    {"/v2/embed", "cohere", Operation::kEmbeddings},
    {"/v1/rerank", "cohere", Operation::kRerank},
    {"/api/chat", "ollama", Operation::kChat},
    {"/api/generate", "ollama_generate", Operation::kGenerate},
    {"/api/embed", "ollama", Operation::kEmbeddings},
    {"/model/a.b-v1%3A0/converse", "bedrock", Operation::kChat, "a.b-v1:0"},
    {"/model/x/count-tokens", "bedrock", Operation::kCountTokens, "x"},
    {"/client/v4/accounts/a/ai/run/@cf/meta/x", "workers_ai", Operation::kChat, "@cf/meta/x"},
    {"/models/org/x", "huggingface", Operation::kChat, "org/x"},
    {"/models/org/x/pipeline/feature-extraction", "huggingface", Operation::kEmbeddings, "org/x"},
    {"/ai", "simple", Operation::kChat},
};

TEST(FindRoute, KnowsEachVendorsPaths) {
  for (const Case& expected : kCases) {
    SCOPED_TRACE(expected.path);
    const auto route = FindRoute(expected.path);
    const wire::Dialect* const dialect = dialects::Find(expected.dialect);
    if (dialect == nullptr) {
      continue;  // not spoken yet
    }
    ASSERT_TRUE(route);
    EXPECT_EQ(route->dialect, dialect);
    EXPECT_EQ(route->operation, expected.operation);
    EXPECT_EQ(route->model, expected.model);
  }
  EXPECT_FALSE(FindRoute("/nothing"));
  EXPECT_FALSE(FindRoute("/v1/models"));
}

TEST(FindRoute, ReadsFromThePathHowAnAnswerIsToCome) {
  if (dialects::Find("gemini") == nullptr) {
    GTEST_SKIP() << "skipped: gemini is not spoken yet";
  }
  const auto list = FindRoute("/v1beta/models/x:streamGenerateContent");
  EXPECT_EQ(list->streamed, true);
  EXPECT_EQ(list->framing, wire::Framing::kJsonArray);
  const auto events = FindRoute("/v1beta/models/x:streamGenerateContent?key=k&alt=sse");
  EXPECT_EQ(events->framing, wire::Framing::kSse);
  EXPECT_EQ(FindRoute("/v1beta/models/x:generateContent")->streamed, false);
}

}  // namespace
}  // namespace signalbox::sim
