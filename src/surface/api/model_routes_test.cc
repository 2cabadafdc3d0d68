#include "surface/api/model_routes.h"

#include <gtest/gtest.h>

namespace signalbox::api {
namespace {

TEST(ModelRoutes, KnowTheDialectAndTheOperationOfAPath) {
  const struct {
    const char* path;
    const char* dialect;
    chat::Operation operation;
  } rows[] = {
      {"/v1/chat/completions", "openai_chat", chat::Operation::kChat},
      {"/v1/responses", "openai_responses", chat::Operation::kChat},
      {"/v1/messages", "anthropic", chat::Operation::kChat},
      {"/v1/messages/count_tokens", "anthropic", chat::Operation::kCountTokens},
      {"/v2/chat", "cohere", chat::Operation::kChat},
      {"/v1/rerank", "cohere", chat::Operation::kRerank},
      {"/api/chat", "ollama", chat::Operation::kChat},
      {"/ai", "simple", chat::Operation::kChat},
      {"/v1/moderations", "openai_chat", chat::Operation::kModerations},
      {"/v1/images/generations", "openai_chat", chat::Operation::kImages},
      {"/v1/audio/speech", "openai_chat", chat::Operation::kSpeech},
      {"/v1/audio/transcriptions", "openai_chat", chat::Operation::kTranscriptions},
      {"/v1/audio/translations", "openai_chat", chat::Operation::kTranscriptions},
  };
  for (const auto& row : rows) {
    const auto call = FindModelCall({row.path});
    ASSERT_TRUE(call) << row.path;
    EXPECT_EQ(call->dialect->name(), row.dialect);
    EXPECT_EQ(call->operation, row.operation);
    EXPECT_EQ(call->framing, call->dialect->framing());
    EXPECT_EQ(&DialectOf({row.path}), call->dialect);
  }
  for (const char* path : {"/", "/v1", "/v1/models", "/v1/models/gpt-4o", "/v1beta/models",
                           "/v1beta/models/m", "/v1beta/models/m:fly", "/api/requests/x", "/aix"}) {
    EXPECT_FALSE(FindModelCall({path})) << path;
  }
}

TEST(ModelRoutes, GeminiSaysInThePathWhatOthersSayInTheBody) {
  const auto whole = FindModelCall({"/v1beta/models/openai%2Fgpt-4o:generateContent", ""});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->model, "openai/gpt-4o");
  EXPECT_EQ(whole->streamed, false);
  const auto sse =
      FindModelCall({"/v1/models/openai/gpt-4o:streamGenerateContent", "key=k&alt=sse"});
  ASSERT_TRUE(sse);
  EXPECT_EQ(sse->model, "openai/gpt-4o");
  EXPECT_EQ(sse->streamed, true);
  EXPECT_EQ(sse->framing, wire::Framing::kSse);
  const auto array = FindModelCall({"/v1beta/models/m:streamGenerateContent", "alt=ssex"});
  ASSERT_TRUE(array);
  EXPECT_EQ(array->framing, wire::Framing::kJsonArray);
}

TEST(ModelRoutes, ErrorsOfAMissedPathComeInItsOwnersForm) {
  EXPECT_EQ(DialectOf({"/v1beta/models/m:fly"}).name(), "gemini");
  EXPECT_EQ(DialectOf({"/v1/messages/batches"}).name(), "anthropic");
  EXPECT_EQ(DialectOf({"/v2/classify"}).name(), "cohere");
  EXPECT_EQ(DialectOf({"/v1/audio/speech"}).name(), "openai_chat");
  EXPECT_EQ(DialectOf({"/aix"}).name(), "openai_chat");
}

TEST(ModelRoutes, MistralsClientsCallOpenAisPathsAndReadTheirOwnForms) {
  const CallHead head{"/v1/chat/completions", "", "mistral-client-python/3.7.0"};
  EXPECT_EQ(FindModelCall(head)->dialect->name(), "mistral");
  EXPECT_EQ(DialectOf(head).name(), "mistral");
  EXPECT_EQ(DialectOf({"/v1/messages", "", "mistral-client-python/3.7.0"}).name(), "anthropic");
  EXPECT_EQ(DialectOf({"/v1/chat/completions", "", "python-openai/2"}).name(), "openai_chat");
}

TEST(ModelRoutes, ANameWithASlashMayStandWithoutModels) {
  const auto call = FindModelCall({"/v1beta/gemini/gemini-2.5-pro:generateContent"});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->model, "gemini/gemini-2.5-pro");
}

}  // namespace
}  // namespace signalbox::api
