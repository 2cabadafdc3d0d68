// Answers and streams of other dialects, as a client of Anthropic reads them.
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/stream_testing.h"

namespace signalbox::anthropic {
namespace {

using chat::Event;
using chat::EventBatch;
using chat::Response;

Response Answer(std::vector<chat::Part> parts) {
  Response response;
  response.dialect = "elsewhere";
  response.id = "chatcmpl-1";
  response.model = "m";
  response.choices.emplace_back().parts = std::move(parts);
  response.choices[0].finish = chat::FinishReason::kStop;
  return response;
}

Meaning Rendered(const Response& response) {
  const std::string body = TheDialect().RenderAnswer(response);
  return MeaningOf(std::string_view(body));
}

// What a client sends back of an answer, as we understand it.
std::vector<chat::Part> SentBack(const Meaning& answer) {
  std::string body = R"({"model":"m","messages":[{"role":"assistant","content":)";
  body += answer.At("content").Text() + "}]}";
  json::Document document;
  EXPECT_TRUE(document.Parse(body));
  const auto request = TheDialect().ParseRequest(document.Root());
  EXPECT_TRUE(request);
  return request ? request->messages.at(0).parts : std::vector<chat::Part>();
}

chat::Part Call(std::string id, std::string arguments) {
  chat::ToolCall call;
  call.id = std::move(id);
  call.name = "f";
  call.arguments = std::move(arguments);
  return {.content = std::move(call)};
}

TEST(AnthropicAnswer, IsAWholeMessageWhateverIsMissing) {
  EXPECT_EQ(Rendered(Answer({{.content = chat::Text{"Hi", {}}}})).Text(),
            R"({"content":[{"text":"Hi","type":"text"}],"id":"chatcmpl-1","model":"m",)"
            R"("role":"assistant","stop_reason":"end_turn","type":"message",)"
            R"("usage":{"input_tokens":0,"output_tokens":0}})");
  EXPECT_EQ(Rendered({}).At("id").scalar, "msg_unnamed");
}

TEST(AnthropicAnswer, LeavesCachedTokensOutOfTheInput) {
  Response response = Answer({});
  response.usage.emplace().tokens.input = 110;
  response.usage->tokens.cached = 100;
  response.usage->tokens.output = 7;
  response.usage->tokens.reasoning = 3;
  response.usage->extra = {{"cost", "1"}};
  EXPECT_EQ(Rendered(response).At("usage").Text(),
            R"({"cache_read_input_tokens":100,"input_tokens":10,"output_tokens":7,)"
            R"("output_tokens_details":{"thinking_tokens":3}})");
}

TEST(AnthropicAnswer, SaysWhyItStopped) {
  using enum chat::FinishReason;
  const auto word = [](chat::FinishReason reason, std::vector<chat::Part> parts = {}) {
    Response response = Answer(std::move(parts));
    response.choices[0].finish = reason;
    return Rendered(response).At("stop_reason").scalar;
  };
  EXPECT_EQ(word(kLength), "max_tokens");
  EXPECT_EQ(word(kToolCalls), "tool_use");
  EXPECT_EQ(word(kContentFilter), "refusal");
  EXPECT_EQ(word(kPause), "pause_turn");
  EXPECT_EQ(word(kOther), "end_turn");
  EXPECT_EQ(word(kStop, {Call("a", "{}")}), "tool_use");
}

TEST(AnthropicAnswer, HandsBackWhatOtherVendorsSigned) {
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "s";
  thought.redacted = "r";
  thought.id = "rs_1";
  thought.format = "openai-responses-v1";
  chat::Reasoning hidden;
  hidden.redacted = "h";
  hidden.format = "openai-responses-v1";
  chat::Part call = Call("a", "{}");
  std::get<chat::ToolCall>(call.content).signature = "gemini's";
  const auto parts =
      SentBack(Rendered(Answer({{.content = thought}, {.content = hidden}, call, Call("", "")})));
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(std::get<chat::Reasoning>(parts[0].content), thought);
  EXPECT_EQ(std::get<chat::Reasoning>(parts[1].content), hidden);
  EXPECT_EQ(std::get<chat::ToolCall>(parts[2].content).signature, "gemini's");
  EXPECT_EQ(std::get<chat::ToolCall>(parts[3].content).id, "toolu_2");
}

TEST(AnthropicAnswer, KeepsAnthropicsOwnSignatureThroughAnotherDialect) {
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "EqQB";
  thought.format = "anthropic-claude-v1";
  EXPECT_EQ(Rendered(Answer({{.content = thought}})).At("content").Text(),
            R"([{"signature":"EqQB","thinking":"Hm.","type":"thinking"}])");
}

TEST(AnthropicAnswer, SealsOpenAisThoughtsAsOpenAis) {
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.redacted = "gAAA";
  thought.id = "rs_1";
  const auto parts = SentBack(Rendered(Answer({{.content = thought}})));
  ASSERT_EQ(parts.size(), 1U);
  thought.format = "openai-responses-v1";
  EXPECT_EQ(std::get<chat::Reasoning>(parts[0].content), thought);
}

// Streams.

std::string Stream(const std::vector<EventBatch>& batches) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  for (const EventBatch& batch : batches) {
    renderer->Render(batch, out);
  }
  return out;
}

Event Of(auto what) {
  return {0, std::move(what)};
}

chat::UsageReport Usage(std::int64_t input, std::int64_t output) {
  chat::UsageReport usage;
  usage.tokens.input = input;
  usage.tokens.output = output;
  return usage;
}

std::vector<std::string> TypesIn(const std::string& stream) {
  std::vector<std::string> types;
  for (const std::string& frame : testkit::DataOf(stream)) {
    types.push_back(MeaningOf(std::string_view(frame)).At("type").scalar);
  }
  return types;
}

// Whether each block begins once, in order, and ends once, before the message does.
void ExpectWellFormed(const std::string& stream) {
  std::vector<bool> open;
  bool delta = false;
  for (const std::string& frame : testkit::DataOf(stream)) {
    const Meaning meaning = MeaningOf(std::string_view(frame));
    const std::string& type = meaning.At("type").scalar;
    const std::size_t index =
        meaning.Has("index") ? static_cast<std::size_t>(std::stoul(meaning.At("index").scalar)) : 0;
    if (type == "content_block_start") {
      EXPECT_EQ(index, open.size()) << frame;
      open.push_back(true);
    } else if (meaning.Has("index")) {
      ASSERT_LT(index, open.size()) << frame;
      EXPECT_TRUE(open[index]) << frame;
      open[index] = type != "content_block_stop";
    }
    delta |= type == "message_delta";
  }
  EXPECT_TRUE(delta);
  EXPECT_EQ(std::ranges::count(open, true), 0);
  EXPECT_TRUE(TypesIn(stream).front() == "message_start" &&
              TypesIn(stream).back() == "message_stop");
}

TEST(AnthropicStream, WaitsForUsageThatComesAfterTheFinish) {
  const std::string stream =
      Stream({{Of(chat::StreamStart{"", "", {}, "", ""})},  // Azure begins with nothing
              {Of(chat::StreamStart{"c1", "m", {}, "", ""}), Of(chat::ChoiceStart{})},
              {Of(chat::TextDelta{"Hi"})},
              {Of(chat::Finish{chat::FinishReason::kStop, "stop", {}})},
              {Of(Usage(9, 2))},
              {Of(chat::StreamEnd{})}});
  EXPECT_EQ(TypesIn(stream),
            (std::vector<std::string>{"message_start", "content_block_start", "content_block_delta",
                                      "content_block_stop", "message_delta", "message_stop"}));
  EXPECT_EQ(MessageOfFrames::Of(testkit::DataOf(stream)).Text(),
            R"({"content":[{"text":"Hi","type":"text"}],"id":"c1","model":"m","role":"assistant",)"
            R"("stop_reason":"end_turn","type":"message",)"
            R"("usage":{"input_tokens":9,"output_tokens":2}})");
  ExpectWellFormed(stream);
}

TEST(AnthropicStream, TakesCallsInAnyOrder) {
  chat::ToolCallStart first{0, "a", "f", {}, "", {}};
  chat::ToolCallStart second{1, "", "g", {}, "", {}};
  const std::string stream = Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""})},
                                     {Of(chat::TextDelta{"I call."}), Of(first), Of(second)},
                                     {Of(chat::ToolCallArguments{1, R"({"y":)"})},
                                     {Of(chat::ToolCallArguments{0, R"({"x":1})"})},
                                     {Of(chat::ToolCallArguments{1, "2}"})},
                                     {Of(chat::ToolCallEnd{0}), Of(chat::TextDelta{"Done."})},
                                     {Event{1, chat::TextDelta{"another choice"}}},
                                     {Of(chat::StreamEnd{})}});
  ExpectWellFormed(stream);
  const Meaning message = MessageOfFrames::Of(testkit::DataOf(stream));
  EXPECT_EQ(message.At("content").Text(),
            R"([{"text":"I call.","type":"text"},)"
            R"({"id":"a","input":{"x":1},"name":"f","type":"tool_use"},)"
            R"({"id":"toolu_2","input":{"y":2},"name":"g","type":"tool_use"},)"
            R"({"text":"Done.","type":"text"}])");
  EXPECT_EQ(message.At("stop_reason").scalar, "tool_use");
}

TEST(AnthropicStream, HandsBackWhatOtherVendorsSigned) {
  chat::ReasoningDelta first;
  first.id = "rs_1";
  chat::ReasoningDelta words;
  words.text = "Hm.";
  chat::ReasoningDelta last;
  last.redacted = "r";
  last.format = "openai-responses-v1";
  chat::ReasoningDelta hidden = last;
  hidden.id = "rs_2";
  chat::TextDelta text{"Hi"};
  chat::TextDelta signature;
  signature.signature = "after";
  const chat::ToolCallStart call{0, "a", "f", {}, "before", {}};
  const std::string stream = Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""})},
                                     {Of(first)},
                                     {Of(words)},
                                     {Of(last), Of(chat::PartEnd{})},
                                     {Of(hidden)},
                                     {Of(text)},
                                     {Of(signature)},
                                     {Of(call), Of(chat::ToolCallEnd{0})},
                                     {Of(chat::StreamEnd{})}});
  ExpectWellFormed(stream);
  const auto parts = SentBack(MessageOfFrames::Of(testkit::DataOf(stream)));
  ASSERT_EQ(parts.size(), 4U);
  const auto& thought = std::get<chat::Reasoning>(parts[0].content);
  EXPECT_EQ(thought.text + thought.id + thought.redacted + thought.format,
            "Hm.rs_1ropenai-responses-v1");
  EXPECT_EQ(std::get<chat::Reasoning>(parts[1].content).id, "rs_2");
  EXPECT_EQ(std::get<chat::Text>(parts[2].content).signature, "after");
  EXPECT_EQ(std::get<chat::ToolCall>(parts[3].content).signature, "before");
}

TEST(AnthropicStream, PutsTheTextOfACustomCallIntoItsInput) {
  const chat::ToolCallStart first{0, "a", "f", chat::CallKind::kCustom, "", {}};
  const chat::ToolCallStart second{1, "b", "f", chat::CallKind::kCustom, "", {}};
  const std::string stream = Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""})},
                                     {Of(first), Of(chat::ToolCallArguments{0, "say \"h"})},
                                     {Of(chat::ToolCallArguments{0, "i\"\n"})},
                                     {Of(chat::ToolCallEnd{0}), Of(second)},
                                     {Of(chat::Finish{}), Of(chat::StreamEnd{})}});
  ExpectWellFormed(stream);
  const auto parts = SentBack(MessageOfFrames::Of(testkit::DataOf(stream)));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(std::get<chat::ToolCall>(parts[0].content).arguments, R"({"input":"say \"hi\"\n"})");
  EXPECT_EQ(std::get<chat::ToolCall>(parts[1].content).arguments, R"({"input":""})");
}

TEST(AnthropicStream, KeepsTheSignatureThatClaudeGaveAtBedrock) {
  chat::ReasoningDelta words;
  words.text = "Hm.";
  chat::ReasoningDelta seal;
  seal.signature = "any form";
  seal.format = "anthropic-claude-v1";
  chat::ReasoningDelta hidden;
  hidden.redacted = "EtgBCkYIBxgC";
  hidden.format = "anthropic-claude-v1";
  const std::string stream = Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""})},
                                     {Of(words)},
                                     {Of(seal), Of(chat::PartEnd{})},
                                     {Of(hidden), Of(chat::PartEnd{})},
                                     {Of(chat::Finish{}), Of(chat::StreamEnd{})}});
  EXPECT_EQ(MessageOfFrames::Of(testkit::DataOf(stream)).At("content").Text(),
            R"([{"signature":"any form","thinking":"Hm.","type":"thinking"},)"
            R"({"data":"EtgBCkYIBxgC","type":"redacted_thinking"}])");
}

TEST(AnthropicStream, SaysLaterUsageAgain) {
  const std::string stream =
      Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""}), Of(chat::ChoiceStart{})},
              {Of(chat::Finish{chat::FinishReason::kLength, "length", {}}), Of(Usage(9, 2))},
              {Of(Usage(9, 3)), Of(chat::StreamEnd{})}});
  const Meaning message = MessageOfFrames::Of(testkit::DataOf(stream));
  EXPECT_EQ(message.At("usage").At("output_tokens").scalar, "3");
  EXPECT_EQ(message.At("stop_reason").scalar, "max_tokens");
  ExpectWellFormed(stream);
}

TEST(AnthropicStream, EndsWithAnError) {
  chat::VendorError error;
  error.message = "slow down";
  error.code = "429";
  const std::string stream = Stream({{Of(chat::StreamStart{"c1", "m", {}, "", ""})},
                                     {Of(chat::TextDelta{"Hi"})},
                                     {Of(chat::StreamError{error})},
                                     {Of(chat::StreamEnd{})}});
  EXPECT_TRUE(stream.ends_with(
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
      "\"message\":\"slow down\"},\"request_id\":null}\n\n"));
}

// Errors.

TEST(AnthropicErrors, HaveTheTypeOfTheirStatus) {
  constexpr std::pair<int, std::string_view> kWanted[] = {{400, "invalid_request_error"},
                                                          {401, "authentication_error"},
                                                          {402, "billing_error"},
                                                          {403, "permission_error"},
                                                          {404, "not_found_error"},
                                                          {409, "invalid_request_error"},
                                                          {413, "request_too_large"},
                                                          {429, "rate_limit_error"},
                                                          {500, "api_error"},
                                                          {502, "api_error"},
                                                          {503, "overloaded_error"},
                                                          {504, "timeout_error"},
                                                          {529, "overloaded_error"}};
  for (const auto& [status, type] : kWanted) {
    const std::string body =
        TheDialect().RenderError({status, {core::ErrorCode::kInternal, "our words", "", {}}, {}});
    const Meaning meaning = MeaningOf(std::string_view(body));
    EXPECT_EQ(meaning.At("error").At("type").scalar, type);
    EXPECT_EQ(meaning.At("error").At("message").scalar, "our words");
    EXPECT_EQ(meaning.At("type").scalar, "error");
  }
}

TEST(AnthropicErrors, AreReadInAnyForm) {
  const auto whole = TheDialect().ParseError(
      R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
  EXPECT_EQ(whole.type + ": " + whole.message, "overloaded_error: Overloaded");
  EXPECT_EQ(TheDialect().ParseError("<html>502</html>").message, "<html>502</html>");
  EXPECT_EQ(TheDialect().ParseError(R"({"message":"of Bedrock"})").message, "of Bedrock");
  EXPECT_EQ(TheDialect().ParseError(R"({"error":"bare"})").message, "bare");
  EXPECT_EQ(TheDialect().ParseError("caf\xe9 \xe2\x82").message, "caf? ??");
}

// Bills.

TEST(AnthropicBill, IsFoundWithoutReadingTheRest) {
  json::Document document;
  const auto bill = TheDialect().ReadBill(
      R"({"content":[{"type":"text","text":"\"usage\""}],"usage":{"input_tokens":10,)"
      R"("cache_read_input_tokens":5,"output_tokens":3,"service_tier":"batch"}})",
      document);
  ASSERT_TRUE(bill);
  EXPECT_EQ(bill->usage.input, 15);
  EXPECT_EQ(bill->usage.cached, 5);
  EXPECT_EQ(bill->tier, catalog::ServiceTier::kBatch);
}

TEST(AnthropicBill, IsTheMessagesOwnWhereAnInputHasAMemberOfTheName) {
  json::Document document;
  const auto bill = TheDialect().ReadBill(
      R"({"content":[{"type":"tool_use","input":{"usage":{"output_tokens":99}}}],)"
      R"("usage":{"input_tokens":1,"output_tokens":2}})",
      document);
  ASSERT_TRUE(bill);
  EXPECT_EQ(bill->usage.output, 2);
  EXPECT_FALSE(TheDialect().ReadBill(R"({"content":[],)", document));
  EXPECT_FALSE(TheDialect().ReadBill(R"({"content":[]})", document)->usage.known());
}

}  // namespace
}  // namespace signalbox::anthropic
