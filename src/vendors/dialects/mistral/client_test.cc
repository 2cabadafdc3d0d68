// Mistral's clients with other vendors behind them: their requests elsewhere, and others' answers
// as Mistral's SDKs demand them.
#include <gtest/gtest.h>

#include <algorithm>

#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/mistral_meaning_testing.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::mistral {
namespace {

using testkit::Difference;
using testkit::Meaning;

void ExpectSame(std::string_view left, std::string_view right) {
  EXPECT_EQ(Difference(Meaning::Of(left), Meaning::Of(right)), "");
}

// What a stream's frames say, without [DONE].
std::vector<Meaning> FramesOf(std::string_view stream) {
  constexpr std::string_view kData = "data: ";
  std::vector<Meaning> frames;
  while (stream.starts_with(kData)) {
    const std::size_t end = stream.find("\n\n");
    const std::string_view data = stream.substr(kData.size(), end - kData.size());
    if (data != "[DONE]") {
      frames.push_back(Meaning::Of(data));
    }
    stream.remove_prefix(end + 2);
  }
  EXPECT_TRUE(stream.empty()) << stream;
  return frames;
}

std::string Rendered(const chat::EventBatch& events) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {.include_usage = false});
  std::string out;
  for (const chat::Event& event : events) {
    renderer->Render({&event, 1}, out);
  }
  return out;
}

TEST(MistralClient, IsUnderstoodByOpenAi) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}],
       "tool_calls":[{"id":"a1B2c3D4e","type":"function","index":0,
         "function":{"name":"f","arguments":"{}"}}],"prefix":false},
      {"role":"tool","tool_call_id":"a1B2c3D4e","name":"f","content":"1"}],
      "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
      "tool_choice":"any","random_seed":7,"safe_prompt":true,"max_tokens":9})"));
  const auto request = TheDialect().ParseRequest(document.Root());
  ASSERT_TRUE(request) << request.error().message;
  const auto rendered = openai_chat::TheDialect().RenderRequest(*request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","tool_calls":[{"id":"a1B2c3D4e","type":"function",
         "function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"a1B2c3D4e","content":"1"}],
      "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
      "tool_choice":"required","seed":7,"max_tokens":9})");
  EXPECT_EQ(std::ranges::count(rendered->dropped, "safe_prompt"), 1);
  EXPECT_EQ(std::ranges::count(rendered->dropped, "messages[1].prefix"), 0);
}

TEST(MistralClient, GoesToMistralAsItStands) {
  EXPECT_TRUE(TheDialect().Takes(TheDialect(), chat::Operation::kChat));
  EXPECT_FALSE(TheDialect().Takes(openai_chat::TheDialect(), chat::Operation::kChat));
  EXPECT_FALSE(openai_chat::TheDialect().Takes(TheDialect(), chat::Operation::kChat));
}

TEST(MistralClient, GetsAWholeAnswerInItsForm) {
  chat::Response answer;
  answer.dialect = openai_chat::kDialect;
  answer.model = "m";
  answer.extra = {{"provider", "\"x\""}};
  chat::Choice& choice = answer.choices.emplace_back();
  choice.parts.push_back({.content = chat::Refusal{"No."}});
  choice.parts.push_back({.content = chat::ToolCall{{}, "f", {}, {}, "sig", {}}});
  choice.finish = chat::FinishReason::kRefusal;
  const Meaning rendered = Meaning::Of(TheDialect().RenderAnswer(answer));
  EXPECT_NE(rendered.At("id").scalar, "");
  EXPECT_EQ(rendered.At("object").scalar, "chat.completion");
  EXPECT_TRUE(rendered.Has("created"));
  EXPECT_FALSE(rendered.Has("provider"));
  EXPECT_EQ(rendered.At("usage").At("prompt_tokens").scalar, "0");
  EXPECT_EQ(rendered.At("choices").items.at(0).At("finish_reason").scalar, "stop");
  EXPECT_EQ(rendered.At("choices").items.at(0).At("message").Text(),
            R"({"content":"No.","role":"assistant","tool_calls":[{"function":{"arguments":"{}",)"
            R"("name":"f"},"id":"call_0_f","index":0,"type":"function"}]})");
}

TEST(MistralClient, GetsEveryStreamedCallWhole) {
  const std::vector<Meaning> frames =
      FramesOf(Rendered({{0, chat::StreamStart{"1", "m", 5, {}, {}}},
                         {0, chat::ChoiceStart{}},
                         {0, chat::RefusalDelta{"Well."}},
                         {0, chat::ToolCallStart{0, "a", "f", {}, {}}},
                         {0, chat::ToolCallArguments{0, R"({"x":)"}},
                         {0, chat::ToolCallStart{1, {}, "g", {}, {}}},
                         {0, chat::ToolCallArguments{0, "1}"}},
                         {0, chat::Finish{chat::FinishReason::kToolCalls, "tool_use"}},
                         {0, chat::StreamEnd{}}}));
  ASSERT_EQ(frames.size(), 5U);
  EXPECT_EQ(frames[0].Text(),
            R"({"choices":[{"delta":{"content":"","role":"assistant"},"index":0}],"created":5,)"
            R"("id":"1","model":"m","object":"chat.completion.chunk"})");
  EXPECT_EQ(frames[1].At("choices").items.at(0).At("delta").At("content").scalar, "Well.");
  const auto calls = [&](std::size_t frame) {
    return frames.at(frame).At("choices").items.at(0).At("delta").At("tool_calls").Text();
  };
  EXPECT_EQ(calls(2), R"([{"function":{"arguments":"{\"x\":1}","name":"f"},"id":"a","index":0,)"
                      R"("type":"function"}])");
  EXPECT_EQ(calls(3), R"([{"function":{"arguments":"{}","name":"g"},"id":"call_1_g","index":1,)"
                      R"("type":"function"}])");
  EXPECT_EQ(frames[4].At("choices").items.at(0).At("finish_reason").scalar, "tool_calls");
}

TEST(MistralClient, GetsUsageInTheLastChunkAlways) {
  chat::UsageReport early;
  early.tokens.input = 3;
  chat::UsageReport late;
  late.tokens.output = 4;
  const std::string stream = Rendered({{0, chat::StreamStart{{}, "m", {}, {}, {}}},
                                       {0, early},
                                       {0, chat::TextDelta{"Hi"}},
                                       {0, chat::Finish{chat::FinishReason::kPause, "pause_turn"}},
                                       {0, late},
                                       {0, chat::StreamEnd{}}});
  EXPECT_TRUE(stream.ends_with("data: [DONE]\n\n"));
  const std::vector<Meaning> frames = FramesOf(stream);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_FALSE(frames[1].Has("usage"));
  EXPECT_EQ(frames[2].At("choices").Text(),
            R"([{"delta":{"content":""},"finish_reason":"stop","index":0}])");
  EXPECT_EQ(frames[2].At("usage").Text(),
            R"({"completion_tokens":4,"prompt_tokens":3,"total_tokens":7})");
}

TEST(MistralClient, SeesAStreamBreakOff) {
  chat::StreamError error;
  error.message = "Overloaded";
  error.type = "overloaded_error";
  const std::string stream =
      Rendered({{0, chat::TextDelta{"He"}}, {0, error}, {0, chat::StreamEnd{}}});
  const std::vector<Meaning> frames = FramesOf(stream);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[2].Text(),
            R"({"message":"Overloaded","object":"error","type":"overloaded_error"})");
}

TEST(MistralClient, GetsEmbeddingsWithAnId) {
  chat::EmbeddingsResponse answer;
  answer.model = "e";
  answer.data.push_back({0, "[1]", {}});
  const Meaning rendered = Meaning::Of(TheDialect().RenderEmbeddingsAnswer(answer));
  EXPECT_NE(rendered.At("id").scalar, "");
  EXPECT_EQ(rendered.At("usage").At("prompt_tokens").scalar, "0");
  EXPECT_EQ(rendered.At("data").Text(), R"([{"embedding":[1],"index":0,"object":"embedding"}])");
}

// Mistral's tools take JSON alone.
TEST(MistralClient, GetsFreeTextAsArguments) {
  chat::ToolCall call;
  call.id = "c1";
  call.name = "run";
  call.kind = chat::CallKind::kCustom;
  call.arguments = "say \"hi\"\n";
  chat::Response response{.dialect = "openai_responses"};
  response.choices.push_back({.parts = {{.content = call}}});
  const Meaning answer = Meaning::Of(TheDialect().RenderAnswer(response));
  const Meaning& told = answer.At("choices").items.at(0).At("message").At("tool_calls").items.at(0);
  EXPECT_EQ(told.At("function").At("arguments").scalar, R"({"input":"say \"hi\"\n"})");

  chat::ToolCallStart start{.call = 0, .id = "c1", .name = "run"};
  start.kind = chat::CallKind::kCustom;
  const auto frames = FramesOf(Rendered({{0, chat::StreamStart{}},
                                         {0, start},
                                         {0, chat::ToolCallArguments{0, "say \"hi\""}},
                                         {0, chat::ToolCallArguments{0, "\n"}},
                                         {0, chat::ToolCallEnd{0}},
                                         {0, chat::StreamEnd{}}}));
  const Meaning& delta = frames.at(1).At("choices").items.at(0).At("delta");
  EXPECT_EQ(delta.At("tool_calls").items.at(0).At("function").At("arguments").scalar,
            R"({"input":"say \"hi\"\n"})");
}

}  // namespace
}  // namespace signalbox::mistral
