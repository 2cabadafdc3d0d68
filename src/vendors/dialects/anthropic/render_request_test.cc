// Requests of other dialects, as Anthropic takes them.
#include <gtest/gtest.h>

#include <algorithm>

#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/meaning_testing.h"

namespace signalbox::anthropic {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;

Message Say(Role role, std::string text) {
  return {.role = role, .parts = {{.content = chat::Text{std::move(text), {}}}}};
}

Part Call(std::string id, std::string name, std::string arguments) {
  chat::ToolCall call;
  call.id = std::move(id);
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  return {.content = std::move(call)};
}

Part Result(std::string id, std::string text) {
  chat::ToolResult result;
  result.call_id = std::move(id);
  result.parts = {{.content = chat::Text{std::move(text), {}}}};
  return {.content = std::move(result)};
}

Part Thought(std::string text, std::string signature, std::string format) {
  chat::Reasoning thought;
  thought.text = std::move(text);
  thought.signature = std::move(signature);
  thought.format = std::move(format);
  return {.content = std::move(thought)};
}

chat::Tool Tool(std::string name) {
  chat::Tool tool;
  tool.name = std::move(name);
  tool.parameters = R"({"type":"object","properties":{"n":{"type":"integer","minimum":1}}})";
  return tool;
}

Request Ask(std::string model = "claude-sonnet-4-5") {
  Request request;
  request.dialect = "elsewhere";
  request.model = std::move(model);
  request.messages = {Say(Role::kUser, "Hello")};
  return request;
}

struct Rendered {
  Meaning body;
  std::vector<std::string> dropped;
  bool Dropped(std::string_view path) const {
    return std::ranges::find(dropped, path) != dropped.end();
  }
};

Rendered Render(const Request& request) {
  const auto rendered = TheDialect().RenderRequest(request, {});
  EXPECT_TRUE(rendered) << rendered.error().message;
  return rendered ? Rendered{MeaningOf(std::string_view(rendered->body)), rendered->dropped}
                  : Rendered{};
}

std::string Refused(const Request& request) {
  const auto rendered = TheDialect().RenderRequest(request, {});
  EXPECT_FALSE(rendered);
  return rendered ? "" : rendered.error().param;
}

TEST(AnthropicRequest, LiftsSystemPromptsAndStatesABound) {
  Request request = Ask();
  request.messages = {Say(Role::kSystem, "One."), Say(Role::kUser, "Hello"),
                      Say(Role::kDeveloper, "Two."), Say(Role::kSystem, "")};
  EXPECT_EQ(Render(request).body.Text(),
            R"({"max_tokens":4096,"messages":[{"content":[{"text":"Hello","type":"text"}],)"
            R"("role":"user"}],"model":"claude-sonnet-4-5","system":"One.\n\nTwo."})");
}

TEST(AnthropicRequest, KeepsCacheMarkersOfTheSystemPrompt) {
  Request request = Ask();
  request.messages.insert(request.messages.begin(), Say(Role::kSystem, "One."));
  request.messages[0].parts[0].cache = chat::CacheMarker{"default", "1h", {}};
  EXPECT_EQ(Render(request).body.At("system").Text(),
            R"([{"cache_control":{"ttl":"1h","type":"ephemeral"},"text":"One.","type":"text"}])");
}

TEST(AnthropicRequest, PutsTheResultsOfATurnTogetherAndFirst) {
  Request request = Ask();
  request.tools = {Tool("f")};
  request.messages.push_back(
      {.role = Role::kAssistant, .parts = {Call("a.1:2", "f", ""), Call("b", "f", R"({"n":1})")}});
  request.messages.push_back({.role = Role::kTool, .parts = {Result("a.1:2", "one")}});
  request.messages.push_back(Say(Role::kUser, "Quick!"));
  request.messages.push_back({.role = Role::kTool, .parts = {Result("b", "two")}});
  request.messages.push_back(Say(Role::kUser, ""));
  const Meaning messages = Render(request).body.At("messages");
  ASSERT_EQ(messages.items.size(), 3U);
  EXPECT_EQ(messages.items[1].At("content").Text(),
            R"([{"id":"a_1_2","input":{},"name":"f","type":"tool_use"},)"
            R"({"id":"b","input":{"n":1},"name":"f","type":"tool_use"}])");
  EXPECT_EQ(messages.items[2].At("content").Text(),
            R"([{"content":"one","tool_use_id":"a_1_2","type":"tool_result"},)"
            R"({"content":"two","tool_use_id":"b","type":"tool_result"},)"
            R"({"text":"Quick!","type":"text"}])");
}

TEST(AnthropicRequest, GivesCallsWithoutAnIdOneThatTheirResultsShare) {
  Request request = Ask();
  request.messages.push_back(
      {.role = Role::kAssistant, .parts = {Call("", "f", "{}"), Call("", "g", "{}")}});
  chat::ToolResult result;
  result.name = "g";
  result.json = R"({"ok":true})";
  request.messages.push_back({.role = Role::kTool, .parts = {{.content = result}}});
  const Meaning messages = Render(request).body.At("messages");
  EXPECT_EQ(messages.items[1].At("content").items[1].At("id").scalar, "call_1");
  EXPECT_EQ(messages.items[2].At("content").Text(),
            R"([{"content":"{\"ok\":true}","tool_use_id":"call_1","type":"tool_result"}])");
}

TEST(AnthropicRequest, WrapsArgumentsThatAreNoObject) {
  Request request = Ask();
  request.messages.push_back(
      {.role = Role::kAssistant,
       .parts = {Call("a", "f", "{broken"), Call("b", "f", "null"), Call("c", "f", "[1]")}});
  const Meaning calls = Render(request).body.At("messages").items[1].At("content");
  EXPECT_EQ(calls.items[0].At("input").Text(), R"({"input":"{broken"})");
  EXPECT_EQ(calls.items[1].At("input").Text(), "{}");
  EXPECT_EQ(calls.items[2].At("input").Text(), R"({"input":"[1]"})");
}

TEST(AnthropicRequest, BeginsWithTheUserAndEndsWithoutWhiteSpace) {
  Request request = Ask();
  request.messages = {Say(Role::kAssistant, "Once upon a time \n")};
  EXPECT_EQ(Render(request).body.At("messages").Text(),
            R"([{"content":[{"text":".","type":"text"}],"role":"user"},)"
            R"({"content":[{"text":"Once upon a time","type":"text"}],"role":"assistant"}])");
  request.messages = {Say(Role::kSystem, "Alone.")};
  EXPECT_EQ(Render(request).body.At("messages").items.size(), 1U);
}

TEST(AnthropicRequest, SendsBackOnlyThoughtsThatAnthropicSigned) {
  Request request = Ask();
  request.messages.push_back({.role = Role::kAssistant,
                              .parts = {Thought("mine", "EqQB", "anthropic-claude-v1"),
                                        Thought("other", "gsig", "google-gemini-v1"),
                                        Thought("nobody's", "", ""),
                                        Thought("whose?", "x", ""),
                                        {.content = chat::Text{"so", {}}}}});
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.body.At("messages").items[1].At("content").Text(),
            R"([{"signature":"EqQB","thinking":"mine","type":"thinking"},)"
            R"({"text":"so","type":"text"}])");
  EXPECT_EQ(rendered.dropped,
            (std::vector<std::string>{"messages[1].content[1]", "messages[1].content[2]",
                                      "messages[1].content[3]"}));
}

TEST(AnthropicRequest, TurnsEffortIntoABudgetAndMakesRoomForItWhereNoBoundIsStated) {
  Request request = Ask();
  request.reasoning.effort = "medium";
  request.sampling.temperature = chat::Number{"0.2"};
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.body.At("thinking").Text(), R"({"budget_tokens":8192,"type":"enabled"})");
  EXPECT_EQ(rendered.body.At("max_tokens").Text(), "12288");
  EXPECT_FALSE(rendered.body.Has("temperature"));
  EXPECT_TRUE(rendered.Dropped("temperature"));
}

TEST(AnthropicRequest, KeepsTheBoundOfTheCaller) {
  const auto plan_of = [](std::int64_t bound, std::string effort, std::int64_t budget) {
    Request request = Ask();
    request.sampling.max_output_tokens = bound;
    request.reasoning.effort = std::move(effort);
    request.reasoning.budget = budget > 0 ? std::optional(budget) : std::nullopt;
    const Rendered rendered = Render(request);
    return rendered.body.At("max_tokens").Text() + " " +
           (rendered.Dropped("reasoning")
                ? "dropped"
                : rendered.body.At("thinking").At("budget_tokens").Text());
  };
  EXPECT_EQ(plan_of(4000, "medium", 0), "4000 3000");
  EXPECT_EQ(plan_of(8200, "medium", 0), "8200 6150");
  EXPECT_EQ(plan_of(20000, "medium", 0), "20000 8192");
  EXPECT_EQ(plan_of(1025, "high", 0), "1025 1024");
  EXPECT_EQ(plan_of(1024, "high", 0), "1024 dropped");
  EXPECT_EQ(plan_of(4000, "", 3900), "4000 3900") << "as it was asked for";
  EXPECT_EQ(plan_of(4000, "", 4000), "4000 3000");
}

TEST(AnthropicRequest, KeepsTheBoundOfTheCallerOfAModelThatTakesAnEffort) {
  Request request = Ask("claude-opus-4-7");
  request.reasoning.effort = "high";
  request.sampling.max_output_tokens = 800;
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.body.At("max_tokens").Text(), "800");
  EXPECT_EQ(rendered.body.At("output_config").Text(), R"({"effort":"high"})");
}

TEST(AnthropicRequest, NeverAsksForLessThanTheLeastBudget) {
  Request request = Ask();
  request.reasoning.budget = 10;
  EXPECT_EQ(Render(request).body.At("thinking").At("budget_tokens").Text(), "1024");
  request.reasoning.budget = 0;
  EXPECT_FALSE(Render(request).body.Has("thinking"));
}

TEST(AnthropicRequest, AsksNewModelsForAnEffortInstead) {
  Request request = Ask("claude-opus-4-7");
  request.reasoning.budget = 20000;
  request.sampling.top_p = chat::Number{"0.5"};
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.body.At("thinking").Text(), R"({"display":"summarized","type":"adaptive"})");
  EXPECT_EQ(rendered.body.At("output_config").Text(), R"({"effort":"xhigh"})");
  EXPECT_TRUE(rendered.Dropped("top_p"));
  request.model = "claude-opus-4-6";
  request.reasoning = {};
  request.reasoning.effort = "xhigh";
  EXPECT_EQ(Render(request).body.At("output_config").Text(), R"({"effort":"high"})");
}

TEST(AnthropicRequest, DoesNotThinkWhereThatIsRefused) {
  Request request = Ask();
  request.reasoning.effort = "low";
  request.tools = {Tool("f")};
  request.messages.push_back({.role = Role::kAssistant, .parts = {Call("a", "f", "{}")}});
  request.messages.push_back({.role = Role::kTool, .parts = {Result("a", "1")}});
  EXPECT_FALSE(Render(request).body.Has("thinking")) << "in a loop without its thoughts";
  EXPECT_TRUE(Render(request).Dropped("reasoning"));
  request.messages[1].parts.insert(request.messages[1].parts.begin(),
                                   Thought("t", "EqQB", "anthropic-claude-v1"));
  EXPECT_TRUE(Render(request).body.Has("thinking"));
  request.tool_choice.mode = chat::ToolChoiceMode::kRequired;
  EXPECT_FALSE(Render(request).body.Has("thinking")) << "with a call that must be made";
  Request old = Ask("claude-3-5-haiku-latest");
  old.reasoning.effort = "low";
  EXPECT_TRUE(Render(old).Dropped("reasoning"));
}

TEST(AnthropicRequest, KeepsTemperatureInItsRange) {
  Request request = Ask();
  request.sampling.temperature = chat::Number{"1.4"};
  EXPECT_EQ(Render(request).body.At("temperature").Text(), "1");
  EXPECT_TRUE(Render(request).Dropped("temperature"));
  request.sampling.temperature = chat::Number{"0"};
  request.sampling.top_p = chat::Number{"0.9"};
  EXPECT_EQ(Render(request).body.At("temperature").Text(), "0");
  EXPECT_TRUE(Render(request).Dropped("top_p"));
  request.model = "claude-3-haiku-20240307";
  EXPECT_TRUE(Render(request).body.Has("top_p"));
}

TEST(AnthropicRequest, BindsTheAnswerToASchemaThatCompiles) {
  Request request = Ask();
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.schema =
      R"({"type":"object","properties":{"minimum":{"type":"number","minimum":0,"description":"N"},)"
      R"("l":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"object"}}}})";
  EXPECT_EQ(
      Render(request).body.At("output_config").At("format").At("schema").Text(),
      R"({"additionalProperties":false,"properties":{"l":{"description":"{maxItems: 3}",)"
      R"("items":{"additionalProperties":false,"type":"object"},"minItems":1,"type":"array"},)"
      R"("minimum":{"description":"N\n\n{minimum: 0}","type":"number"}},"type":"object"})");
  request.model = "claude-3-haiku-20240307";
  const Rendered old = Render(request);
  EXPECT_FALSE(old.body.Has("output_config"));
  EXPECT_NE(old.body.At("system").scalar.find(request.response_format.schema), std::string::npos);
}

TEST(AnthropicRequest, AsksForJsonInWords) {
  Request request = Ask();
  request.messages.insert(request.messages.begin(), Say(Role::kSystem, "Be brief."));
  request.response_format.kind = chat::FormatKind::kJsonObject;
  EXPECT_TRUE(Render(request).body.At("system").scalar.starts_with("Be brief.\n\nAnswer with one"));
}

TEST(AnthropicRequest, SaysToolsAndTheirChoice) {
  Request request = Ask();
  request.tools = {Tool("f"), Tool("g")};
  request.tools[0].strict = true;
  request.tools[1].parameters = "";
  request.parallel_tool_calls = false;
  request.tool_choice.mode = chat::ToolChoiceMode::kAllowed;
  request.tool_choice.names = {"f"};
  request.tool_choice.required = true;
  EXPECT_EQ(Render(request).body.At("tool_choice").Text(),
            R"({"disable_parallel_tool_use":true,"type":"any"})");
  EXPECT_EQ(Render(request).body.At("tools").items.size(), 1U);
  request.tool_choice = {};
  const Meaning body = Render(request).body;
  EXPECT_EQ(body.At("tool_choice").Text(), R"({"disable_parallel_tool_use":true,"type":"auto"})");
  EXPECT_EQ(body.At("tools").items[0].At("strict").scalar, "true");
  EXPECT_EQ(body.At("tools").items[1].At("input_schema").Text(),
            R"({"properties":{},"type":"object"})");
  request.model = "claude-3-haiku-20240307";
  EXPECT_TRUE(Render(request).Dropped("tools[0].strict"));
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  EXPECT_EQ(Render(request).body.At("tool_choice").Text(), R"({"type":"none"})");
  request.tools.clear();
  EXPECT_FALSE(Render(request).body.Has("tool_choice"));
}

TEST(AnthropicRequest, CarriesPicturesAndDocuments) {
  Request request = Ask();
  const auto add = [&](chat::MediaKind kind, auto set) {
    chat::Media media;
    media.kind = kind;
    set(media);
    request.messages[0].parts.push_back({.content = std::move(media)});
  };
  add(chat::MediaKind::kImage, [](chat::Media& m) { m.url = "https://example.com/a.png"; });
  add(chat::MediaKind::kImage, [](chat::Media& m) { m.data = "/9j/4AAQ"; });
  add(chat::MediaKind::kDocument, [](chat::Media& m) {
    m.data = "SGk=";
    m.media_type = "text/markdown";
    m.name = "a.md";
  });
  const Meaning content = Render(request).body.At("messages").items[0].At("content");
  EXPECT_EQ(content.items[1].At("source").Text(),
            R"({"type":"url","url":"https://example.com/a.png"})");
  EXPECT_EQ(content.items[2].At("source").At("media_type").scalar, "image/jpeg");
  EXPECT_EQ(content.items[3].Text(),
            R"({"source":{"data":"Hi","media_type":"text/plain","type":"text"},"title":"a.md",)"
            R"("type":"document"})");
  add(chat::MediaKind::kDocument, [](chat::Media& m) {
    m.data = "UEsDBA==";
    m.media_type = "application/vnd.ms-excel";
  });
  EXPECT_EQ(Refused(request), "messages[0].content[4]");
}

TEST(AnthropicRequest, RefusesFilesOfAnotherVendorsStore) {
  for (const auto kind : {chat::MediaKind::kImage, chat::MediaKind::kDocument}) {
    Request request = Ask();
    chat::Media media;
    media.kind = kind;
    media.file_id = "file-1";
    request.messages[0].parts.push_back({.content = media});
    EXPECT_EQ(Refused(request), "messages[0].content[1]");
    media.file_id.clear();
    media.url = "s3://bucket/a";
    request.messages[0].parts[1].content = media;
    EXPECT_EQ(Refused(request), "messages[0].content[1]");
  }
}

TEST(AnthropicRequest, KeepsItsOwnFiles) {
  constexpr std::string_view kBody =
      R"({"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":[)"
      R"({"type":"image","source":{"type":"file","file_id":"file_1"}},)"
      R"({"type":"document","source":{"type":"file","file_id":"file_2"}}]}]})";
  json::Document document;
  ASSERT_TRUE(document.Parse(kBody));
  const auto request = TheDialect().ParseRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(Render(*request).body.Text(), MeaningOf(kBody).Text());
}

TEST(AnthropicRequest, SendsBackWhatClaudeThoughtAtBedrock) {
  Request request = Ask();
  request.dialect = "bedrock_converse";
  chat::Reasoning hidden;
  hidden.redacted = "EtgBCkYIBxgC";
  hidden.format = "anthropic-claude-v1";
  request.messages.push_back(
      {.role = Role::kAssistant,
       .parts = {Thought("mine", "any", "anthropic-claude-v1"), {.content = hidden}}});
  request.messages.push_back(Say(Role::kUser, "go on"));
  EXPECT_EQ(Render(request).body.At("messages").items[1].At("content").Text(),
            R"([{"signature":"any","thinking":"mine","type":"thinking"},)"
            R"({"data":"EtgBCkYIBxgC","type":"redacted_thinking"}])");
  EXPECT_TRUE(Render(request).dropped.empty());
}

TEST(AnthropicRequest, RefusesWhatItHasNoWordFor) {
  Request request = Ask();
  request.sampling.n = 2;
  EXPECT_EQ(Refused(request), "n");
  request = Ask();
  request.sampling.logprobs = true;
  EXPECT_EQ(Refused(request), "logprobs");
  request = Ask();
  chat::Media audio;
  audio.kind = chat::MediaKind::kAudio;
  audio.data = "AAAA";
  request.messages[0].parts.push_back({.content = audio});
  EXPECT_EQ(Refused(request), "messages[0].content[1]");
}

TEST(AnthropicRequest, RefusesWhatOnlyTheSendersVendorHasStored) {
  Request request = Ask();
  request.dialect = "gemini";
  request.extra = {{"cachedContent", R"("cachedContents/1")"}};
  EXPECT_EQ(Refused(request), "cachedContent");
  request.dialect = "bedrock";
  request.extra = {{"promptVariables", R"({"a":{"text":"b"}})"}};
  EXPECT_EQ(Refused(request), "promptVariables");
}

TEST(AnthropicRequest, SaysTheWordsOfWhatAnotherVendorsToolsDid) {
  Request request = Ask();
  Part call{.content = chat::Text{}};
  call.whole = R"({"toolCall":{"id":"t"}})";
  Part result{.content = chat::Text{"12", {}}};
  result.whole = R"({"codeExecutionResult":{"output":"12"}})";
  request.messages.push_back({.role = Role::kAssistant, .parts = {call, result}});
  request.messages.push_back(Say(Role::kUser, "Sure?"));
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.dropped, (std::vector<std::string>{"messages[1].content[0]"}));
  EXPECT_EQ(rendered.body.At("messages").items[1].At("content").Text(),
            R"([{"text":"12","type":"text"}])");
}

TEST(AnthropicRequest, NamesWhatItLeavesOut) {
  Request request = Ask();
  request.sampling.seed = 1;
  request.sampling.stop = {"\n", "END"};
  request.service_tier = "flex";
  request.user = "u";
  request.safety_identifier = "s";
  request.extra = {{"logits", "1"}};
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.dropped, (std::vector<std::string>{"seed", "logits", "stop", "service_tier",
                                                        "safety_identifier"}));
  EXPECT_EQ(rendered.body.At("stop_sequences").Text(), R"(["END"])");
  EXPECT_EQ(rendered.body.At("metadata").Text(), R"({"user_id":"u"})");
}

TEST(AnthropicRequest, NamesTheUnsignedThoughtsOfItsOwnDialectToo) {
  Request request = Ask();
  request.dialect = kDialect;
  request.messages.insert(request.messages.begin(), Say(Role::kSystem, "Be brief."));
  request.messages.push_back({.role = Role::kAssistant,
                              .parts = {Thought("t", "", ""), {.content = chat::Text{"so", {}}}}});
  const Rendered rendered = Render(request);
  EXPECT_EQ(rendered.dropped, (std::vector<std::string>{"messages[1].content[0]"}));
  EXPECT_EQ(rendered.body.At("messages").items[1].At("content").items.size(), 1U);
  EXPECT_EQ(rendered.body.At("system").scalar, "Be brief.");
}

TEST(AnthropicRequest, GoesByWhatIsKnownOfTheModelBeforeItsName) {
  catalog::Capabilities known;
  known.Add(catalog::Ability::kBudget);
  known.Deny(catalog::Ability::kEffort);
  Request request = Ask("our-own");
  request.reasoning.effort = "low";
  const auto told = TheDialect().RenderRequest(request, {.capabilities = &known});
  ASSERT_TRUE(told);
  EXPECT_NE(told->body.find(R"("budget_tokens":2048)"), std::string::npos) << told->body;
  const Rendered by_name = Render(request);  // as Anthropic's newest
  EXPECT_EQ(by_name.body.At("thinking").At("type").scalar, "adaptive");
  known.Deny(catalog::Ability::kReasoning);
  const auto plain = TheDialect().RenderRequest(request, {.capabilities = &known});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->body.find("thinking"), std::string::npos);
  EXPECT_EQ(plain->dropped, std::vector<std::string>{"reasoning"});
}

TEST(AnthropicRequest, CountsThePromptAlone) {
  Request request = Ask();
  request.stream = true;
  request.sampling.temperature = chat::Number{"0.5"};
  request.tools = {Tool("f")};
  const auto rendered = TheDialect().RenderCountRequest(request);
  ASSERT_TRUE(rendered);
  const Meaning body = MeaningOf(std::string_view(rendered->body));
  EXPECT_TRUE(body.Has("tools"));
  for (const char* key : {"max_tokens", "stream", "temperature"}) {
    EXPECT_FALSE(body.Has(key)) << key;
  }
}

}  // namespace
}  // namespace signalbox::anthropic
