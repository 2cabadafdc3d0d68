// Answers and streams that came in another dialect, for a client that speaks OpenAI Chat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/chat_meaning_testing.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::openai_chat {
namespace {

using chat::Event;
using chat::Part;
using chat::Reasoning;
using testing::HasSubstr;
using testing::Not;

chat::Text Said(std::string text) {
  return {.text = std::move(text)};
}

chat::Response Foreign(std::vector<Part> parts) {
  chat::Response response;
  response.dialect = "another";
  response.id = "a1";
  response.model = "m";
  response.created = 5;
  chat::Choice& choice = response.choices.emplace_back();
  choice.parts = std::move(parts);
  choice.finish = chat::FinishReason::kStop;
  return response;
}

void ExpectMessage(const chat::Response& response, std::string_view message) {
  const Meaning answer = MeaningOf(TheDialect().RenderAnswer(response));
  ASSERT_EQ(answer.At("choices").items.size(), 1U);
  EXPECT_EQ(Difference(answer.At("choices").items[0].At("message"), MeaningOf(message)), "");
}

Reasoning Thought(std::string text, std::string signature) {
  Reasoning thought;
  thought.text = std::move(text);
  thought.signature = std::move(signature);
  return thought;
}

TEST(ForeignAnswer, GivesThoughtsBackWithWhatTheirMakerWants) {
  Reasoning hidden;
  hidden.redacted = "zzz";
  hidden.format = "anthropic-claude-v1";
  Reasoning open = Thought("Hm.", "sig");
  open.format = "anthropic-claude-v1";
  ExpectMessage(Foreign({{.content = open}, {.content = hidden}, {.content = Said("Hi")}}),
                R"({"role":"assistant","content":"Hi","reasoning_content":"Hm.",
      "reasoning_details":[
        {"type":"reasoning.text","text":"Hm.","signature":"sig","format":"anthropic-claude-v1",
         "index":0},
        {"type":"reasoning.encrypted","data":"zzz","format":"anthropic-claude-v1","index":1}]})");
}

TEST(ForeignAnswer, NeedsNoDetailsForAThoughtThatNobodySigned) {
  ExpectMessage(Foreign({{.content = Thought("Hm.", "")}, {.content = Said("Hi")}}),
                R"({"role":"assistant","content":"Hi","reasoning_content":"Hm."})");
}

TEST(ForeignAnswer, WritesOneEncryptedThoughtWithItsSummary) {
  Reasoning thought = Thought("In short", "");
  thought.summary = true;
  thought.redacted = "gAAA";
  thought.id = "rs_1";
  ExpectMessage(Foreign({{.content = thought}}),
                R"({"role":"assistant","content":null,"reasoning_content":"In short",
      "reasoning_details":[{"type":"reasoning.summary","summary":"In short","id":"rs_1","index":0},
        {"type":"reasoning.encrypted","data":"gAAA","id":"rs_1","index":0}]})");
}

// A conversation that goes through an OpenAI client and back: the thoughts are what they were.
TEST(ForeignAnswer, ThoughtsComeBackAsTheyWere) {
  Reasoning first = Thought("Hm.", "sig");
  first.format = "anthropic-claude-v1";
  Reasoning second;
  second.redacted = "zzz";
  second.format = "anthropic-claude-v1";
  Reasoning third = Thought("In short", "");
  third.summary = true;
  third.redacted = "gAAA";
  third.id = "rs_1";
  third.format = "openai-responses-v1";
  const std::vector<Reasoning> all = {first, second, third};
  std::vector<Part> parts;
  for (const Reasoning& thought : all) {
    parts.push_back({.content = thought});
  }
  const Meaning answer = MeaningOf(TheDialect().RenderAnswer(Foreign(parts)));
  const std::string request =
      R"({"model":"m","messages":[)" + answer.At("choices").items[0].At("message").Text() + "]}";
  json::Document document;
  ASSERT_TRUE(document.Parse(request));
  const auto parsed = TheDialect().ParseRequest(document.Root());
  ASSERT_TRUE(parsed);
  const auto& back = parsed->messages.at(0).parts;
  ASSERT_EQ(back.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    Reasoning thought = std::get<Reasoning>(back[i].content);
    EXPECT_FALSE(thought.detail.empty());
    thought.detail.clear();
    thought.field = chat::ReasoningField::kUnstated;
    EXPECT_EQ(thought, all[i]) << i;
  }
}

TEST(ForeignAnswer, PutsPicturesSignaturesAndSourcesBesideTheText) {
  chat::Media picture;
  picture.data = "AAAA";
  picture.media_type = "image/png";
  chat::Text text = Said("Hi");
  text.signature = "ts";
  text.citations.push_back({"web", "https://a.example", "A", 0, 2, {}});
  chat::ToolCall call{.id = "c1", .name = "f", .arguments = "{}", .signature = "cs"};
  ExpectMessage(Foreign({{.content = text}, {.content = picture}, {.content = call}}),
                R"({"role":"assistant","content":"Hi",
      "annotations":[{"type":"url_citation","url_citation":
        {"url":"https://a.example","title":"A","start_index":0,"end_index":2}}],
      "extra_content":{"google":{"thought_signature":"ts"}},
      "images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}],
      "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},
        "extra_content":{"google":{"thought_signature":"cs"}}}]})");
}

TEST(ForeignAnswer, SaysARefusalBesideTheContentAlsoWhereItWasAPartOfAList) {
  chat::Response response = Foreign({{.content = chat::Refusal{"I cannot."}}});
  response.choices[0].listed = true;
  ExpectMessage(response, R"({"role":"assistant","content":null,"refusal":"I cannot."})");
}

TEST(ForeignAnswer, LeavesOutWhatOnlyItsVendorKnows) {
  chat::RawPart raw{"server_tool_use", R"({"type":"server_tool_use"})", false};
  chat::Response response = Foreign({{.content = raw}, {.content = Said("Hi")}});
  response.extra.push_back({"container", "{}"});
  const std::string body = TheDialect().RenderAnswer(response);
  EXPECT_THAT(body, Not(HasSubstr("server_tool_use")));
  EXPECT_THAT(body, Not(HasSubstr("container")));
  EXPECT_THAT(body, HasSubstr(R"("content":"Hi")"));
}

TEST(ForeignAnswer, AlwaysHasAnIdAndTheIdsOfCalls) {
  chat::Response response = Foreign({{.content = chat::ToolCall{.id = "", .name = "f"}}});
  response.id.clear();
  const Meaning answer = MeaningOf(TheDialect().RenderAnswer(response));
  EXPECT_THAT(answer.At("id").scalar, testing::StartsWith("chatcmpl-"));
  const Meaning& call = answer.At("choices").items[0].At("message").At("tool_calls").items.at(0);
  EXPECT_EQ(call.At("id").scalar, "call_0_f");
}

std::string Streamed(const std::vector<chat::EventBatch>& batches,
                     const wire::AnswerTerms& terms = {}) {
  const auto renderer = TheDialect().NewStreamRenderer(false, terms);
  std::string out;
  for (const auto& batch : batches) {
    renderer->Render(batch, out);
  }
  return out;
}

chat::StreamStart Start() {
  chat::StreamStart start;
  start.id = "a1";
  start.model = "m";
  return start;
}

constexpr std::string_view kHead =
    R"(data: {"id":"a1","object":"chat.completion.chunk","model":"m")";

std::string Frame(std::string_view rest) {
  return std::string(kHead) + std::string(rest) + "\n\n";
}

TEST(ForeignStream, SaysTheRoleOnceAndUsageLast) {
  chat::UsageReport first;
  first.tokens.input = 7;
  first.tokens.output = 1;
  first.tokens.cached = 3;
  chat::UsageReport second;
  second.tokens.output = 9;
  const std::string stream =
      Streamed({{{0, Start()}, {0, first}},
                {{0, chat::TextDelta{"Hi"}}},
                {{0, chat::PartEnd{}}},
                {{0, chat::Finish{chat::FinishReason::kStop, "end_turn", {}}}, {0, second}},
                {{0, chat::StreamEnd{}}}});
  EXPECT_EQ(stream,
            Frame(R"(,"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},)"
                  R"("finish_reason":null}]})") +
                Frame(R"(,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})") +
                Frame(R"(,"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":9,)"
                      R"("total_tokens":16,"prompt_tokens_details":{"cached_tokens":3}}})") +
                "data: [DONE]\n\n");
}

TEST(ForeignStream, KeepsUsageFromWhoDidNotAskForIt) {
  chat::UsageReport usage;
  usage.tokens.input = 7;
  EXPECT_THAT(
      Streamed({{{0, Start()}, {0, chat::TextDelta{"Hi"}}, {0, usage}}, {{0, chat::StreamEnd{}}}},
               {.include_usage = false}),
      Not(HasSubstr("usage")));
}

TEST(ForeignStream, NumbersThoughtsAndSendsTheirSignatures) {
  chat::ReasoningDelta text{"Hm.", {}, {}};
  chat::ReasoningDelta signature{{}, "sig", {}};
  chat::ReasoningDelta hidden{{}, {}, "zzz"};
  hidden.format = "anthropic-claude-v1";
  const std::string stream = Streamed({{{0, Start()}, {0, chat::ChoiceStart{}}},
                                       {{0, text}},
                                       {{0, signature}},
                                       {{0, chat::PartEnd{}}},
                                       {{0, hidden}}});
  EXPECT_THAT(stream, HasSubstr(R"("delta":{"reasoning_content":"Hm.","reasoning_details":)"
                                R"([{"type":"reasoning.text","text":"Hm.","index":0}]})"));
  EXPECT_THAT(stream,
              HasSubstr(R"("delta":{"reasoning_details":)"
                        R"([{"type":"reasoning.text","text":"","signature":"sig","index":0}]})"));
  EXPECT_THAT(stream, HasSubstr(R"([{"type":"reasoning.encrypted","data":"zzz",)"
                                R"("format":"anthropic-claude-v1","index":1}])"));
}

// What a client that appends all deltas of reasoning_details would send back.
TEST(ForeignStream, PiecesOfAThoughtThatComeBackAreOne) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"m","messages":[{"role":"assistant","content":"Hi",
      "reasoning_details":[{"type":"reasoning.text","text":"Hm","index":0},
        {"type":"reasoning.text","text":".","index":0},
        {"type":"reasoning.text","text":"","signature":"sig","index":0},
        {"type":"reasoning.text","text":"More","signature":"sig2","index":1}]}]})"));
  const auto parsed = TheDialect().ParseRequest(document.Root());
  ASSERT_TRUE(parsed);
  const auto& parts = parsed->messages.at(0).parts;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(std::get<Reasoning>(parts[0].content).text, "Hm.");
  EXPECT_EQ(std::get<Reasoning>(parts[0].content).signature, "sig");
  EXPECT_EQ(std::get<Reasoning>(parts[1].content).signature, "sig2");
  const auto again = TheDialect().RenderRequest(*parsed, {});
  EXPECT_EQ(Difference(MeaningOf(again->body), MeaningOf(document.Root())), "");
}

TEST(ForeignStream, MakesIdsForCallsAndWritesPictures) {
  chat::Media picture;
  picture.data = "AAAA";
  picture.media_type = "image/png";
  const std::string stream =
      Streamed({{{0, Start()}, {0, chat::WholePart{{.content = picture}}}},
                {{0, chat::ToolCallStart{.call = 1, .id = "", .name = "f", .signature = ""}},
                 {0, chat::ToolCallArguments{1, "{}"}},
                 {0, chat::ToolCallEnd{1}}}});
  EXPECT_THAT(stream, HasSubstr(R"("images":[{"index":0,"type":"image_url","image_url":)"
                                R"({"url":"data:image/png;base64,AAAA"}}])"));
  EXPECT_THAT(stream, HasSubstr(R"("tool_calls":[{"index":1,"id":"call_1_f","type":"function",)"
                                R"("function":{"name":"f","arguments":"{}"}}])"));
}

// Clients append to the arguments of the first frame.
TEST(ForeignStream, BeginsACallWithEmptyArguments) {
  chat::ToolCallStart start{.call = 0, .id = "c1", .name = "f", .signature = ""};
  const std::string stream = Streamed({{{0, Start()}, {0, start}},
                                       {{0, chat::ToolCallArguments{0, "{}"}}},
                                       {{0, chat::ToolCallEnd{0}}}});
  EXPECT_THAT(stream, HasSubstr(R"("tool_calls":[{"index":0,"id":"c1","type":"function",)"
                                R"("function":{"name":"f","arguments":""}}])"));
  EXPECT_THAT(stream, HasSubstr(R"([{"index":0,"function":{"arguments":"{}"}}])"));
}

TEST(ForeignStream, SaysAllPiecesOfACustomCallAsThoseOfACustomCall) {
  chat::ToolCallStart start{.call = 1, .id = "c1", .name = "shell", .signature = ""};
  start.kind = chat::CallKind::kCustom;
  const std::string stream = Streamed({{{0, Start()}, {0, start}},
                                       {{0, chat::ToolCallArguments{1, "ls "}}},
                                       {{0, chat::ToolCallArguments{1, "-l"}}}});
  EXPECT_THAT(stream, HasSubstr(R"("tool_calls":[{"index":1,"id":"c1","type":"custom",)"
                                R"("custom":{"name":"shell","input":""}}])"));
  EXPECT_THAT(stream, HasSubstr(R"([{"index":1,"custom":{"input":"ls "}}])"));
  EXPECT_THAT(stream, HasSubstr(R"([{"index":1,"custom":{"input":"-l"}}])"));
  EXPECT_THAT(stream, Not(HasSubstr("function")));
}

// OpenAI's clients refuse a second list without numbers.
TEST(ForeignStream, NumbersSourcesAndPicturesFromFrameToFrame) {
  const auto cite = [](std::string url) {
    chat::CitationDelta delta;
    delta.citation.url = std::move(url);
    return delta;
  };
  chat::Media picture;
  picture.url = "https://a.example/1.png";
  const std::string stream = Streamed({{{0, Start()},
                                        {
                                            0,
                                            cite("https://a"),
                                        },
                                        {0, cite("https://b")}},
                                       {{0, cite("https://c")}},
                                       {{0, chat::WholePart{{.content = picture}}}},
                                       {{0, chat::WholePart{{.content = picture}}}}});
  EXPECT_THAT(stream, HasSubstr(R"([{"index":0,"type":"url_citation","url_citation":)"
                                R"({"url":"https://a"}},{"index":1,)"));
  EXPECT_THAT(stream, HasSubstr(R"("annotations":[{"index":2,"type":"url_citation","url_citation":)"
                                R"({"url":"https://c"}}])"));
  EXPECT_THAT(stream, HasSubstr(R"("images":[{"index":0,)"));
  EXPECT_THAT(stream, HasSubstr(R"("images":[{"index":1,)"));
}

TEST(ForeignStream, SaysErrorsInOpenAisWords) {
  chat::VendorError error;
  error.message = "Overloaded";
  error.type = "overloaded_error";
  error.json = R"({"type":"overloaded_error","message":"Overloaded"})";
  EXPECT_EQ(Streamed({{{0, error}}}),
            R"(data: {"error":{"message":"Overloaded","type":"server_error","param":null,)"
            R"("code":"upstream_failed"}})"
            "\n\n");
}

TEST(OwnStream, LeavesUsageOutForWhoDidNotAskForIt) {
  const auto parser = TheDialect().NewStreamParser();
  const auto renderer = TheDialect().NewStreamRenderer(true, {.include_usage = false});
  parser->Feed(
      "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"model\":\"m\","
      "\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
      "data: [DONE]\n\n");
  std::string out;
  for (chat::EventBatch events; *parser->Next(events); events.clear()) {
    renderer->Render(events, out);
  }
  EXPECT_EQ(out, "data: [DONE]\n\n");
}

TEST(ForeignAnswer, EndsWithAWordOfOpenAis) {
  chat::Response response = Foreign({{.content = Said("Hi")}});
  response.choices[0].finish = chat::FinishReason::kLength;
  response.choices[0].finish_text = "model_length";
  EXPECT_THAT(TheDialect().RenderAnswer(response), HasSubstr(R"("finish_reason":"length")"));
  response.dialect = kDialect;
  EXPECT_THAT(TheDialect().RenderAnswer(response), HasSubstr(R"("finish_reason":"model_length")"));
}

}  // namespace
}  // namespace signalbox::openai_chat
