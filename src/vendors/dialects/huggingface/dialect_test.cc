// Between HuggingFace and the canonical conversation: what other dialects ask of it and get from
// it.
#include "vendors/dialects/huggingface/dialect.h"

#include <gtest/gtest.h>

#include "vendors/dialects/huggingface/prompt.h"
#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::huggingface {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;
using testkit::Difference;
using testkit::Meaning;

Message Said(Role role, std::string text) {
  Message message;
  message.role = role;
  message.parts.push_back({.content = chat::Text{std::move(text), {}}});
  return message;
}

Request Foreign() {
  Request request;
  request.dialect = "elsewhere";
  request.model = "mistralai/Mixtral-8x7B-Instruct-v0.1";
  request.messages = {Said(Role::kUser, "Hi")};
  return request;
}

void ExpectSame(std::string_view ours, std::string_view expected) {
  EXPECT_EQ(Difference(Meaning::Of(ours), Meaning::Of(expected)), "");
}

TEST(HuggingFaceRequest, PutsAConversationIntoOneText) {
  Request request = Foreign();
  request.messages = {Said(Role::kSystem, "Be brief."), Said(Role::kUser, "Hi"),
                      Said(Role::kAssistant, "Yes?"), Said(Role::kDeveloper, "In Norwegian."),
                      Said(Role::kUser, "How are you?")};
  chat::Reasoning thought;
  thought.text = "not to be seen";
  request.messages[2].parts.push_back({.content = thought});
  request.sampling.max_output_tokens = 20;
  request.sampling.temperature = chat::Number{"0"};
  request.sampling.top_p = chat::Number{"1"};
  request.sampling.stop = {"END"};
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.schema = R"({"type":"object"})";
  request.stream = true;
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"inputs":"Be brief.\n\nIn Norwegian.\n\n)"
                             R"(User: Hi\nAssistant: Yes?\nUser: How are you?\nAssistant:",
    "parameters":{"max_new_tokens":20,"do_sample":false,"return_full_text":false,"details":true,
    "stop":["END","\nUser:"],"grammar":{"type":"json","value":{"type":"object"}}},"stream":true})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"messages[2].content[1]"});
}

TEST(HuggingFaceRequest, LeavesASinglePromptAsItStands) {
  const auto rendered = TheDialect().RenderRequest(Foreign(), {.default_max_tokens = 300});
  ASSERT_TRUE(rendered);
  ExpectSame(rendered->body, R"({"inputs":"Hi","parameters":{"max_new_tokens":300,
    "return_full_text":false,"details":true}})");
}

TEST(HuggingFaceRequest, LeavesOutToolsThatMustNotBeCalled) {
  Request request = Foreign();
  request.tools.emplace_back().name = "f";
  EXPECT_FALSE(TheDialect().RenderRequest(request, {}));
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  const auto rendered = TheDialect().RenderRequest(request, {.default_max_tokens = 300});
  ASSERT_TRUE(rendered) << rendered.error().message;
  ExpectSame(rendered->body, R"({"inputs":"Hi","parameters":{"max_new_tokens":300,
    "return_full_text":false,"details":true}})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"tools"});
}

TEST(HuggingFaceRequest, RefusesByNameWhatIsNoText) {
  const auto refused = [](void (*change)(Request&)) {
    Request request = Foreign();
    change(request);
    const auto rendered = TheDialect().RenderRequest(request, {});
    return rendered ? "" : rendered.error().param;
  };
  EXPECT_EQ(refused([](Request& r) { r.tools.emplace_back().name = "f"; }), "tools[0]");
  EXPECT_EQ(refused([](Request& r) {
              chat::Media image;
              image.data = "AAAA";
              r.messages[0].parts.push_back({.content = image});
            }),
            "messages[0].content[1]");
  EXPECT_EQ(refused([](Request& r) {
              chat::ToolCall call;
              call.name = "f";
              r.messages.push_back(Said(Role::kAssistant, ""));
              r.messages[1].parts.push_back({.content = call});
            }),
            "messages[1].content[1]");
  EXPECT_EQ(refused([](Request& r) { r.sampling.logprobs = true; }), "logprobs");
}

TEST(HuggingFaceAnswer, SaysThoseOfOtherDialects) {
  chat::Response response;
  response.dialect = "elsewhere";
  chat::Choice& choice = response.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm.";
  choice.parts = {{.content = thought}, {.content = chat::Text{"Yes.", {}}}};
  choice.finish = chat::FinishReason::kLength;
  response.usage.emplace().tokens.input = 3;
  response.usage->tokens.output = 4;
  ExpectSame(TheDialect().RenderAnswer(response),
             R"([{"generated_text":"Yes.","details":{"finish_reason":"length",
                  "generated_tokens":4,"input_length":3}}])");
}

TEST(HuggingFaceStream, SaysThoseOfOtherDialects) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  const auto say = [&](chat::EventBatch events) { renderer->Render(events, out); };
  say({{0, chat::StreamStart{}}, {0, chat::ChoiceStart{}}});
  say({{0, chat::TextDelta{"Ye"}}});
  say({{0, chat::TextDelta{"s"}}, {0, chat::Finish{chat::FinishReason::kStop, "end_turn"}}});
  chat::UsageReport usage;
  usage.tokens.output = 2;
  say({{0, usage}});
  say({{0, chat::StreamEnd{}}});
  const std::string rest = R"(,"generated_text":null,"details":null})"
                           "\n\n";
  EXPECT_EQ(
      out, R"(data: {"index":1,"token":{"id":0,"text":"Ye","logprob":0,"special":false})" + rest +
               R"(data: {"index":2,"token":{"id":0,"text":"s","logprob":0,"special":false})" +
               rest + R"(data: {"index":3,"token":{"id":0,"text":"","logprob":0,"special":true},)" +
               R"("generated_text":"Yes","details":{"finish_reason":"eos_token",)" +
               R"("generated_tokens":2}})" + "\n\n");
}

TEST(HuggingFaceErrors, GoBothWays) {
  wire::ErrorAnswer error;
  error.status = 429;
  error.error.message = "slow down";
  EXPECT_EQ(TheDialect().RenderError(error), R"({"error":"slow down","error_type":"overloaded"})");
  const std::string loading = R"({"error":"Model x is currently loading","estimated_time":20.0})";
  error.vendor = TheDialect().ParseError(loading);
  EXPECT_EQ(error.vendor.message, "Model x is currently loading");
  EXPECT_EQ(TheDialect().RenderError(error), loading);
  const auto invalid =
      TheDialect().ParseError(R"({"error":"Input validation error","error_type":"validation"})");
  EXPECT_EQ(invalid.type, "validation");
  EXPECT_EQ(TheDialect().ParseError(R"({"error":["bad `inputs`","worse"]})").message,
            "bad `inputs`");
  EXPECT_EQ(TheDialect().ParseError(R"({"error":{"message":"m"}})").message, "m");
  EXPECT_EQ(TheDialect().ParseError("Not Found").message, "Not Found");
}

TEST(HuggingFacePath, KeepsTheSlashOfTheId) {
  EXPECT_EQ(TheDialect().PathOf(chat::Operation::kChat, "a/b", true), "/models/a/b");
  EXPECT_EQ(TheDialect().PathOf(chat::Operation::kEmbeddings, "a/b", false),
            "/models/a/b/pipeline/feature-extraction");
}

TEST(HuggingFaceBill, IsReadOutOfAList) {
  json::Document document;
  const auto bill = TheDialect().ReadBill(
      R"([{"generated_text":"x","details":{"finish_reason":"length","generated_tokens":9}}])",
      document);
  ASSERT_TRUE(bill.has_value());
  EXPECT_EQ(bill->usage.output, 9);
  EXPECT_EQ(bill->usage.input, -1);
}

TEST(HuggingFaceEmbeddings, GoBothWays) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"inputs":"a","normalize":true})"));
  const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  ExpectSame(TheDialect().RenderEmbeddingsRequest(*request)->body, document.text());
  chat::EmbeddingsRequest foreign;
  foreign.inputs.push_back({"a", {}});
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(foreign)->body, R"({"inputs":["a"]})");
  const auto again = [&](std::string_view text) {
    EXPECT_TRUE(document.Parse(text));
    const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
    return answer ? TheDialect().RenderEmbeddingsAnswer(*answer) : answer.error().message;
  };
  EXPECT_EQ(again("[[0.1,0.2],[3]]"), "[[0.1,0.2],[3]]");
  EXPECT_EQ(again("[0.1,0.2]"), "[0.1,0.2]");
  EXPECT_EQ(again("[[[0.1],[0.2]]]"), "a vector for each text was expected");
  EXPECT_EQ(again(R"({"error":"no"})"), "no");
}

TEST(HuggingFacePrompt, FindsTheBeginningOfATurn) {
  EXPECT_EQ(TurnAtEnd("abc"), 0U);
  EXPECT_EQ(TurnAtEnd("abc\n"), 1U);
  EXPECT_EQ(TurnAtEnd("abc\n\nUs"), 3U);
  EXPECT_EQ(TurnAtEnd("\nUser:"), 6U);
}

}  // namespace
}  // namespace signalbox::huggingface
