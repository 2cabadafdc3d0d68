#include "vendors/dialects/openai_chat/completions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::openai_chat {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

core::Result<CompletionRequest> Parsed(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text));
  return ParseCompletionRequest(document.Root());
}

TEST(ParseCompletionRequest, APromptIsATextOrTokensOrAListOfEither) {
  EXPECT_EQ(Parsed(R"({"prompt":"one"})")->prompts.at(0).text, "one");
  EXPECT_EQ(Parsed(R"({"prompt":["one","two"]})")->prompts.at(1).text, "two");
  EXPECT_THAT(Parsed(R"({"prompt":[1,2]})")->prompts.at(0).tokens, ElementsAre(1, 2));
  EXPECT_THAT(Parsed(R"({"prompt":[[1],[2,3]]})")->prompts.at(1).tokens, ElementsAre(2, 3));
}

TEST(ParseCompletionRequest, SaysWhichFieldIsWrong) {
  for (const char* text : {R"({})", R"({"prompt":null})", R"({"prompt":[]})", R"({"prompt":{}})"}) {
    const auto parsed = Parsed(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().param, "prompt");
    EXPECT_THAT(parsed.error().message, HasSubstr("prompt: "));
  }
  EXPECT_EQ(Parsed(R"({"prompt":["a",1]})").error().param, "prompt[1]");
  EXPECT_EQ(Parsed(R"({"prompt":"a","max_tokens":"x"})").error().param, "max_tokens");
}

TEST(ParseCompletionRequest, ReadsTheParametersAndKeepsTheRest) {
  const auto parsed = Parsed(
      R"({"model":"m","prompt":"a","max_tokens":7,"stop":["\n"],"n":2,"echo":true,"suffix":"z",
          "stream":true,"stream_options":{"include_usage":true}})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->request.model, "m");
  EXPECT_EQ(parsed->request.sampling.max_output_tokens, 7);
  EXPECT_THAT(parsed->request.sampling.stop, ElementsAre("\n"));
  EXPECT_EQ(parsed->request.sampling.n, 2);
  EXPECT_EQ(parsed->request.stream, true);
  EXPECT_EQ(parsed->request.stream_options.include_usage, true);
  EXPECT_EQ(parsed->request.extra.size(), 2U);
}

constexpr std::string_view kAnswer =
    R"({"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[)"
    R"({"text":" go on","index":0,"logprobs":null,"finish_reason":"length"},)"
    R"({"text":"","index":1,"logprobs":null,"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";

TEST(CompletionAnswer, GoesOutAsItCameIn) {
  json::Document document;
  ASSERT_TRUE(document.Parse(kAnswer));
  const auto answer = ParseCompletionAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->choices.size(), 2U);
  EXPECT_EQ(answer->choices.front().finish, chat::FinishReason::kLength);
  EXPECT_EQ(RenderCompletionAnswer(*answer), kAnswer);
}

TEST(CompletionAnswer, AnErrorIsNone) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"error":{"message":"no"}})"));
  EXPECT_EQ(ParseCompletionAnswer(document.Root()).error().code,
            core::ErrorCode::kUpstreamProtocol);
}

TEST(CompletionStreamRenderer, WritesTextsTheEndAndUsage) {
  CompletionStreamRenderer renderer;
  std::string stream;
  chat::StreamStart start;
  start.id = "cmpl-1";
  start.model = "m";
  const chat::EventBatch opening = {{0, start}, {0, chat::ChoiceStart{}}};
  renderer.Render(opening, stream);
  EXPECT_EQ(stream, "");  // a role is nothing that could be said here
  const chat::EventBatch text = {{0, chat::TextDelta{"hi"}}};
  renderer.Render(text, stream);
  EXPECT_EQ(stream, R"(data: {"id":"cmpl-1","object":"text_completion","model":"m","choices":[)"
                    R"({"text":"hi","index":0,"logprobs":null,"finish_reason":null}]})"
                    "\n\n");
  stream.clear();
  chat::UsageReport usage;
  usage.tokens.input = 1;
  usage.tokens.output = 1;
  const chat::EventBatch ending = {
      {0, chat::Finish{chat::FinishReason::kStop, {}, {}}}, {0, usage}, {0, chat::StreamEnd{}}};
  renderer.Render(ending, stream);
  EXPECT_THAT(stream, AllOf(HasSubstr(R"("finish_reason":"stop")"),
                            HasSubstr(R"("prompt_tokens":1)"), EndsWith("data: [DONE]\n\n")));
}

TEST(ReadEnvelope, ACompletionNeedsAPrompt) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","prompt":["a"],"stream":true})"));
  const auto envelope = ReadEnvelope(document, chat::Operation::kCompletions);
  ASSERT_TRUE(envelope);
  EXPECT_TRUE(envelope->stream);
  ASSERT_TRUE(document.Parse(R"({"model":"m","messages":[]})"));
  EXPECT_EQ(ReadEnvelope(document, chat::Operation::kCompletions).error().param, "prompt");
}

}  // namespace
}  // namespace signalbox::openai_chat
