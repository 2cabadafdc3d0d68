// Requests that came in another dialect.
#include "vendors/dialects/openai_chat/render_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/chat_meaning_testing.h"

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
  EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(R"({"model":"m","messages":[
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
  EXPECT_THAT(rendered->dropped,
              ElementsAre("messages[0].content[0].cache_control", "messages[1].content[0]",
                          "safetySettings", "reasoning.budget"));
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

TEST(RenderRequest, RefusesFilesOfAnotherVendorsStore) {
  chat::Request request = Foreign();
  chat::Media document;
  document.kind = chat::MediaKind::kDocument;
  document.file_id = "file_011";
  request.messages.push_back({.role = Role::kUser});
  request.messages[0].parts.push_back({.content = std::move(document)});
  const auto rendered = RenderRequest(request);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "messages[0].content[0]");
  request.dialect = "openai_chat";
  EXPECT_NE(RenderRequest(request)->body.find("file_011"), std::string::npos);
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

TEST(RenderRequest, NamesTheBoundAsTheModelKnowsIt) {
  chat::Request request = Foreign();
  request.sampling.max_output_tokens = 7;
  EXPECT_NE(RenderRequest(request)->body.find(R"("max_tokens":7)"), std::string::npos);
  for (const char* model : {"o3", "o4-mini", "gpt-5", "gpt-5.1-mini", "openai/gpt-5-nano"}) {
    request.model = model;
    EXPECT_NE(RenderRequest(request)->body.find(R"("max_completion_tokens":7)"), std::string::npos);
  }
}

TEST(RenderRequest, TellsNoModelHowToSampleThatRefusesToBeTold) {
  chat::Request request = Foreign();
  request.model = "gpt-5";
  request.sampling.temperature = chat::Number{"0.2"};
  request.sampling.top_p = chat::Number{"1.0"};
  request.sampling.seed = 7;
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body.find("temperature"), std::string::npos) << rendered->body;
  EXPECT_EQ(rendered->body.find("top_p"), std::string::npos) << rendered->body;
  EXPECT_NE(rendered->body.find(R"("seed":7)"), std::string::npos);
  EXPECT_THAT(rendered->dropped, ElementsAre("temperature"));
  request.dialect = "openai_chat";
  EXPECT_NE(RenderRequest(request)->body.find(R"("temperature":0.2)"), std::string::npos);
}

TEST(RenderRequest, GoesByWhatIsKnownOfTheModelBeforeItsName) {
  catalog::Capabilities known;
  known.Add(catalog::Ability::kCompletionBound);
  known.Add(catalog::Ability::kEffort);
  known.Add(catalog::Effort::kHigh);
  chat::Request request = Foreign();
  request.model = "our-deployment";
  request.sampling.max_output_tokens = 7;
  request.reasoning.effort = "low";
  const auto rendered = RenderRequest(request, {.capabilities = &known});
  ASSERT_TRUE(rendered);
  EXPECT_NE(rendered->body.find(R"("max_completion_tokens":7)"), std::string::npos);
  EXPECT_NE(rendered->body.find(R"("reasoning_effort":"high")"), std::string::npos);
}

TEST(RenderRequest, AsksInWordsForAFormThatTheModelCannotBeBoundTo) {
  chat::Request request = Foreign();
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.schema = R"({"type":"object"})";
  const auto body = [&](const char* model) {
    request.model = model;
    return RenderRequest(request)->body;
  };
  EXPECT_NE(body("gpt-4o").find(R"("type":"json_schema")"), std::string::npos);
  EXPECT_EQ(body("gpt-4o").find("fits this JSON schema"), std::string::npos);
  const std::string turbo = body("gpt-4-turbo");
  EXPECT_NE(turbo.find(R"("response_format":{"type":"json_object"})"), std::string::npos) << turbo;
  EXPECT_NE(turbo.find(R"("messages":[{"role":"system","content":"Answer with one JSON object)"),
            std::string::npos)
      << turbo;
  const std::string old = body("gpt-4");
  EXPECT_EQ(old.find("response_format"), std::string::npos) << old;
  EXPECT_NE(old.find("fits this JSON schema"), std::string::npos) << old;
  request.dialect = "openai_chat";
  EXPECT_NE(body("gpt-4").find(R"("type":"json_schema")"), std::string::npos);
}

TEST(RenderRequest, KeepsTheNameOfTheBoundThatItCameWith) {
  chat::Request request = Foreign();
  request.dialect = "openai_chat";
  request.sampling.max_output_tokens = 7;
  request.sampling.max_tokens_field = chat::MaxTokensField::kMaxCompletionTokens;
  EXPECT_NE(RenderRequest(request)->body.find(R"("max_completion_tokens":7)"), std::string::npos);
  request.model = "o3";
  request.sampling.max_tokens_field = chat::MaxTokensField::kMaxTokens;
  EXPECT_NE(RenderRequest(request)->body.find(R"("max_tokens":7)"), std::string::npos);
}

TEST(RenderRequest, PutsPicturesOfAResultIntoAUsersMessage) {
  chat::Request request = Foreign();
  chat::ToolResult result;
  result.call_id = "a";
  result.parts.push_back(TextPart("done"));
  chat::Media picture;
  picture.url = "https://example.com/a.png";
  result.parts.push_back({.content = picture});
  chat::ToolResult plain;
  plain.call_id = "b";
  plain.json = R"({"ok":true})";
  Message turn{.role = Role::kUser};
  turn.parts.push_back({.content = std::move(result)});
  turn.parts.push_back({.content = std::move(plain)});
  request.messages.push_back(std::move(turn));
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(R"({"model":"m","messages":[
      {"role":"tool","tool_call_id":"a","content":"done"},
      {"role":"tool","tool_call_id":"b","content":"{\"ok\":true}"},
      {"role":"user","content":[{"type":"text","text":"From the result of the tool call a:"},
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]})")),
            "");
}

std::string EffortFor(const char* model, const chat::ReasoningOptions& reasoning) {
  chat::Request request = Foreign();
  request.model = model;
  request.reasoning = reasoning;
  const Meaning body = MeaningOf(RenderRequest(request)->body);
  return body.At("reasoning_effort").scalar;
}

TEST(RenderRequest, TurnsABudgetIntoAnEffortForModelsThatThink) {
  chat::ReasoningOptions reasoning;
  reasoning.budget = 2048;
  EXPECT_EQ(EffortFor("o3", reasoning), "low");
  reasoning.budget = 16000;
  EXPECT_EQ(EffortFor("gpt-5", reasoning), "medium");
  EXPECT_EQ(EffortFor("gpt-4o", reasoning), "");
  reasoning.budget.reset();
  reasoning.enabled = false;
  EXPECT_EQ(EffortFor("gpt-5.1", reasoning), "none");
  EXPECT_EQ(EffortFor("gpt-5-mini", reasoning), "minimal");
  EXPECT_EQ(EffortFor("llama", reasoning), "");
  reasoning.enabled = true;
  EXPECT_EQ(EffortFor("gpt-5.1", reasoning), "medium");
  EXPECT_EQ(EffortFor("llama", reasoning), "");
  reasoning = {};
  reasoning.effort = "high";
  EXPECT_EQ(EffortFor("gpt-4o", reasoning), "");
  EXPECT_EQ(EffortFor("grok-4", reasoning), "");  // thinks as it likes
  EXPECT_EQ(EffortFor("glm-5", reasoning), "high");
}

TEST(RenderRequest, NamesASwitchThatTheModelDoesNotHave) {
  chat::Request request = Foreign();
  request.model = "gpt-4o";
  request.reasoning.enabled = true;
  EXPECT_THAT(RenderRequest(request)->dropped, ElementsAre("reasoning.enabled"));
}

std::string PartFor(chat::Media media) {
  chat::Request request = Foreign();
  Message message{.role = Role::kUser};
  message.parts.push_back(TextPart("See"));
  message.parts.push_back({.content = std::move(media)});
  request.messages.push_back(std::move(message));
  const Meaning body = MeaningOf(RenderRequest(request)->body);
  return body.At("messages").items.at(0).At("content").items.at(1).Text();
}

TEST(RenderRequest, GivesANameToAFileThatHasNone) {
  chat::Media document;
  document.kind = chat::MediaKind::kDocument;
  document.data = "JVBE";
  document.media_type = "application/pdf";
  EXPECT_EQ(Difference(MeaningOf(PartFor(document)), MeaningOf(R"({"type":"file","file":
      {"file_data":"data:application/pdf;base64,JVBE","filename":"document.pdf"}})")),
            "");
  document.name = "mine.pdf";
  EXPECT_NE(PartFor(document).find("mine.pdf"), std::string::npos);
  document.name.clear();
  document.media_type = "text/plain;charset=utf-8";
  EXPECT_NE(PartFor(document).find("document.txt"), std::string::npos);
}

TEST(RenderRequest, TellsTheFormatOfAudio) {
  chat::Media audio;
  audio.kind = chat::MediaKind::kAudio;
  audio.data = "AAAA";
  audio.media_type = "audio/mpeg";
  EXPECT_NE(PartFor(audio).find(R"("format":"mp3")"), std::string::npos);
  audio.media_type.clear();
  audio.data = "UklGRg==";
  EXPECT_NE(PartFor(audio).find(R"("format":"wav")"), std::string::npos);
}

TEST(RenderRequest, DropsWhatOpenAiWouldRefuseToHear) {
  chat::Request request = Foreign();
  request.model = "gpt-4o";
  request.sampling.top_k = chat::Number{"5"};
  request.service_tier = "standard_only";
  request.metadata.push_back({"x-signalbox-agent", "\"a\""});
  request.reasoning.effort = "low";
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(R"({"model":"gpt-4o","messages":[],
      "metadata":{},"service_tier":"default"})")),
            "");
  EXPECT_THAT(rendered->dropped, ElementsAre("top_k", "reasoning.effort"));
}

}  // namespace
}  // namespace signalbox::openai_chat
