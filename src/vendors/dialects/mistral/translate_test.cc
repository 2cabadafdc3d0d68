// Conversations of other dialects on their way to Mistral, and Mistral's answers for others.
#include <gtest/gtest.h>

#include "vendors/chat/dump.h"
#include "vendors/dialects/mistral/call_id.h"
#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/mistral_meaning_testing.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::mistral {
namespace {

using testkit::Difference;
using testkit::Meaning;

wire::RenderedRequest Render(std::string_view openai) {
  json::Document document;
  EXPECT_TRUE(document.Parse(openai));
  const auto request = openai_chat::TheDialect().ParseRequest(document.Root());
  EXPECT_TRUE(request) << request.error().message;
  auto rendered = TheDialect().RenderRequest(*request, {});
  EXPECT_TRUE(rendered) << rendered.error().message;
  return rendered.value_or(wire::RenderedRequest{});
}

void ExpectSame(std::string_view left, std::string_view right) {
  EXPECT_EQ(Difference(Meaning::Of(left), Meaning::Of(right)), "");
}

TEST(MistralRequest, SaysNothingThatMistralRefuses) {
  const auto rendered =
      Render(R"({"model":"m","messages":[{"role":"developer","content":"Be brief."},
      {"role":"user","name":"eve","content":"Hi"}],"max_completion_tokens":9,"seed":7,
      "temperature":2,"tool_choice":"required","stream":true,"stream_options":{"include_usage":true},
      "tools":[{"type":"function","function":{"name":"f"}}],"user":"u","store":true,
      "service_tier":"auto","safe_prompt":true,"reasoning_effort":"low",
      "metadata":{"x-signalbox-user":"u","a":"b"},
      "prediction":{"type":"content","content":[{"type":"text","text":"Hello"}]}})");
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"Hi"}],"max_tokens":9,"random_seed":7,"temperature":1.5,
      "tools":[{"type":"function","function":{"name":"f",
      "parameters":{"type":"object","properties":{}}}}],"tool_choice":"any","stream":true,
      "reasoning_effort":"high","metadata":{"a":"b"},"safe_prompt":true,
      "prediction":{"type":"content","content":"Hello"}})");
  EXPECT_EQ(rendered.dropped,
            (std::vector<std::string>{"messages[1].name", "user", "service_tier", "store"}));
}

TEST(MistralRequest, RefusesWhatWouldBeMissing) {
  for (const char* member : {R"("logprobs":true)", R"("logit_bias":{"5":-100})"}) {
    json::Document document;
    const std::string body =
        R"({"model":"m","messages":[{"role":"user","content":"Hi"}],)" + std::string(member) + "}";
    ASSERT_TRUE(document.Parse(body));
    const auto request = openai_chat::TheDialect().ParseRequest(document.Root());
    ASSERT_TRUE(request);
    EXPECT_FALSE(TheDialect().RenderRequest(*request, {})) << member;
  }
}

TEST(MistralRequest, TellsCallsAndResultsByIdsOfItsOwnForm) {
  const auto rendered = Render(R"({"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[
        {"id":"call_abcdefghijkl","type":"function","function":{"name":"f","arguments":""}},
        {"id":"a1B2c3D4e","type":"function","function":{"name":"g","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"call_abcdefghijkl","content":"1"},
      {"role":"tool","tool_call_id":"a1B2c3D4e","name":"g","content":"2"},
      {"role":"user","content":"And?"}]})");
  const std::string id = CallId("call_abcdefghijkl");
  EXPECT_EQ(id.size(), 9U);
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}],
       "tool_calls":[
        {"id":")" + id + R"(","type":"function","function":{"name":"f","arguments":"{}"}},
        {"id":"a1B2c3D4e","type":"function","function":{"name":"g","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":")" +
                                id + R"(","content":"1"},
      {"role":"tool","tool_call_id":"a1B2c3D4e","name":"g","content":"2"},
      {"role":"assistant","content":"OK"},
      {"role":"user","content":"And?"}]})");
}

TEST(MistralRequest, GoesOnWithTheAssistantsWords) {
  const auto rendered = Render(R"({"model":"m","messages":[{"role":"user","content":"Count."},
      {"role":"assistant","content":"One, "}]})");
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"user","content":"Count."},
      {"role":"assistant","content":"One, ","prefix":true}]})");
}

TEST(MistralRequest, LeavesOutThoughtsThatAnotherVendorSigned) {
  chat::Request request;
  request.dialect = "anthropic";
  request.model = "m";
  request.messages.push_back({.role = chat::Role::kUser});
  request.messages[0].parts.push_back({.content = chat::Text{"Hi", {}}});
  request.messages.push_back({.role = chat::Role::kAssistant});
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "Es4B";
  request.messages[1].parts.push_back({.content = thought});
  request.messages[1].parts.push_back({.content = chat::Text{"Hello", {}}});
  request.messages.push_back({.role = chat::Role::kUser});
  chat::Media pdf;
  pdf.kind = chat::MediaKind::kDocument;
  pdf.media_type = "application/pdf";
  pdf.data = "JVBE";
  pdf.name = "a.pdf";
  request.messages[2].parts.push_back({.content = pdf});
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","content":"Hello"},
      {"role":"user","content":[{"type":"document_url",
       "document_url":"data:application/pdf;base64,JVBE","document_name":"a.pdf"}]}]})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"messages[1].content[0]"});
}

TEST(MistralAnswer, IsOneTextWithItsThoughtsBesideItForOthers) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"id":"1","object":"chat.completion","model":"m","created":1,
      "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":[
      {"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"4"}]}}]})"));
  const auto answer = TheDialect().ParseAnswer(document.Root());
  ASSERT_TRUE(answer);
  const Meaning message = Meaning::Of(openai_chat::TheDialect().RenderAnswer(*answer))
                              .At("choices")
                              .items.at(0)
                              .At("message");
  EXPECT_EQ(message.At("content").scalar, "4");
  EXPECT_EQ(message.At("reasoning_content").scalar, "Hm.");
}

TEST(MistralAnswer, OfAnotherVendorHasItsThoughtsInTheList) {
  chat::Response answer;
  answer.dialect = "anthropic";
  answer.id = "msg_1";
  answer.model = "claude";
  chat::Choice& choice = answer.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "Es4B";
  choice.parts.push_back({.content = thought});
  choice.parts.push_back({.content = chat::Text{"4", {}}});
  choice.finish = chat::FinishReason::kStop;
  choice.finish_text = "end_turn";
  const Meaning rendered = Meaning::Of(TheDialect().RenderAnswer(answer)).At("choices").items.at(0);
  EXPECT_EQ(rendered.At("finish_reason").scalar, "stop");
  EXPECT_EQ(rendered.At("message").At("content").Text(),
            R"([{"thinking":[{"text":"Hm.","type":"text"}],"type":"thinking"},)"
            R"({"text":"4","type":"text"}])");
}

TEST(MistralStream, OfAnotherVendorHasThoughtsInLists) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  const chat::EventBatch events = {{0, chat::StreamStart{"1", "m", {}, {}, {}}},
                                   {0, chat::ChoiceStart{}},
                                   {0, chat::ReasoningDelta{"Hm.", "Es4B", {}}},
                                   {0, chat::TextDelta{"4"}},
                                   {0, chat::Finish{chat::FinishReason::kStop, "end_turn"}},
                                   {0, chat::StreamEnd{}}};
  std::string out;
  renderer->Render(events, out);
  EXPECT_NE(
      out.find(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}])"),
      std::string::npos)
      << out;
  EXPECT_NE(out.find(R"("content":"4")"), std::string::npos) << out;
  EXPECT_EQ(out.find("Es4B"), std::string::npos);
  EXPECT_EQ(out.find("end_turn"), std::string::npos);
  EXPECT_TRUE(out.ends_with("data: [DONE]\n\n"));
}

TEST(MistralError, KeepsTheWords) {
  const auto error = TheDialect().ParseError(
      R"({"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"})");
  EXPECT_EQ(error.message, "Invalid model: x");
  ExpectSame(
      TheDialect().RenderError({.status = 400, .error = {}, .vendor = error}),
      R"({"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"})");
}

TEST(CallId, StaysTheSameForTheSameId) {
  EXPECT_EQ(CallId("abcDEF123"), "abcDEF123");
  EXPECT_EQ(CallId("call_1"), CallId("call_1"));
  EXPECT_NE(CallId("call_1"), CallId("call_2"));
  EXPECT_NE(CallId("abc-EF123"), "abc-EF123");
}

}  // namespace
}  // namespace signalbox::mistral
