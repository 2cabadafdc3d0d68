// Conversations of other dialects to Bedrock, and its answers to others.
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/chat/dump.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/meaning_testing.h"
#include "vendors/dialects/bedrock/render_block.h"
#include "vendors/dialects/bedrock/thoughts.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::bedrock {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;
using testkit::Difference;
using testkit::Meaning;

constexpr std::string_view kClaude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
// The head of a signature of Claude's, and one of Gemini's.
const std::string kSealed = "ErUBCkYIARgCIkCepoF8CXqdAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const std::string kForeign = "EoECCv4BAQw51segR8LGndTfAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

Part TextPart(std::string text) {
  return {.content = chat::Text{std::move(text), {}}};
}
Part CallPart(std::string id, std::string name, std::string arguments) {
  return {.content = chat::ToolCall{.id = std::move(id),
                                    .name = std::move(name),
                                    .arguments = std::move(arguments),
                                    .kind = chat::CallKind::kFunction,
                                    .signature = {},
                                    .inner_extra = {}}};
}
Part ResultPart(std::string id, std::string text) {
  chat::ToolResult result;
  result.call_id = std::move(id);
  result.parts.push_back(TextPart(std::move(text)));
  return {.content = std::move(result)};
}
Part ThoughtPart(std::string text, std::string signature) {
  return {
      .content = chat::Reasoning{
          .text = std::move(text), .signature = std::move(signature), .redacted = {}, .id = {}}};
}
Message Says(Role role, std::vector<Part> parts) {
  return {.role = role, .parts = std::move(parts)};
}

Request Asks(std::vector<Message> messages, std::string_view model = kClaude) {
  Request request;
  request.dialect = "openai_chat";
  request.model = model;
  request.messages = std::move(messages);
  return request;
}

chat::Tool Weather() {
  chat::Tool tool;
  tool.name = "weather";
  tool.parameters = R"({"type":"object","properties":{"city":{"type":"string"}}})";
  return tool;
}

wire::RenderedRequest Render(const Request& request) {
  auto rendered = TheDialect().RenderRequest(request, {});
  EXPECT_TRUE(rendered) << rendered.error().message;
  return rendered ? *std::move(rendered) : wire::RenderedRequest{};
}

void ExpectBody(const Request& request, std::string_view body) {
  EXPECT_EQ(Difference(Meaning::Of(Render(request).body), Meaning::Of(body)), "");
}

std::string MemberText(const wire::RenderedRequest& rendered, const std::string& member) {
  return Meaning::Of(rendered.body).At(member).Text();
}

TEST(Translation, SystemPromptsStandInFrontAndTurnsAreMerged) {
  ExpectBody(
      Asks({Says(Role::kSystem, {TextPart("Be brief.")}), Says(Role::kUser, {TextPart("a")}),
            Says(Role::kUser, {TextPart("b")}), Says(Role::kDeveloper, {TextPart("In French.")}),
            Says(Role::kAssistant, {TextPart("c")}), Says(Role::kUser, {TextPart("d")})}),
      R"({"system":[{"text":"Be brief."},{"text":"In French."}],"messages":[
                 {"role":"user","content":[{"text":"a"},{"text":"b"}]},
                 {"role":"assistant","content":[{"text":"c"}]},
                 {"role":"user","content":[{"text":"d"}]}]})");
}

TEST(Translation, BlankTextsAreLeftOutAndTheUserBegins) {
  ExpectBody(
      Asks({Says(Role::kAssistant, {TextPart("hello")}), Says(Role::kUser, {TextPart(" \n")}),
            Says(Role::kAssistant, {TextPart(""), TextPart("again")})}),
      R"({"messages":[{"role":"user","content":[{"text":"Begin."}]},
                 {"role":"assistant","content":[{"text":"hello"},{"text":"again"}]}]})");
  ExpectBody(Asks({Says(Role::kSystem, {TextPart("x")})}),
             R"({"system":[{"text":"x"}],
                 "messages":[{"role":"user","content":[{"text":"Begin."}]}]})");
}

TEST(Translation, AToolLoopKeepsItsCallsAndResults) {
  Request request =
      Asks({Says(Role::kUser, {TextPart("?")}),
            Says(Role::kAssistant,
                 {CallPart("a", "weather", R"({"city":"Rome"})"), CallPart("b|c", "weather", "")}),
            Says(Role::kTool, {ResultPart("a", "hot")}), Says(Role::kTool, {ResultPart("b|c", "")}),
            Says(Role::kUser, {TextPart("and?")})});
  request.tools = {Weather()};
  const std::string fit = FitId("b|c");
  std::string body = R"j({"messages":[{"role":"user","content":[{"text":"?"}]},
  {"role":"assistant","content":[
  {"toolUse":{"toolUseId":"a","name":"weather","input":{"city":"Rome"}}},
  {"toolUse":{"toolUseId":"FIT","name":"weather","input":{}}}]},
  {"role":"user","content":[
  {"toolResult":{"toolUseId":"a","content":[{"text":"hot"}]}},
  {"toolResult":{"toolUseId":"FIT","content":[{"text":"(no output)"}]}},{"text":"and?"}]}],
  "toolConfig":{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":
  {"type":"object","properties":{"city":{"type":"string"}}}}}}]}})j";
  for (auto at = body.find("FIT"); at != std::string::npos; at = body.find("FIT")) {
    body.replace(at, 3, fit);
  }
  ExpectBody(request, body);
  EXPECT_EQ(FitId(std::string(80, 'x')).size(), 64U);
  EXPECT_NE(FitId("b|c"), FitId("b/c"));
}

TEST(Translation, CallsWithoutIdsGetOnesThatTheirResultsFind) {
  chat::ToolResult second;
  second.name = "time";
  second.json = R"({"now":1})";
  chat::ToolResult first;
  first.name = "weather";
  first.json = "[1]";
  const Request request =
      Asks({Says(Role::kUser, {TextPart("?")}),
            Says(Role::kAssistant, {CallPart("", "weather", "{}"), CallPart("", "time", "{}")}),
            Says(Role::kUser, {Part{.content = second}, Part{.content = first}})});
  const std::string body = Render(request).body;
  EXPECT_NE(body.find(R"("toolUseId":"call_1","content":[{"json":{"now":1}}])"), std::string::npos);
  EXPECT_NE(body.find(R"("toolUseId":"call_0","content":[{"text":"[1]"}])"), std::string::npos);
}

TEST(Translation, ArgumentsThatAreNoObjectAreRefused) {
  const auto rendered =
      TheDialect().RenderRequest(Asks({Says(Role::kUser, {TextPart("?")}),
                                       Says(Role::kAssistant, {CallPart("a", "f", "[1]")})}),
                                 {});
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "messages[1].content[0]");
}

TEST(Translation, ThoughtsGoOnlyToTheirMaker) {
  const std::vector<Message> messages = {
      Says(Role::kUser, {TextPart("?")}),
      Says(Role::kAssistant, {ThoughtPart("mine", kSealed), ThoughtPart("theirs", kForeign),
                              ThoughtPart("plain", ""), TextPart("a")}),
      Says(Role::kUser, {TextPart("b")})};
  const auto claude = Render(Asks(messages));
  EXPECT_NE(
      claude.body.find(R"({"reasoningContent":{"reasoningText":{"text":"mine","signature":")"),
      std::string::npos);
  EXPECT_EQ(claude.body.find("theirs"), std::string::npos);
  EXPECT_EQ(claude.dropped,
            (std::vector<std::string>{"messages[1].content[1]", "messages[1].content[2]"}));
  const auto nova = Render(Asks(messages, "amazon.nova-pro-v1:0"));
  EXPECT_EQ(nova.body.find("mine"), std::string::npos);
  EXPECT_EQ(nova.dropped.size(), 3U);
}

// What comes out of an answer is what goes back, whatever its signature looks like.
TEST(Translation, ClaudesThoughtsGoBetweenBedrockAndAnthropicAsTheyAre) {
  constexpr std::string_view kContent =
      R"([{"reasoningContent":{"reasoningText":{"signature":"any form","text":"hm"}}},)"
      R"({"reasoningContent":{"reasoningText":{"signature":"unseen","text":""}}},)"
      R"({"reasoningContent":{"redactedContent":"RXRnQkNrWUlCeGdD"}},{"text":"a"}])";
  const std::string answer =
      R"({"output":{"message":{"role":"assistant","content":)" + std::string(kContent) +
      R"(}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}})";
  json::Document document;
  ASSERT_TRUE(document.Parse(answer));
  const auto response = TheDialect().ParseAnswer(document.Root());
  ASSERT_TRUE(response);
  const auto& parts = response->choices.at(0).parts;
  ASSERT_EQ(parts.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(std::get<chat::Reasoning>(parts[i].content).format, "anthropic-claude-v1") << i;
  }
  EXPECT_EQ(std::get<chat::Reasoning>(parts[2].content).redacted, "EtgBCkYIBxgC");
  Request request = Asks({Says(Role::kUser, {TextPart("?")}), Says(Role::kAssistant, parts),
                          Says(Role::kUser, {TextPart("b")})});
  request.dialect = "anthropic";
  const auto rendered = Render(request);
  EXPECT_EQ(Meaning::Of(rendered.body).At("messages").items[1].At("content").Text(), kContent);
  EXPECT_TRUE(rendered.dropped.empty());
  request.model = "meta.llama3-3-70b-instruct-v1:0";
  EXPECT_EQ(Render(request).dropped.size(), 3U);

  chat::Response other;  // and from Anthropic to a client of Bedrock's
  other.dialect = "anthropic";
  other.choices.emplace_back().parts = parts;
  EXPECT_EQ(
      Meaning::Of(TheDialect().RenderAnswer(other)).At("output").At("message").At("content").Text(),
      kContent);
}

chat::Reasoning Foreign(std::string text) {
  return {.text = std::move(text),
          .signature = "gsig",
          .redacted = "gAAA",
          .id = "rs_1",
          .format = "openai-responses-v1"};
}

// The parts of the only turn of the assistant, when a client sends back what it was told.
std::vector<Part> SentBack(const std::string& content) {
  const std::string body = R"({"messages":[{"role":"assistant","content":)" + content + "}]}";
  json::Document document;
  EXPECT_TRUE(document.Parse(body));
  auto request = TheDialect().ParseRequest(document.Root());
  EXPECT_TRUE(request);
  return request ? std::move(request->messages.at(0).parts) : std::vector<Part>{};
}

TEST(Translation, WhatOthersSignedGoesThroughAClientAsItIsAndNeverToBedrock) {
  chat::Response response;
  response.dialect = "openai_responses";
  response.choices.emplace_back().parts = {
      {.content = Foreign("hm")}, {.content = Foreign("")}, TextPart("a")};
  const std::string answer = TheDialect().RenderAnswer(response);
  const std::string content = Meaning::Of(answer).At("output").At("message").At("content").Text();
  const auto parts = SentBack(content);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(std::get<chat::Reasoning>(parts[0].content), Foreign("hm"));
  EXPECT_EQ(std::get<chat::Reasoning>(parts[1].content), Foreign(""));
  EXPECT_TRUE(TheDialect().HoldsForeign(content));
  EXPECT_TRUE(TheDialect().HoldsForeign(Meaning::Of(content).items.at(1).Text()));
  EXPECT_FALSE(TheDialect().HoldsForeign(R"({"messages":[{"role":"user"}]})"));
  Request own = Asks({Says(Role::kAssistant, parts)});
  own.dialect = kDialect;
  const auto rendered = Render(own);
  EXPECT_EQ(MemberText(rendered, "messages"), R"([{"content":[{"text":"a"}],"role":"assistant"}])");
  EXPECT_EQ(rendered.dropped,
            (std::vector<std::string>{"messages[0].content[0]", "messages[0].content[1]"}));
}

TEST(Translation, ARedactedThoughtOfAnotherFormIsBedrocksAlone) {
  const auto parts = SentBack(R"([{"reasoningContent":{"redactedContent":"AAEC"}}])");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(std::get<chat::Reasoning>(parts[0].content).format, "amazon-bedrock-v1");
  const auto rendered =
      Render(Asks({Says(Role::kUser, {TextPart("?")}), Says(Role::kAssistant, parts)}));
  EXPECT_EQ(Meaning::Of(rendered.body).At("messages").items.at(1).At("content").Text(),
            R"([{"reasoningContent":{"redactedContent":"AAEC"}}])");
}

TEST(Translation, RedactedThoughtsKeepWhatAnthropicWouldSay) {
  const std::string wrapped = "RXRnQkNrWUlCeGdD";  // Base64 of Base64
  EXPECT_EQ(UnwrapRedacted(wrapped), "EtgBCkYIBxgC");
  EXPECT_EQ(WrapRedacted("EtgBCkYIBxgC"), wrapped);
  EXPECT_TRUE(IsMadeByClaude(UnwrapRedacted(wrapped)));
  for (const char* other : {"AAEC", "not base64!", "", "PQ=="}) {
    EXPECT_EQ(WrapRedacted(UnwrapRedacted(other)), other);
  }
}

TEST(Translation, EffortIsABudgetForClaude) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})});
  request.reasoning.effort = "medium";
  request.sampling.temperature = chat::Number{"0.2"};
  request.sampling.max_output_tokens = 5000;
  const auto rendered = Render(request);
  EXPECT_EQ(MemberText(rendered, "additionalModelRequestFields"),
            R"({"thinking":{"budget_tokens":3750,"type":"enabled"}})");
  EXPECT_EQ(MemberText(rendered, "inferenceConfig"), R"({"maxTokens":5000})");
  EXPECT_EQ(rendered.dropped, std::vector<std::string>{"temperature"});

  request.sampling.max_output_tokens = 500;  // no room
  const auto small = Render(request);
  EXPECT_EQ(MemberText(small, "additionalModelRequestFields"), "null");
  EXPECT_EQ(MemberText(small, "inferenceConfig"), R"({"maxTokens":500,"temperature":0.2})");
  EXPECT_EQ(small.dropped, std::vector<std::string>{"reasoning.effort"});
}

TEST(Translation, ClaudeThinksAsItsVersionCan) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})}, "us.anthropic.claude-opus-4-7");
  request.reasoning.effort = "xhigh";
  const auto newest = Render(request);
  EXPECT_EQ(MemberText(newest, "additionalModelRequestFields"),
            R"({"output_config":{"effort":"xhigh"},"thinking":{"type":"adaptive"}})");
  request.model = "anthropic.claude-3-haiku-20240307-v1:0";
  request.sampling.temperature = chat::Number{"0.2"};
  request.sampling.top_p = chat::Number{"0.9"};
  const auto old = Render(request);
  EXPECT_EQ(MemberText(old, "additionalModelRequestFields"), "null");
  EXPECT_EQ(MemberText(old, "inferenceConfig"), R"({"temperature":0.2,"topP":0.9})");
  EXPECT_EQ(old.dropped, std::vector<std::string>{"reasoning.effort"});
}

TEST(Translation, ClaudeIsToldToSampleAsItsVersionCan) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})}, "us.anthropic.claude-opus-4-7");
  request.sampling.temperature = chat::Number{"0.2"};
  request.sampling.top_p = chat::Number{"0.9"};
  const auto newest = Render(request);
  EXPECT_EQ(MemberText(newest, "inferenceConfig"), "null");
  EXPECT_EQ(newest.dropped, (std::vector<std::string>{"temperature", "top_p"}));
  request.model = kClaude;
  const auto one = Render(request);
  EXPECT_EQ(MemberText(one, "inferenceConfig"), R"({"temperature":0.2})");
  EXPECT_EQ(one.dropped, std::vector<std::string>{"top_p"});
}

TEST(Translation, ClaudeDoesNotThinkOnAfterACallWithoutItsThoughts) {
  std::vector<Message> messages = {Says(Role::kUser, {TextPart("?")}),
                                   Says(Role::kAssistant, {CallPart("a", "weather", "{}")}),
                                   Says(Role::kTool, {ResultPart("a", "hot")})};
  Request request = Asks(messages);
  request.tools = {Weather()};
  request.reasoning.budget = 2000;
  EXPECT_EQ(Render(request).dropped, std::vector<std::string>{"reasoning.budget"});
  request.messages[1].parts.insert(request.messages[1].parts.begin(), ThoughtPart("hm", kSealed));
  EXPECT_EQ(MemberText(Render(request), "additionalModelRequestFields"),
            R"({"thinking":{"budget_tokens":2000,"type":"enabled"}})");
}

TEST(Translation, OtherModelsHaveOtherWordsForEffort) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})}, "us.amazon.nova-2-lite-v1:0");
  request.reasoning.effort = "low";
  request.sampling.top_k = chat::Number{"20"};
  EXPECT_EQ(MemberText(Render(request), "additionalModelRequestFields"),
            R"({"inferenceConfig":{"topK":20},)"
            R"("reasoningConfig":{"maxReasoningEffort":"low","type":"enabled"}})");
  request.model = "openai.gpt-oss-120b-1:0";
  const auto oss = Render(request);
  EXPECT_EQ(MemberText(oss, "additionalModelRequestFields"), R"({"reasoning_effort":"low"})");
  EXPECT_EQ(oss.dropped, std::vector<std::string>{"top_k"});
  request.model = "meta.llama3-3-70b-instruct-v1:0";
  EXPECT_EQ(Render(request).dropped, (std::vector<std::string>{"reasoning.effort", "top_k"}));
}

TEST(Translation, ToolChoices) {
  const auto choice_of = [](chat::ToolChoiceMode mode, bool one_at_a_time, std::string_view model) {
    Request request = Asks({Says(Role::kUser, {TextPart("?")})}, model);
    request.tools = {Weather()};
    request.tool_choice.mode = mode;
    request.tool_choice.names = {"weather"};
    request.parallel_tool_calls = one_at_a_time ? std::optional(false) : std::nullopt;
    const auto rendered = Render(request);
    return Meaning::Of(rendered.body).At("toolConfig").At("toolChoice").Text() + " " +
           MemberText(rendered, "additionalModelRequestFields");
  };
  using Mode = chat::ToolChoiceMode;
  EXPECT_EQ(choice_of(Mode::kAuto, false, kClaude), R"({"auto":{}} null)");
  EXPECT_EQ(choice_of(Mode::kRequired, false, kClaude), R"({"any":{}} null)");
  EXPECT_EQ(choice_of(Mode::kNamed, false, kClaude), R"({"tool":{"name":"weather"}} null)");
  EXPECT_EQ(choice_of(Mode::kAllowed, false, kClaude), R"({"auto":{}} null)");
  EXPECT_EQ(choice_of(Mode::kNamed, true, kClaude),
            R"(null {"tool_choice":{"disable_parallel_tool_use":true,)"
            R"("name":"weather","type":"tool"}})");
  EXPECT_EQ(choice_of(Mode::kUnset, true, kClaude),
            R"(null {"tool_choice":{"disable_parallel_tool_use":true,"type":"auto"}})");
  EXPECT_EQ(choice_of(Mode::kRequired, true, "mistral.mistral-large-2407-v1:0"),
            R"({"any":{}} null)");
}

TEST(Translation, NoToolsAreSentWhenNoneMayBeCalled) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})});
  request.tools = {Weather()};
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  EXPECT_EQ(MemberText(Render(request), "toolConfig"), "null");
  request.messages.push_back(Says(Role::kAssistant, {CallPart("a", "weather", "{}")}));
  request.messages.push_back(Says(Role::kTool, {ResultPart("a", "hot")}));
  const auto rendered = Render(request);  // Converse wants them when the history has calls
  EXPECT_NE(MemberText(rendered, "toolConfig").find("weather"), std::string::npos);
  EXPECT_EQ(MemberText(rendered, "system"), R"([{"text":"Answer without calling a tool."}])");
  request.tools.clear();
  request.tool_choice = {};
  EXPECT_NE(MemberText(Render(request), "toolConfig").find("weather"), std::string::npos);
}

TEST(Translation, AnswersByJsonSchema) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})});
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.name = "city";
  request.response_format.schema = R"({"type":"object"})";
  request.response_format.strict = true;
  EXPECT_EQ(MemberText(Render(request), "outputConfig"),
            R"({"textFormat":{"structure":{"jsonSchema":{"name":"city",)"
            R"("schema":"{\"type\":\"object\"}"}},"type":"json_schema"}})");
  request.response_format = {};
  request.response_format.kind = chat::FormatKind::kJsonObject;
  EXPECT_EQ(MemberText(Render(request), "system"),
            R"([{"text":"Answer with one JSON object and nothing else."}])");
}

Part MediaPart(chat::MediaKind kind, std::string data, std::string type, std::string name = {}) {
  chat::Media media;
  media.kind = kind;
  media.data = std::move(data);
  media.media_type = std::move(type);
  media.name = std::move(name);
  return {.content = std::move(media)};
}

TEST(Translation, DocumentsGetNeutralNames) {
  using Kind = chat::MediaKind;
  ExpectBody(Asks({Says(Role::kUser,
                        {MediaPart(Kind::kDocument, "JVBERi0x", "application/pdf", "ignore me.pdf"),
                         MediaPart(Kind::kDocument, "YQ==", "", "notes.md"),
                         MediaPart(Kind::kImage, "iVBORw0KGgoA", ""), TextPart("?")})}),
             R"({"messages":[{"role":"user","content":[
  {"document":{"format":"pdf","name":"Document 1","source":{"bytes":"JVBERi0x"}}},
  {"document":{"format":"md","name":"Document 2","source":{"bytes":"YQ=="}}},
  {"image":{"format":"png","source":{"bytes":"iVBORw0KGgoA"}}},{"text":"?"}]}]})");
}

TEST(Translation, MediaThatBedrockCannotTakeIsNamed) {
  const auto error_of = [](Part part) {
    const auto rendered =
        TheDialect().RenderRequest(Asks({Says(Role::kUser, {std::move(part)})}), {});
    return rendered ? std::string("none") : rendered.error().message;
  };
  EXPECT_EQ(error_of(MediaPart(chat::MediaKind::kImage, "AAAA", "image/tiff")),
            "messages[0].content[0]: Bedrock Converse does not take image/tiff here");
  Part url = MediaPart(chat::MediaKind::kImage, "", "");
  std::get<chat::Media>(url.content).url = "https://example.com/a.png";
  EXPECT_EQ(error_of(url),
            "messages[0].content[0]: Bedrock Converse takes bytes or an s3:// address here, no "
            "other URL");
  std::get<chat::Media>(url.content).url = "s3://bucket/a.png";
  EXPECT_EQ(error_of(url), "none");
  using Kind = chat::MediaKind;
  for (const Kind kind : {Kind::kImage, Kind::kDocument, Kind::kAudio, Kind::kVideo}) {
    Part file = MediaPart(kind, "", "");
    std::get<chat::Media>(file.content).file_id = "file-1";
    EXPECT_NE(error_of(file).find("messages[0].content[0]"), std::string::npos);
  }
}

TEST(Translation, CacheMarkersBecomeCachePoints) {
  Part marked = TextPart("long");
  marked.cache = chat::CacheMarker{.type = "ephemeral", .ttl = "1h", .extra = {}};
  const auto claude = Render(Asks({Says(Role::kUser, {marked, TextPart("?")})}));
  EXPECT_NE(claude.body.find(
                R"({"text":"long"},{"cachePoint":{"type":"default","ttl":"1h"}},{"text":"?"})"),
            std::string::npos);
  const auto llama = Render(Asks({Says(Role::kUser, {marked})}, "meta.llama3-3-70b-instruct-v1:0"));
  EXPECT_EQ(llama.body.find("cachePoint"), std::string::npos);
  EXPECT_EQ(llama.dropped, std::vector<std::string>{"messages[0].content[0].cache_control"});
}

TEST(Translation, MetadataAndTiersAsFarAsAwsTakesThem) {
  Request request = Asks({Says(Role::kUser, {TextPart("?")})});
  request.metadata = {{"team", R"("blue")"}, {"odd", R"("a\"b")"}, {"x-signalbox-hint", R"("1")"}};
  request.service_tier = "flex";
  const auto rendered = Render(request);
  EXPECT_EQ(MemberText(rendered, "requestMetadata"), R"({"team":"blue"})");
  EXPECT_EQ(MemberText(rendered, "serviceTier"), R"({"type":"flex"})");
  EXPECT_EQ(rendered.dropped, std::vector<std::string>{"metadata.odd"});
}

TEST(Paths, ModelsAreEncoded) {
  using chat::Operation;
  const auto& dialect = TheDialect();
  EXPECT_EQ(dialect.PathOf(Operation::kChat, "anthropic.claude-v2:1", false),
            "/model/anthropic.claude-v2%3A1/converse");
  EXPECT_EQ(
      dialect.PathOf(Operation::kChat,
                     "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x-v1:0", true),
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.x-v1"
      "%3A0/converse-stream");
  EXPECT_EQ(dialect.PathOf(Operation::kEmbeddings, "cohere.embed-v4:0", false),
            "/model/cohere.embed-v4%3A0/invoke");
  EXPECT_EQ(dialect.PathOf(Operation::kCountTokens, "a.b", false), "/model/a.b/count-tokens");
}

TEST(Embeddings, TakeTheFormOfTheirModel) {
  chat::EmbeddingsRequest request;
  request.model = "amazon.titan-embed-text-v2:0";
  request.inputs = {{.text = "a", .tokens = {}}};
  request.dimensions = 256;
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(request)->body,
            R"({"inputText":"a","dimensions":256})");
  request.inputs.push_back({.text = "b", .tokens = {}});
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(request).error().param, "input");
  request.model = "cohere.embed-v4:0";
  request.purpose = "RETRIEVAL_QUERY";
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(request)->body,
            R"({"texts":["a","b"],"input_type":"search_query","output_dimension":256})");
  request.model = "meta.llama3-3-70b-instruct-v1:0";
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(request).error().param, "model");
  request.inputs = {{.text = {}, .tokens = {1, 2}}};
  request.model = "cohere.embed-v4:0";
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(request).error().param, "input");
}

TEST(Embeddings, OfOtherVendorsTakeTheFormOfTheirModel) {
  chat::EmbeddingsResponse response;
  response.data.push_back({.index = 0, .vector = "[1,2]", .extra = {}});
  response.usage.emplace().tokens.input = 3;
  response.model = "amazon.titan-embed-text-v2:0";
  EXPECT_EQ(TheDialect().RenderEmbeddingsAnswer(response),
            R"({"embedding":[1,2],"inputTextTokenCount":3})");
  response.data.push_back({.index = 1, .vector = "[3,4]", .extra = {}});
  response.model = "cohere.embed-v4:0";
  EXPECT_EQ(TheDialect().RenderEmbeddingsAnswer(response),
            R"({"embeddings":[[1,2],[3,4]],"response_type":"embeddings_floats"})");
}

TEST(Errors, HaveAwssTypes) {
  const auto& dialect = TheDialect();
  wire::ErrorAnswer error{
      .status = 429, .error = {core::ErrorCode::kRateLimited, "slow down", {}, {}}, .vendor = {}};
  EXPECT_EQ(dialect.RenderError(error),
            R"({"__type":"ThrottlingException","message":"slow down"})");
  error.vendor.type = "ModelNotReadyException";
  EXPECT_EQ(dialect.RenderError(error),
            R"({"__type":"ModelNotReadyException","message":"slow down"})");
  const auto parsed = dialect.ParseError(
      R"({"__type":"com.amazon.coral.validate#ValidationException","Message":"no"})");
  EXPECT_EQ(parsed.type, "ValidationException");
  EXPECT_EQ(parsed.message, "no");
  EXPECT_EQ(dialect.ParseError("<html>").message, "<html>");
  std::string stream;
  dialect.NewStreamRenderer(false, {})->RenderError(error, stream);
  EXPECT_EQ(LinesOf(stream), "throttlingException {\"message\":\"slow down\"}\n");
}

// Events as other vendors give them: usage first and last, no ends of parts, calls that overlap.
TEST(Streams, AreWholeForEventsOfOtherDialects) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const auto render = [&](std::vector<chat::Event> events) { renderer->Render(events, out); };
  chat::UsageReport usage;
  usage.tokens = {.input = 30, .output = 1, .cached = 20, .reasoning = -1};
  render({{0, chat::StreamStart{}}, {0, chat::ChoiceStart{}}, {0, usage}});
  render({{0, chat::ReasoningDelta{"hm", {}, {}}}});
  render({{0, chat::TextDelta{"a"}}, {1, chat::TextDelta{"other choice"}}});
  render(
      {{0, chat::ToolCallStart{.call = 0, .id = "x", .name = "f", .kind = {}, .signature = {}}},
       {0, chat::ToolCallStart{.call = 1, .id = "y", .name = "g", .kind = {}, .signature = {}}}});
  render({{0, chat::ToolCallArguments{0, "{"}}, {0, chat::ToolCallArguments{0, "}"}}});
  render({{0, chat::RefusalDelta{"no"}}});
  render({{0, chat::Finish{chat::FinishReason::kToolCalls, "tool_calls"}}});
  usage.tokens.output = 7;
  render({{0, usage}});
  render({{0, chat::StreamEnd{}}});
  render({{0, chat::TextDelta{"after the end"}}});
  EXPECT_EQ(LinesOf(out), R"(messageStart {"role":"assistant"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"a"}}
contentBlockStop {"contentBlockIndex":1}
contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"name":"f","toolUseId":"x"}}}
contentBlockStart {"contentBlockIndex":3,"start":{"toolUse":{"name":"g","toolUseId":"y"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"}"}}}
contentBlockDelta {"contentBlockIndex":4,"delta":{"text":"no"}}
contentBlockStop {"contentBlockIndex":4}
contentBlockStop {"contentBlockIndex":2}
contentBlockDelta {"contentBlockIndex":3,"delta":{"toolUse":{"input":"{}"}}}
contentBlockStop {"contentBlockIndex":3}
messageStop {"stopReason":"tool_use"}
metadata {"metrics":{"latencyMs":0},"usage":{"cacheReadInputTokens":20,"inputTokens":10,"outputTokens":7,"totalTokens":37}}
)");
}

TEST(Streams, HandOnWhatOthersSignedWithTheirThoughts) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const std::vector<chat::Event> events = {
      {0, chat::ReasoningDelta{.text = "", .signature = {}, .redacted = {}, .id = "rs_1"}},
      {0, chat::ReasoningDelta{.text = "h", .signature = {}, .redacted = {}}},
      {0, chat::ReasoningDelta{.text = "", .signature = {}, .redacted = "gAAA"}},
      {0, chat::PartEnd{}},
      {0, chat::ReasoningDelta{.text = "", .signature = "gsig", .redacted = {}, .format = "g"}},
      {0, chat::TextDelta{"a"}},
      {0, chat::ReasoningDelta{.text = "m", .signature = {}, .redacted = {}}},
      {0,
       chat::ReasoningDelta{
           .text = "", .signature = "sig", .redacted = {}, .format = "anthropic-claude-v1"}},
      {0, chat::Finish{}},
      {0, chat::StreamEnd{}}};
  renderer->Render(events, out);
  const std::string lines = LinesOf(out);
  EXPECT_NE(lines.find(R"("reasoningContent":{"signature":"sig"})"), std::string::npos) << lines;
  const auto streamed = testkit::RunStream(TheDialect(), {out});
  EXPECT_EQ(streamed.canonical.substr(0, streamed.canonical.find("0 finish")),
            R"(start
0 begins
0 reasoning "h"
0 reasoning "" redacted-bytes=4 id="rs_1" format="openai-responses-v1"
0 part-ends
0 reasoning "" signature="gsig" format="g"
0 part-ends
0 text "a"
0 part-ends
0 reasoning "m"
0 reasoning "" signature="sig" format="anthropic-claude-v1"
0 part-ends
)");
}

TEST(Streams, TheTextOfACustomCallIsAMemberOfItsInput) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const std::vector<chat::Event> events = {
      {0,
       chat::ToolCallStart{
           .call = 0, .id = "x", .name = "f", .kind = chat::CallKind::kCustom, .signature = {}}},
      {0, chat::ToolCallArguments{0, "a \"b"}},
      {0, chat::ToolCallArguments{0, "\"\n"}},
      {0, chat::Finish{}},
      {0, chat::StreamEnd{}}};
  renderer->Render(events, out);
  const auto streamed = testkit::RunStream(TheDialect(), {out});
  EXPECT_NE(streamed.canonical.find(R"(0 arguments 0 "{\"input\":\""
0 arguments 0 "a \\\"b"
0 arguments 0 "\\\"\\n"
0 arguments 0 "\"}"
0 call-ends 0)"),
            std::string::npos)
      << streamed.canonical;
}

TEST(Streams, AnErrorIsTheEnd) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  chat::VendorError error;
  error.type = "overloaded_error";
  error.message = "later";
  const std::vector<chat::Event> events = {
      {0, chat::TextDelta{"a"}}, {0, error}, {0, chat::StreamEnd{}}};
  renderer->Render(events, out);
  EXPECT_EQ(LinesOf(out), R"(messageStart {"role":"assistant"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
serviceUnavailableException {"message":"later"}
)");
}

TEST(Answers, OfOtherDialectsAreWhole) {
  chat::Response response;
  response.dialect = "openai_chat";
  chat::Choice& choice = response.choices.emplace_back();
  choice.finish = chat::FinishReason::kStop;
  choice.finish_text = "stop";
  choice.parts = {TextPart("x"), CallPart("id", "f", "not json")};
  std::get<chat::Text>(choice.parts[0].content)
      .citations.push_back({.type = "url_citation",
                            .url = "https://a",
                            .title = "A",
                            .start = 1,
                            .end = 2,
                            .extra = {}});
  EXPECT_EQ(Difference(Meaning::Of(TheDialect().RenderAnswer(response)), Meaning::Of(R"(
{"output":{"message":{"role":"assistant","content":[
{"citationsContent":{"content":[{"text":"x"}],
 "citations":[{"title":"A","location":{"web":{"url":"https://a"}}}]}},
{"toolUse":{"toolUseId":"id","name":"f","input":{"input":"not json"}}}]}},
"stopReason":"end_turn","usage":{"inputTokens":0,"outputTokens":0,"totalTokens":0},
"metrics":{"latencyMs":0}})")),
            "");
}

}  // namespace
}  // namespace signalbox::bedrock
