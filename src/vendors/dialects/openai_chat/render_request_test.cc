// Requests that came in another dialect.
#include "vendors/dialects/openai_chat/render_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/meaning.h"

namespace signalbox::openai_chat {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using testing::ElementsAre;

chat::Request Foreign() {
  chat::Request request;
  request.dialect = "another";
  request.model = "m";
  return request;
}

Part TextPart(std::string text) {
  return {.content = chat::Text{std::move(text), {}}};
}

TEST(RenderRequest, GivesEachToolResultAMessageOfItsOwn) {
  chat::Request request = Foreign();
  Message turn{.role = Role::kUser};
  for (const char* id : {"a", "b"}) {
    chat::ToolResult result;
    result.call_id = id;
    result.parts.push_back(TextPart("done"));
    turn.parts.push_back({.content = std::move(result)});
  }
  turn.parts.push_back(TextPart("Go on."));
  request.messages.push_back(std::move(turn));
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(Difference(Meaning::Of(rendered->body), Meaning::Of(R"({"model":"m","messages":[
      {"role":"tool","tool_call_id":"a","content":"done"},
      {"role":"tool","tool_call_id":"b","content":"done"},
      {"role":"user","content":"Go on."}]})")),
            "");
}

TEST(RenderRequest, SaysWhatItLeavesOut) {
  chat::Request request = Foreign();
  request.extra.push_back({"safetySettings", "[]"});
  request.reasoning.budget = 1024;
  Message system{.role = Role::kSystem};
  system.parts.push_back(TextPart("Long."));
  system.parts.back().cache = chat::CacheMarker{};
  Message answer{.role = Role::kAssistant};
  answer.parts.push_back({.content = chat::Reasoning{.text = "Hm", .signature = "s"}});
  answer.parts.push_back(TextPart("Hi"));
  request.messages = {system, answer};
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_THAT(rendered->dropped, ElementsAre("messages[0].content[0].cache_control",
                                             "messages[1].content[0]", "reasoning.budget"));
  EXPECT_EQ(rendered->body.find("safetySettings"), std::string::npos);
  EXPECT_EQ(rendered->body.find("Hm"), std::string::npos);
  EXPECT_NE(rendered->body.find(R"("content":"Hi")"), std::string::npos);
}

TEST(RenderRequest, NamesWhatItCannotSay) {
  chat::Request request = Foreign();
  Message message{.role = Role::kUser};
  chat::Media document;
  document.kind = chat::MediaKind::kDocument;
  document.url = "https://example.com/a.pdf";
  message.parts.push_back(TextPart("See"));
  message.parts.push_back({.content = std::move(document)});
  request.messages.push_back(std::move(message));
  const auto rendered = RenderRequest(request);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "messages[0].content[1]");
  EXPECT_EQ(rendered.error().code, core::ErrorCode::kInvalidRequest);
}

TEST(RenderRequest, RefusesToolsOfAnotherVendor) {
  chat::Request request = Foreign();
  chat::Tool tool;
  tool.kind = chat::ToolKind::kRaw;
  tool.type = "bash_20250124";
  request.tools.push_back(std::move(tool));
  const auto rendered = RenderRequest(request);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "tools[0]");
}

TEST(RenderRequest, UsesTheNewNameOfTheBoundUnlessTheOldOneWasUsed) {
  chat::Request request = Foreign();
  request.sampling.max_output_tokens = 7;
  EXPECT_NE(RenderRequest(request)->body.find(R"("max_completion_tokens":7)"), std::string::npos);
  request.sampling.max_tokens_field = chat::MaxTokensField::kMaxTokens;
  EXPECT_NE(RenderRequest(request)->body.find(R"("max_tokens":7)"), std::string::npos);
}

}  // namespace
}  // namespace signalbox::openai_chat
