// Between Ollama and the canonical conversation: what other dialects ask of it and get from it.
#include "vendors/dialects/ollama/dialect.h"

#include <gtest/gtest.h>

#include "vendors/dialects/ollama/ollama_meaning_testing.h"
#include "vendors/dialects/ollama/time.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::ollama {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;
using testkit::Difference;
using testkit::Meaning;

Part TextPart(std::string text) {
  return {.content = chat::Text{std::move(text), {}}};
}

Message Said(Role role, std::string text) {
  Message message;
  message.role = role;
  message.parts.push_back(TextPart(std::move(text)));
  return message;
}

Part Call(std::string id, std::string name, std::string arguments) {
  chat::ToolCall call;
  call.id = std::move(id);
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  return {.content = std::move(call)};
}

Message Result(std::string id, std::string text) {
  chat::ToolResult result;
  result.call_id = std::move(id);
  result.parts.push_back(TextPart(std::move(text)));
  Message message;
  message.role = Role::kTool;
  message.parts.push_back({.content = std::move(result)});
  return message;
}

chat::Tool Function(std::string name) {
  chat::Tool tool;
  tool.name = std::move(name);
  return tool;
}

Request Foreign(std::string model = "llama3.2") {
  Request request;
  request.dialect = "elsewhere";
  request.model = std::move(model);
  request.messages.push_back(Said(Role::kUser, "Hi"));
  return request;
}

std::string Rendered(const Request& request) {
  const auto rendered = TheDialect().RenderRequest(request, {});
  return rendered ? rendered->body : rendered.error().param + ": " + rendered.error().message;
}

void ExpectSame(std::string_view ours, std::string_view expected) {
  EXPECT_EQ(Difference(Meaning::Of(ours, kRules), Meaning::Of(expected, kRules)), "");
}

TEST(OllamaRequest, SaysAToolLoopOfAnotherDialect) {
  Request request = Foreign();
  request.messages = {Said(Role::kDeveloper, "Be brief."), Said(Role::kUser, "Weather?")};
  chat::Media image;
  image.data = "iVBORw0KGgo=";
  image.media_type = "image/png";
  request.messages[1].parts.push_back({.content = image});
  Message turn;
  turn.role = Role::kAssistant;
  chat::Reasoning thought;
  thought.text = "Ask the tool.";
  thought.signature = "sig";
  turn.parts = {{.content = thought},
                Call("toolu_1", "weather", R"({"city":"Oslo"})"),
                Call("toolu_2", "time", "null")};
  request.messages.push_back(turn);
  request.messages.push_back(Result("toolu_2", "12:00"));
  request.messages.push_back(Result("toolu_1", "rain"));
  request.tools.push_back(Function("weather"));
  request.sampling.max_output_tokens = 50;
  request.sampling.stop = {"END"};
  request.stream = true;
  ExpectSame(Rendered(request), R"({"model":"llama3.2","messages":[
    {"role":"system","content":"Be brief."},
    {"role":"user","content":"Weather?","images":["iVBORw0KGgo="]},
    {"role":"assistant","thinking":"Ask the tool.","content":"","tool_calls":[
      {"id":"toolu_1","function":{"name":"weather","arguments":{"city":"Oslo"}}},
      {"id":"toolu_2","function":{"name":"time","arguments":{}}}]},
    {"role":"tool","content":"12:00","tool_name":"time","tool_call_id":"toolu_2"},
    {"role":"tool","content":"rain","tool_name":"weather","tool_call_id":"toolu_1"}],
    "tools":[{"type":"function","function":{"name":"weather",
      "parameters":{"type":"object","properties":{}}}}],
    "options":{"num_predict":50,"stop":["END"]},"stream":true})");
}

TEST(OllamaRequest, AsksForNoStreamInSoManyWords) {
  ExpectSame(Rendered(Foreign()),
             R"({"model":"llama3.2","messages":[{"role":"user","content":"Hi"}],"stream":false})");
}

TEST(OllamaRequest, SaysHowToThinkAsTheModelCan) {
  const auto think = [](std::string model, chat::ReasoningOptions reasoning) {
    Request request = Foreign(std::move(model));
    request.reasoning = std::move(reasoning);
    return Meaning::Of(Rendered(request)).At("think").scalar;
  };
  EXPECT_EQ(think("gpt-oss:20b", {.effort = "minimal"}), "low");
  EXPECT_EQ(think("gpt-oss:20b", {.effort = "medium"}), "medium");
  EXPECT_EQ(think("gpt-oss:20b", {.effort = "xhigh"}), "high");
  EXPECT_EQ(think("qwen3:8b", {.effort = "high"}), "true");
  EXPECT_EQ(think("qwen3:8b", {.effort = "none"}), "false");
  EXPECT_EQ(think("qwen3:8b", {.budget = 2048}), "true");
  EXPECT_EQ(think("qwen3:8b", {.enabled = false}), "false");
  EXPECT_EQ(think("qwen3:8b", {}), "");
}

TEST(OllamaRequest, NamesTheReasoningOfAModelThatOllamaRefusesToAsk) {
  Request request = Foreign("gemma3:12b");
  request.reasoning.effort = "high";
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body.find("think"), std::string::npos) << rendered->body;
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"reasoning.effort"});
}

TEST(OllamaRequest, OffersOnlyTheToolsThatMayBeCalled) {
  Request request = Foreign();
  request.tools = {Function("a"), Function("b")};
  request.tool_choice.mode = chat::ToolChoiceMode::kAllowed;
  request.tool_choice.names = {"b"};
  const Meaning tools = Meaning::Of(Rendered(request)).At("tools");
  ASSERT_EQ(tools.items.size(), 1U);
  EXPECT_EQ(tools.items[0].At("function").At("name").scalar, "b");
  request.tool_choice.required = true;
  EXPECT_EQ(Rendered(request).substr(0, 13), "tool_choice: ");
  request.tool_choice = {};
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  EXPECT_FALSE(Meaning::Of(Rendered(request)).Has("tools"));
}

TEST(OllamaRequest, RefusesByNameWhatWouldMakeTheAnswerWrong) {
  const auto refused = [](void (*change)(Request&)) {
    Request request = Foreign();
    change(request);
    const auto rendered = TheDialect().RenderRequest(request, {});
    return rendered ? "" : rendered.error().param;
  };
  EXPECT_EQ(refused([](Request& r) { r.sampling.n = 2; }), "n");
  EXPECT_EQ(refused([](Request& r) { r.tool_choice.mode = chat::ToolChoiceMode::kRequired; }),
            "tool_choice");
  EXPECT_EQ(refused([](Request& r) {
              chat::Media image;
              image.url = "https://example.org/a.png";
              r.messages[0].parts.push_back({.content = image});
            }),
            "messages[0].content[1]");
  EXPECT_EQ(refused([](Request& r) {
              chat::Media document;
              document.kind = chat::MediaKind::kDocument;
              document.data = "JVBERi0=";
              r.messages[0].parts.push_back({.content = document});
            }),
            "messages[0].content[1]");
}

TEST(OllamaRequest, NamesWhatItLeavesOut) {
  Request request = Foreign();
  request.user = "u1";
  request.parallel_tool_calls = false;
  chat::Reasoning secret;
  secret.redacted = "AAAA";
  Message turn = Said(Role::kAssistant, "Yes.");
  turn.parts.insert(turn.parts.begin(), {.content = secret});
  request.messages.push_back(turn);
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->dropped,
            (std::vector<std::string>{"parallel_tool_calls", "user", "messages[1].content[0]"}));
}

chat::Response Answered(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text));
  auto answer = TheDialect().ParseAnswer(document.Root());
  EXPECT_TRUE(answer);
  return answer ? *std::move(answer) : chat::Response{};
}

std::string AnswerAt(std::string_view second) {
  return R"({"model":"m","created_at":"2025-01-01T00:00:)" + std::string(second) +
         R"(Z","message":{"role":"assistant","content":"","tool_calls":[)"
         R"({"function":{"name":"f","arguments":{}}},{"function":{"name":"f","arguments":{}}}]},)"
         R"("done":true,"done_reason":"stop"})";
}

// An id that was made for an answer comes back in the history of a caller, and means nothing there.
TEST(OllamaCalls, HaveIdsOfTheirOwnThatDoNotGoBack) {
  const chat::Response first = Answered(AnswerAt("01"));
  const chat::Response second = Answered(AnswerAt("02"));
  ASSERT_EQ(first.choices[0].parts.size(), 2U);
  const auto id = [](const chat::Response& response, std::size_t i) {
    return std::get<chat::ToolCall>(response.choices[0].parts[i].content).id;
  };
  EXPECT_NE(id(first, 0), id(first, 1));
  EXPECT_NE(id(first, 0), id(second, 0));
  EXPECT_EQ(id(first, 0), id(Answered(AnswerAt("01")), 0));
  EXPECT_EQ(first.choices[0].finish, chat::FinishReason::kToolCalls);

  Request request = Foreign();
  Message turn;
  turn.role = Role::kAssistant;
  turn.parts = first.choices[0].parts;
  request.messages.push_back(turn);
  request.messages.push_back(Result(id(first, 1), "2"));
  ExpectSame(Rendered(request), R"({"model":"llama3.2","messages":[
    {"role":"user","content":"Hi"},
    {"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}},
      {"function":{"name":"f","arguments":{}}}]},
    {"role":"tool","content":"2","tool_name":"f"}],"stream":false})");
}

TEST(OllamaAnswer, SaysThoseOfOtherDialects) {
  chat::Response response;
  response.dialect = "elsewhere";
  response.id = "msg_1";
  response.model = "other-model";
  response.created = 1735689600;
  chat::Choice& choice = response.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm.";
  choice.parts = {{.content = thought}, TextPart("Let me see. "), Call("toolu_1", "f", "")};
  choice.finish = chat::FinishReason::kToolCalls;
  choice.finish_text = "tool_use";
  choice.logprobs = R"({"content":[{"token":"a","logprob":-0.5}]})";
  response.usage.emplace().tokens.input = 7;
  response.usage->tokens.output = 9;
  ExpectSame(TheDialect().RenderAnswer(response), R"({"model":"other-model",
    "created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":"Let me see. ",
    "thinking":"Hm.","tool_calls":[{"id":"toolu_1","function":{"name":"f","arguments":{}}}]},
    "done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":9,
    "logprobs":[{"token":"a","logprob":-0.5}]})");
  ExpectSame(DialectOf(Form::kGenerate).RenderAnswer(response), R"({"model":"other-model",
    "created_at":"2025-01-01T00:00:00Z","response":"Let me see. ","thinking":"Hm.",
    "done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":9,
    "logprobs":[{"token":"a","logprob":-0.5}]})");
}

// Calls that interleave, usage after the end of the turn, text after calls, a second choice.
TEST(OllamaStream, SaysThoseOfOtherDialects) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const auto say = [&](chat::EventBatch events) { renderer->Render(events, out); };
  chat::StreamStart start;
  start.id = "x";
  start.model = "m";
  start.created = 0;
  say({{0, start}, {0, chat::ChoiceStart{}}});
  EXPECT_EQ(out, "");
  say({{0, chat::ReasoningDelta{"Hm.", {}, {}}}, {0, chat::TextDelta{"Yes"}}});
  say({{1, chat::TextDelta{"not heard"}}, {0, chat::PartEnd{}}});
  chat::ToolCallStart f;
  f.id = "c1";
  f.name = "f";
  chat::ToolCallStart g;
  g.call = 1;
  g.name = "g";
  say({{0, f}, {0, chat::ToolCallArguments{0, R"({"a")"}}, {0, g}});
  say({{0, chat::ToolCallArguments{1, ""}}, {0, chat::ToolCallArguments{0, ":1}"}}});
  say({{0, chat::ToolCallEnd{0}}});
  say({{0, chat::TextDelta{"."}}, {0, chat::ReasoningDelta{"Hm?", {}, {}}}});
  say({{0, chat::Finish{chat::FinishReason::kLength, "max_tokens"}}});
  chat::UsageReport usage;
  usage.tokens.input = 3;
  usage.tokens.output = 4;
  say({{0, usage}});
  say({{0, chat::StreamEnd{}}, {0, chat::TextDelta{"too late"}}});
  const std::string head = R"({"model":"m","created_at":"1970-01-01T00:00:00Z","message":{)"
                           R"("role":"assistant","content":)";
  const std::string done = R"(,"done":false})"
                           "\n";
  EXPECT_EQ(out, head + R"("Yes","thinking":"Hm."})" + done +  //
                     head + R"("","tool_calls":[{"id":"c1","function":{"name":"f",)" +
                     R"("arguments":{"a":1}}}]})" + done +  //
                     head + R"("."})" + done +              //
                     head + R"("","thinking":"Hm?"})" + done + head +
                     R"("","tool_calls":[{"function":{"name":"g","arguments":{}}}]})" + done +
                     head + R"(""},"done":true,"done_reason":"length","prompt_eval_count":3,)" +
                     R"("eval_count":4})" + "\n");
}

TEST(OllamaStream, KeepsALineOne) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  chat::ToolCallStart start;
  start.name = "f";
  renderer->Render(chat::EventBatch{{0, start},
                                    {0, chat::ToolCallArguments{0, "{\n \"a\": \"b\\n\"\r\n}"}},
                                    {0, chat::ToolCallEnd{0}}},
                   out);
  EXPECT_EQ(out.find_first_of("\r\n"), out.size() - 1);
  EXPECT_NE(out.find(R"("b\n")"), std::string::npos) << out;
}

TEST(OllamaErrors, AreItsOwnInBothPlaces) {
  wire::ErrorAnswer error;
  error.status = 429;
  error.error.message = "ours";
  EXPECT_EQ(TheDialect().RenderError(error), R"({"error":"ours"})");
  error.vendor.message = "theirs";
  error.vendor.json = R"({"type":"x","message":"theirs"})";
  EXPECT_EQ(TheDialect().RenderError(error), R"({"error":"theirs"})");
  error.vendor = TheDialect().ParseError(R"({"error":"model 'x' not found","more":1})");
  EXPECT_EQ(error.vendor.message, "model 'x' not found");
  EXPECT_EQ(TheDialect().RenderError(error), R"({"error":"model 'x' not found","more":1})");
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  renderer->RenderError(error, out);
  renderer->RenderError(error, out);
  EXPECT_EQ(out, "{\"error\":\"model 'x' not found\",\"more\":1}\n");
  EXPECT_EQ(TheDialect().ParseError("404 page not found").message, "404 page not found");
}

TEST(OllamaPaths, BelongToTheForm) {
  const wire::Dialect& generate = DialectOf(Form::kGenerate);
  const wire::Dialect& old = DialectOf(Form::kOldEmbeddings);
  using chat::Operation;
  EXPECT_EQ(TheDialect().PathOf(Operation::kChat, "m", true), "/api/chat");
  EXPECT_EQ(TheDialect().PathOf(Operation::kGenerate, "m", true), "/api/generate");
  EXPECT_EQ(generate.PathOf(Operation::kChat, "m", true), "/api/generate");
  EXPECT_EQ(TheDialect().PathOf(Operation::kEmbeddings, "m", false), "/api/embed");
  EXPECT_EQ(old.PathOf(Operation::kEmbeddings, "m", false), "/api/embeddings");
  EXPECT_TRUE(TheDialect().Takes(TheDialect(), Operation::kChat));
  EXPECT_TRUE(TheDialect().Takes(generate, Operation::kGenerate));
  EXPECT_FALSE(TheDialect().Takes(generate, Operation::kChat));
  EXPECT_FALSE(TheDialect().Takes(old, Operation::kEmbeddings));
  EXPECT_FALSE(old.Has(Operation::kChat));
}

TEST(OllamaEnvelope, StreamsUnlessItIsToldNotTo) {
  const auto streams = [](std::string_view body, chat::Operation operation) {
    json::Document document;
    EXPECT_TRUE(document.Parse(body));
    return TheDialect().ReadEnvelope(document, operation)->stream;
  };
  EXPECT_TRUE(streams(R"({"model":"m"})", chat::Operation::kChat));
  EXPECT_TRUE(streams(R"({"stream":null})", chat::Operation::kGenerate));
  EXPECT_TRUE(streams(R"({"stream":true})", chat::Operation::kChat));
  EXPECT_FALSE(streams(R"({"stream":false})", chat::Operation::kChat));
  EXPECT_FALSE(streams(R"({"model":"m"})", chat::Operation::kEmbeddings));
}

TEST(OllamaGenerate, IsNoConversation) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"j({"model":"m","prompt":"def f(","suffix":")","stream":false
})j"));
  const auto request = DialectOf(Form::kGenerate).ParseRequest(document.Root());
  ASSERT_TRUE(request);
  const auto refused = TheDialect().RenderRequest(*request, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "suffix");
  Request conversation = Foreign();
  conversation.messages.push_back(Said(Role::kAssistant, "Yes?"));
  const auto also = DialectOf(Form::kGenerate).RenderRequest(conversation, {});
  ASSERT_FALSE(also);
  EXPECT_EQ(also.error().param, "messages[1]");
}

TEST(OllamaEmbeddings, GoBothWays) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","input":["a","b"],"truncate":false})"));
  const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  ExpectSame(TheDialect().RenderEmbeddingsRequest(*request)->body, document.text());

  chat::EmbeddingsRequest foreign;
  foreign.model = "m";
  foreign.inputs.push_back({"a", {}});
  foreign.encoding_format = "base64";
  foreign.dimensions = 8;
  const auto rendered = TheDialect().RenderEmbeddingsRequest(foreign);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body, R"({"model":"m","input":"a","dimensions":8})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"encoding_format"});
  foreign.inputs.push_back({"", {1, 2}});
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(foreign).error().param, "input[1]");

  const std::string text =
      R"({"model":"m","embeddings":[[0.1,0.2],[1]],"prompt_eval_count":5,"total_duration":9})";
  ASSERT_TRUE(document.Parse(text));
  const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->usage->tokens.input, 5);
  ExpectSame(TheDialect().RenderEmbeddingsAnswer(*answer), text);
  EXPECT_EQ(DialectOf(Form::kOldEmbeddings).RenderEmbeddingsAnswer(*answer),
            R"({"embedding":[0.1,0.2]})");
  ASSERT_TRUE(document.Parse(R"({"model":"m","prompt":"a"})"));
  const auto old = DialectOf(Form::kOldEmbeddings).ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(old);
  EXPECT_EQ(old->inputs.at(0).text, "a");
}

TEST(OllamaTime, IsReadAndWritten) {
  EXPECT_EQ(ReadTime("2024-05-24T20:57:43.314639Z"), 1716584263);
  EXPECT_EQ(ReadTime("2024-05-24T22:57:43+02:00"), 1716584263);
  EXPECT_EQ(ReadTime("2024-05-24T15:27:43.5-05:30"), 1716584263);
  EXPECT_EQ(ReadTime("2024-13-24T20:57:43Z"), std::nullopt);
  EXPECT_EQ(ReadTime("yesterday, or a little later"), std::nullopt);
  EXPECT_EQ(ReadTime("2024-05-24T20:57:43"), std::nullopt);
  EXPECT_EQ(WriteTime(1716584263), "2024-05-24T20:57:43Z");
  EXPECT_EQ(WriteTime(-1), "");
}

}  // namespace
}  // namespace signalbox::ollama
