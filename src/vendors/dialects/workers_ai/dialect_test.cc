// Between Workers AI and the canonical conversation: what other dialects ask of it and get from it.
#include "vendors/dialects/workers_ai/dialect.h"

#include <gtest/gtest.h>

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::workers_ai {
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

Request Foreign() {
  Request request;
  request.dialect = "elsewhere";
  request.model = "@cf/meta/llama-4-scout-17b-16e-instruct";
  Message& message = request.messages.emplace_back();
  message.parts.push_back(TextPart("Hi"));
  return request;
}

void ExpectSame(std::string_view ours, std::string_view expected) {
  EXPECT_EQ(Difference(Meaning::Of(ours), Meaning::Of(expected)), "");
}

chat::Tool Function(std::string name) {
  chat::Tool tool;
  tool.name = std::move(name);
  tool.parameters = R"({"type":"object"})";
  tool.strict = true;
  return tool;
}

TEST(WorkersAiRequest, SaysAToolLoopOfAnotherDialect) {
  Request request = Foreign();
  request.model = "@cf/qwen/qwen3-30b-a3b-fp8";  // which thinks
  request.messages[0].role = Role::kDeveloper;
  request.messages[0].listed = true;
  request.messages[0].parts.push_back(TextPart("Be brief."));
  Message turn;
  turn.role = Role::kAssistant;
  chat::Reasoning thought;
  thought.text = "Hm.";
  chat::ToolCall call;
  call.id = "toolu_1";
  call.name = "weather";
  call.arguments = "{}";
  turn.parts = {{.content = thought}, {.content = call}};
  request.messages.push_back(turn);
  chat::ToolResult result;
  result.call_id = "toolu_1";
  result.parts = {TextPart("rain")};
  Message answer;
  answer.role = Role::kUser;
  answer.parts = {{.content = result}};
  request.messages.push_back(answer);
  request.tools = {Function("weather"), Function("time")};
  request.tool_choice.mode = chat::ToolChoiceMode::kNamed;
  request.tool_choice.names = {"weather"};
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.name = "place";
  request.response_format.schema = R"({"type":"object"})";
  request.sampling.max_output_tokens = 9;
  request.sampling.stop = {"END"};
  request.reasoning.enabled = false;
  request.stream = true;
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"messages":[
    {"role":"system","content":"Hi\nBe brief."},
    {"role":"assistant","content":"","tool_calls":[{"id":"toolu_1","type":"function",
      "function":{"name":"weather","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"toolu_1","content":"rain"}],
    "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}],
    "tool_choice":"any","response_format":{"type":"json_schema","json_schema":{"type":"object"}},
    "max_tokens":9,"stop":"END","chat_template_kwargs":{"enable_thinking":false},"stream":true})");
  EXPECT_EQ(rendered->dropped, (std::vector<std::string>{"messages[1].content[0]",
                                                         "tools[0].strict", "tools[1].strict"}));
}

TEST(WorkersAiRequest, StatesThatAToolTakesNothing) {
  Request request = Foreign();
  request.tools = {Function("now")};
  request.tools[0].parameters.clear();
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"messages":[{"role":"user","content":"Hi"}],
    "tools":[{"type":"function","function":{"name":"now",
    "parameters":{"type":"object","properties":{}}}}]})");
}

TEST(WorkersAiRequest, RefusesByNameWhatWouldMakeTheAnswerWrong) {
  const auto refused = [](void (*change)(Request&)) {
    Request request = Foreign();
    change(request);
    const auto rendered = TheDialect().RenderRequest(request, {});
    return rendered ? "" : rendered.error().param;
  };
  EXPECT_EQ(refused([](Request& r) { r.sampling.n = 2; }), "n");
  EXPECT_EQ(refused([](Request& r) {
              chat::Media image;
              image.url = "https://example.org/a.png";
              r.messages[0].parts.push_back({.content = image});
            }),
            "messages[0].content[1]");
  EXPECT_EQ(refused([](Request& r) { r.tools.emplace_back().kind = chat::ToolKind::kRaw; }),
            "tools[0]");
}

TEST(WorkersAiRequest, SendsPicturesAsDataUrls) {
  Request request = Foreign();
  chat::Media image;
  image.data = "iVBORw0KGgo=";
  image.media_type = "image/png";
  image.detail = "low";
  request.messages[0].parts.push_back({.content = image});
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"messages":[{"role":"user","content":[{"type":"text","text":"Hi"},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]})");
}

chat::Response Elsewhere() {
  chat::Response response;
  response.dialect = "elsewhere";
  response.model = "m";
  chat::Choice& choice = response.choices.emplace_back();
  chat::ToolCall call;
  call.id = "c1";
  call.name = "f";
  call.arguments = R"({"a":1})";
  choice.parts = {TextPart("Yes."), {.content = call}};
  choice.finish = chat::FinishReason::kToolCalls;
  response.usage.emplace().tokens.input = 1;
  response.usage->tokens.output = 2;
  return response;
}

TEST(WorkersAiAnswer, SaysThoseOfOtherDialects) {
  chat::Response response = Elsewhere();
  ExpectSame(TheDialect().RenderAnswer(response), R"({"result":{"response":"Yes.",
    "tool_calls":[{"id":"c1","name":"f","arguments":{"a":1}}],
    "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}},
    "success":true,"errors":[],"messages":[]})");
  chat::Reasoning thought;
  thought.text = "Hm.";
  response.choices[0].parts.insert(response.choices[0].parts.begin(), {.content = thought});
  const Meaning thinks = Meaning::Of(TheDialect().RenderAnswer(response)).At("result");
  ASSERT_EQ(thinks.At("choices").items.size(), 1U);
  EXPECT_EQ(thinks.At("choices").items[0].At("message").At("reasoning_content").scalar, "Hm.");
}

TEST(WorkersAiStream, SaysThoseOfOtherDialects) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const auto say = [&](chat::EventBatch events) { renderer->Render(events, out); };
  say({{0, chat::StreamStart{}}, {0, chat::ChoiceStart{}}});
  say({{0, chat::ReasoningDelta{"Hm.", {}, {}}}, {0, chat::TextDelta{"Yes"}}});
  chat::ToolCallStart start;
  start.id = "c1";
  start.name = "f";
  say({{0, start}, {0, chat::ToolCallArguments{0, "{\"a\""}}});
  say({{0, chat::ToolCallArguments{0, ":1}"}}, {0, chat::PartEnd{}}});
  say({{0, chat::Finish{chat::FinishReason::kLength, "max_tokens"}}});
  chat::UsageReport usage;
  usage.tokens.input = 1;
  usage.tokens.output = 2;
  say({{0, usage}});
  say({{0, chat::StreamEnd{}}, {0, chat::TextDelta{"too late"}}});
  EXPECT_EQ(
      out,
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm.\"},"
      "\"finish_reason\":null}]}\n\n"
      "data: {\"response\":\"Yes\"}\n\n"
      "data: "
      "{\"tool_calls\":[{\"id\":\"c1\",\"index\":0,\"name\":\"f\",\"arguments\":{\"a\":1}}]}\n\n"
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"
      "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,"
      "\"total_tokens\":3}}\n\n"
      "data: [DONE]\n\n");
}

TEST(WorkersAiErrors, AreCloudflares) {
  wire::ErrorAnswer error;
  error.status = 429;
  error.error.message = "slow down";
  ExpectSame(TheDialect().RenderError(error),
             R"({"success":false,"errors":[{"code":3036,"message":"slow down"}],"messages":[]})");
  error.vendor = TheDialect().ParseError(
      R"({"success":false,"errors":[{"code":5007,"message":"No such model"}],"result":{}})");
  EXPECT_EQ(error.vendor.message, "No such model");
  EXPECT_EQ(error.vendor.code, "5007");
  EXPECT_EQ(Meaning::Of(TheDialect().RenderError(error)).At("errors").items.size(), 1U);
  EXPECT_EQ(TheDialect().ParseError(R"({"error":{"message":"bad","code":400}})").message, "bad");
  EXPECT_EQ(TheDialect().ParseError("<html>").message, "<html>");
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  renderer->RenderError(error, out);
  EXPECT_TRUE(out.starts_with("data: {\"success\":false")) << out;
}

TEST(WorkersAiPath, HasTheModel) {
  EXPECT_EQ(TheDialect().PathOf(chat::Operation::kChat, "@cf/baai/bge-m3", true),
            "/run/@cf/baai/bge-m3");
  EXPECT_TRUE(TheDialect().Has(chat::Operation::kRerank));
  EXPECT_FALSE(TheDialect().Has(chat::Operation::kModerations));
}

TEST(WorkersAiEmbeddings, GoBothWays) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"text":["a","b"],"pooling":"cls"})"));
  const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  ExpectSame(TheDialect().RenderEmbeddingsRequest(*request)->body, document.text());
  chat::EmbeddingsRequest foreign;
  foreign.inputs.push_back({"a", {}});
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(foreign)->body, R"({"text":["a"]})");
  foreign.dimensions = 3;
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(foreign).error().param, "dimensions");
  ASSERT_TRUE(document.Parse(R"({"result":{"shape":[2,1],"data":[[0.1],[0.2]],"pooling":"cls"},
                                "success":true,"errors":[],"messages":[]})"));
  const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->data.at(1).vector, "[0.2]");
  ExpectSame(TheDialect().RenderEmbeddingsAnswer(*answer), document.text());
}

TEST(WorkersAiRanking, GoesBothWays) {
  json::Document document;
  ASSERT_TRUE(
      document.Parse(R"({"query":"q","contexts":[{"text":"a","at":1},{"text":"b"}],"top_k":1})"));
  const auto request = TheDialect().ParseRerankRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->documents, (std::vector<std::string>{"a", "b"}));
  ExpectSame(TheDialect().RenderRerankRequest(*request)->body, document.text());
  ASSERT_TRUE(document.Parse(
      R"({"result":{"response":[{"id":1,"score":0.9},{"id":0,"score":0.01}]},"success":true,
          "errors":[],"messages":[]})"));
  const auto answer = TheDialect().ParseRerankAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->results.at(0).index, 1);
  ExpectSame(TheDialect().RenderRerankAnswer(*answer), document.text());
}

}  // namespace
}  // namespace signalbox::workers_ai
