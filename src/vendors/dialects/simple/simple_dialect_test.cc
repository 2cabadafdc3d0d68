#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/simple/dialect.h"

namespace signalbox::simple {
namespace {

using testing::ElementsAre;

core::Result<chat::Envelope> Envelope(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text));
  return TheDialect().ReadEnvelope(document, chat::Operation::kChat);
}

TEST(ReadEnvelope, NamesTheModelByWhatIsGiven) {
  EXPECT_EQ(Envelope(R"({"prompt":"Hi"})")->model, "auto");
  EXPECT_EQ(Envelope(R"({"prompt":"Hi","model":"gpt-4o"})")->model, "gpt-4o");
  EXPECT_EQ(Envelope(R"({"prompt":"Hi","provider":"groq"})")->model, "groq");
  const auto both = Envelope(R"({"prompt":"Hi","provider":"groq","model":"m","stream":true})");
  EXPECT_EQ(both->model, "groq/m");
  EXPECT_TRUE(both->stream);
}

TEST(ReadEnvelope, SaysWhichFieldIsWrong) {
  EXPECT_EQ(Envelope(R"({"model":"m"})").error().param, "prompt");
  EXPECT_EQ(Envelope(R"({"prompt":""})").error().param, "prompt");
  EXPECT_EQ(Envelope(R"({"prompt":["a"]})").error().param, "prompt");
  EXPECT_EQ(Envelope(R"({"prompt":"a","provider":1})").error().param, "provider");
  EXPECT_EQ(Envelope(R"({"prompt":"a","model":1})").error().param, "model");
}

chat::Response Foreign() {
  chat::Response response;
  response.dialect = "another";
  response.model = "openai/gpt-4o";
  chat::Choice& choice = response.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm.";
  choice.parts.push_back({.content = thought});
  choice.parts.push_back({.content = chat::Text{.text = "Hi"}});
  response.usage.emplace();
  response.usage->tokens.input = 3;
  response.usage->tokens.output = 2;
  response.extra.push_back({"metadata", R"({"secret":1})"});
  return response;
}

TEST(RenderAnswer, SaysWhatTheGatewayKnows) {
  chat::Response response = Foreign();
  TheDialect().AddServed(
      {.provider = "openai", .response_ms = 127, .cache_hit = true, .cost_usd = "0.001"}, response);
  EXPECT_EQ(TheDialect().RenderAnswer(response),
            R"({"success":true,"data":"Hi","provider":"openai","model":"openai/gpt-4o",)"
            R"("usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5},)"
            R"("metadata":{"responseTime":127,"cacheStatus":"hit","cost":0.001}})");
}

TEST(RenderAnswer, AnUnknownCostIsNoneAndNotZero) {
  EXPECT_EQ(TheDialect().RenderAnswer(Foreign()),
            R"({"success":true,"data":"Hi","provider":"openai","model":"openai/gpt-4o",)"
            R"("usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5},)"
            R"("metadata":{"responseTime":null,"cacheStatus":"miss","cost":null}})");
}

TEST(RenderError, HasTheStatusAndASnakeCaseType) {
  const wire::ErrorAnswer error{
      .status = 429,
      .error = {core::ErrorCode::kRateLimited, "Slow down", {}, std::chrono::seconds(7)},
      .vendor = {},
      .request_id = "req_1",
      .timestamp = "2026-01-02T03:04:05Z"};
  EXPECT_EQ(TheDialect().RenderError(error),
            R"({"success":false,"error":{"type":"rate_limit_exceeded","message":"Slow down",)"
            R"("code":429,"retryAfter":7},)"
            R"("metadata":{"requestId":"req_1","timestamp":"2026-01-02T03:04:05Z"}})");
}

TEST(Stream, SaysTextAsItComesAndTheRestAtItsEnd) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  chat::StreamStart start;
  start.model = "m";
  const chat::EventBatch opening = {{0, start}, {0, chat::ChoiceStart{}}};
  renderer->Render(opening, out);
  EXPECT_EQ(out, "");
  const chat::EventBatch text = {{0, chat::TextDelta{"Hi"}}, {1, chat::TextDelta{"another"}}};
  renderer->Render(text, out);
  EXPECT_EQ(out, "data: {\"success\":true,\"data\":\"Hi\"}\n\n");
  out.clear();
  chat::UsageReport first;
  first.tokens.input = 4;
  chat::UsageReport second;
  second.tokens.output = 1;
  chat::EventBatch ending = {{0, chat::Finish{}}, {0, first}, {0, second}};
  TheDialect().AddServed({.provider = "p", .response_ms = 5, .cache_hit = false, .cost_usd = ""},
                         ending);
  ending.push_back({0, chat::StreamEnd{}});
  renderer->Render(ending, out);
  EXPECT_EQ(out, R"(data: {"success":true,"data":"","done":true,"provider":"p","model":"m",)"
                 R"("usage":{"inputTokens":4,"outputTokens":1,"totalTokens":5},)"
                 R"("metadata":{"responseTime":5,"cacheStatus":"miss","cost":null}})"
                 "\n\n");
}

TEST(Stream, AnErrorEndsIt) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  chat::VendorError error;
  error.message = "Broke";
  const chat::EventBatch events = {{0, error}, {0, chat::StreamEnd{}}};
  renderer->Render(events, out);
  EXPECT_EQ(out, R"(data: {"success":false,"error":{"type":"upstream_failed","message":"Broke",)"
                 R"("code":500},"metadata":{"requestId":"","timestamp":""}})"
                 "\n\n");
}

TEST(RenderRequest, PutsSystemPromptsInFront) {
  chat::Request request;
  request.dialect = "another";
  request.model = "m";
  request.sampling.seed = 1;
  for (const char* text : {"Be brief.", "Hi"}) {
    chat::Message& message = request.messages.emplace_back();
    message.role = request.messages.size() == 1 ? chat::Role::kSystem : chat::Role::kUser;
    message.parts.push_back({.content = chat::Text{.text = text}});
  }
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body, R"({"prompt":"Be brief.\n\nHi","model":"m"})");
  EXPECT_THAT(rendered->dropped, ElementsAre("seed"));
  request.messages.push_back(request.messages.back());
  EXPECT_EQ(TheDialect().RenderRequest(request, {}).error().param, "messages[1]");
}

}  // namespace
}  // namespace signalbox::simple
