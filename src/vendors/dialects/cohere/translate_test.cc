// Conversations of other dialects on their way to Cohere, and answers of others for its clients.
#include <gtest/gtest.h>

#include "vendors/chat/dump.h"
#include "vendors/dialects/cohere/cohere_meaning_testing.h"
#include "vendors/dialects/cohere/dialect.h"

namespace signalbox::cohere {
namespace {

using testkit::Difference;
using testkit::Meaning;

void ExpectSame(std::string_view left, std::string_view right) {
  EXPECT_EQ(Difference(Meaning::Of(left), Meaning::Of(right)), "") << left;
}

chat::Message Say(chat::Role role, std::string text) {
  chat::Message message{.role = role};
  message.parts.push_back({.content = chat::Text{std::move(text), {}}});
  return message;
}

chat::Request Ask() {
  chat::Request request;
  request.dialect = "openai_chat";
  request.model = "m";
  request.messages.push_back(Say(chat::Role::kDeveloper, "Be brief."));
  request.messages.push_back(Say(chat::Role::kUser, "Hi"));
  return request;
}

chat::Tool ToolNamed(std::string name, std::string parameters) {
  chat::Tool tool;
  tool.name = std::move(name);
  tool.parameters = std::move(parameters);
  return tool;
}

wire::RenderedRequest Render(const chat::Request& request) {
  auto rendered = TheDialect().RenderRequest(request, {});
  EXPECT_TRUE(rendered) << rendered.error().message;
  return rendered.value_or(wire::RenderedRequest{});
}

TEST(CohereRequest, OffersTheNamedToolAlone) {
  chat::Request request = Ask();
  request.tools.push_back(ToolNamed("f", R"({"type":"object","required":["a"]})"));
  request.tools.push_back(ToolNamed("g", ""));
  request.tool_choice.mode = chat::ToolChoiceMode::kNamed;
  request.tool_choice.names = {"f"};
  request.tools[0].strict = true;
  const auto rendered = Render(request);
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f",
      "parameters":{"type":"object","required":["a"]}}}],"tool_choice":"REQUIRED"})");
  EXPECT_EQ(rendered.dropped, std::vector<std::string>{"tools.strict"});
}

TEST(CohereRequest, LeavesOutEmptyTextsBesideCalls) {
  chat::Request request = Ask();
  request.messages.push_back(Say(chat::Role::kAssistant, ""));
  request.messages.back().parts.push_back({.content = chat::ToolCall{"c1", "f", "{}", {}, {}, {}}});
  request.messages.push_back(Say(chat::Role::kAssistant, ""));
  const Meaning messages = Meaning::Of(Render(request).body).At("messages");
  EXPECT_FALSE(messages.items.at(2).Has("content"));
  EXPECT_EQ(messages.items.at(2).At("tool_calls").items.size(), 1U);
  EXPECT_TRUE(messages.items.at(3).Has("content"));
}

TEST(CohereRequest, KeepsWithinWhatCohereTakes) {
  chat::Request request = Ask();
  request.sampling.top_p = chat::Number{"1"};
  request.sampling.temperature = chat::Number{"0"};
  request.sampling.frequency_penalty = chat::Number{"-0.5"};
  request.sampling.presence_penalty = chat::Number{"0.30"};
  request.sampling.top_logprobs = 2;
  request.sampling.stop = {"END"};
  request.reasoning.effort = "low";
  request.user = "u";
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.name = "n";
  request.response_format.schema = R"({"type":"object"})";
  const auto rendered = Render(request);
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"Hi"}],"p":0.99,"temperature":0,"frequency_penalty":0,
      "presence_penalty":0.3,"logprobs":true,"stop_sequences":["END"],
      "thinking":{"type":"enabled","token_budget":2048},
      "response_format":{"type":"json_object","json_schema":{"type":"object"}}})");
  EXPECT_EQ(rendered.dropped, std::vector<std::string>{"user"});
}

TEST(CohereRequest, RefusesWhatItCannotSay) {
  chat::Request request = Ask();
  request.sampling.n = 2;
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "n");
  EXPECT_EQ(rendered.error().code, core::ErrorCode::kInvalidRequest);
}

// A loop of another dialect: thoughts before a call, signed ones, results with a picture.
TEST(CohereRequest, MakesThoughtsBeforeCallsThePlan) {
  chat::Request request = Ask();
  chat::Message turn{.role = chat::Role::kAssistant};
  chat::Reasoning thought;
  thought.text = "I look.";
  turn.parts.push_back({.content = thought});
  thought.text = "Secret.";
  thought.signature = "Es4B";
  turn.parts.push_back({.content = thought});
  chat::ToolCall call;
  call.name = "look";
  turn.parts.push_back({.content = call});
  request.messages.push_back(std::move(turn));
  chat::Message results{.role = chat::Role::kUser};
  chat::ToolResult result;
  result.call_id = "look_0";
  result.is_error = true;
  result.parts.push_back({.content = chat::Text{"dark", {}}});
  chat::Media picture;
  picture.url = "https://example.com/a.png";
  result.parts.push_back({.content = picture});
  results.parts.push_back({.content = std::move(result)});
  results.parts.push_back({.content = chat::Text{"And now?", {}}});
  request.messages.push_back(std::move(results));
  const auto rendered = Render(request);
  ExpectSame(rendered.body, R"({"model":"m","messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"Hi"},
      {"role":"assistant","tool_plan":"I look.","tool_calls":[{"id":"look_0","type":"function",
       "function":{"name":"look","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"look_0","content":"Error: dark"},
      {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
      {"role":"user","content":"And now?"}]})");
  EXPECT_EQ(rendered.dropped, std::vector<std::string>{"messages[2].content[1]"});
}

TEST(CohereAnswer, OfAnotherVendorIsWhole) {
  chat::Response answer;
  answer.dialect = "anthropic";
  answer.id = "msg_1";
  answer.extra.push_back({"container", "{}"});
  chat::Choice& choice = answer.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "Es4B";
  choice.parts.push_back({.content = thought});
  chat::Text text{"4", {}};
  text.citations.push_back({.type = "url_citation",
                            .url = "https://example.com",
                            .title = "E",
                            .start = 0,
                            .end = 1,
                            .extra = {}});
  choice.parts.push_back({.content = text});
  choice.finish = chat::FinishReason::kLength;
  choice.finish_text = "max_tokens";
  answer.usage.emplace().tokens = {.input = 5, .output = 2, .cached = 3};
  ExpectSame(TheDialect().RenderAnswer(answer), R"({"id":"msg_1","finish_reason":"MAX_TOKENS",
      "message":{"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},
      {"type":"text","text":"4"}],"citations":[{"start":0,"end":1,"text":"","type":"TEXT_CONTENT",
      "sources":[{"type":"document","id":"https://example.com","document":{
      "id":"https://example.com","url":"https://example.com","title":"E"}}]}]},
      "usage":{"billed_units":{"input_tokens":5,"output_tokens":2},
      "tokens":{"input_tokens":5,"output_tokens":2},"cached_tokens":3}})");
}

// No id, no ends of parts and calls, usage after the finish, a text after a call.
TEST(CohereStream, OfAnotherVendorIsWhole) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  const chat::EventBatch events = {{0, chat::StreamStart{"1", "m", {}, {}, {}}},
                                   {0, chat::ChoiceStart{}},
                                   {0, chat::ReasoningDelta{"Hm.", "Es4B", {}}},
                                   {0, chat::TextDelta{"One"}},
                                   {0, chat::ToolCallStart{.call = 0, .name = "f"}},
                                   {0, chat::ToolCallStart{.call = 1, .id = "c2", .name = "g"}},
                                   {0, chat::ToolCallArguments{1, "{\"a\":1}"}},
                                   {0, chat::TextDelta{"Two"}},
                                   {0, chat::Finish{chat::FinishReason::kToolCalls, "tool_use"}},
                                   {0, chat::UsageReport{.tokens = {.input = 5, .output = 2}}},
                                   {0, chat::StreamEnd{}}};
  std::string out;
  renderer->Render(events, out);
  const auto parser = TheDialect().NewStreamParser();
  parser->Feed(out);
  chat::EventBatch again;
  while (parser->Next(again).value_or(false)) {
  }
  EXPECT_EQ(chat::Dump(again),
            "start id=\"1\"\n0 begins\n0 reasoning \"Hm.\"\n0 part-ends\n0 text \"One\"\n"
            "0 call 0 id=\"f_0\" name=\"f\"\n0 arguments 0 \"{}\"\n0 call-ends 0\n"
            "0 call 1 id=\"c2\" name=\"g\"\n0 arguments 1 \"{\\\"a\\\":1}\"\n0 call-ends 1\n"
            "0 text \"Two\"\n0 finish tool_calls \"TOOL_CALL\"\nusage input=5 output=2\n"
            "  extra \"billed_units\" {\"input_tokens\":5,\"output_tokens\":2}\nend\n");
  EXPECT_TRUE(out.ends_with("data: [DONE]\n\n"));
}

TEST(CohereStream, SaysAnErrorInItsLastEvent) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  std::string out;
  renderer->RenderError({.status = 502,
                         .error = {core::ErrorCode::kUpstreamFailed, "broken off", {}, {}},
                         .vendor = {}},
                        out);
  EXPECT_NE(out.find(R"("delta":{"error":"broken off","finish_reason":"ERROR"})"),
            std::string::npos)
      << out;
}

TEST(CohereErrors, AreAMessageAndAnId) {
  for (const auto& [body, message] :
       {std::pair{R"({"message":"invalid api token"})", "invalid api token"},
        std::pair{R"({"id":"e1","message":"too many"})", "too many"},
        std::pair{R"({"error":{"message":"wrapped"}})", "wrapped"},
        std::pair{R"({"detail":"not here"})", "not here"}, std::pair{"<html>", "<html>"}}) {
    EXPECT_EQ(TheDialect().ParseError(body).message, message);
  }
  ExpectSame(TheDialect().RenderError(
                 {.status = 429,
                  .error = {},
                  .vendor = TheDialect().ParseError(R"({"id":"e1","message":"too many"})")}),
             R"({"id":"e1","message":"too many"})");
  ExpectSame(
      TheDialect().RenderError({.status = 404,
                                .error = {core::ErrorCode::kNotFound, "no such model", "model", {}},
                                .vendor = {}}),
      R"({"message":"no such model"})");
}

TEST(CohereEmbeddings, OfAnotherDialectSayWhatTheyAreFor) {
  chat::EmbeddingsRequest request;
  request.model = "embed-v4.0";
  request.inputs.push_back({"a", {}});
  request.encoding_format = "base64";
  request.dimensions = 256;
  request.user = "u";
  const auto rendered = TheDialect().RenderEmbeddingsRequest(request);
  ASSERT_TRUE(rendered);
  ExpectSame(rendered->body, R"({"model":"embed-v4.0","input_type":"search_document",
      "embedding_types":["base64"],"texts":["a"],"output_dimension":256})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"user"});
  request.inputs[0].tokens = {1, 2};
  EXPECT_FALSE(TheDialect().RenderEmbeddingsRequest(request));
}

TEST(CohereEmbeddings, OfSeveralTypesKeepThemAll) {
  constexpr std::string_view kAnswer = R"({"id":"1","embeddings":{"int8":[[1,2],[3,4]],
      "float":[[0.1,0.2],[0.3,0.4]]},"meta":{"billed_units":{"input_tokens":4}},
      "response_type":"embeddings_by_type"})";
  json::Document document;
  ASSERT_TRUE(document.Parse(kAnswer));
  const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->data.size(), 2U);
  EXPECT_EQ(answer->data[1].vector, "[0.3,0.4]");
  ExpectSame(TheDialect().RenderEmbeddingsAnswer(*answer), kAnswer);
  constexpr std::string_view kBytes = R"({"id":"1","embeddings":{"int8":[[1,2]]}})";
  ASSERT_TRUE(document.Parse(kBytes));
  ExpectSame(
      TheDialect().RenderEmbeddingsAnswer(*TheDialect().ParseEmbeddingsAnswer(document.Root())),
      kBytes);
}

TEST(CohereEmbeddings, OfPicturesStayAsTheyAre) {
  constexpr std::string_view kRequest = R"({"model":"embed-v4.0","input_type":"image",
      "embedding_types":["float","int8"],"images":["data:image/png;base64,AAAA"]})";
  json::Document document;
  ASSERT_TRUE(document.Parse(kRequest));
  const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->inputs.empty());
  ExpectSame(TheDialect().RenderEmbeddingsRequest(*request)->body, kRequest);
}

TEST(CohereRerank, TakesDocumentsInEachForm) {
  constexpr std::string_view kRequest = R"({"model":"m","query":"q","top_n":1,
      "return_documents":true,"documents":["a",{"text":"b","id":7},{"title":"c"}]})";
  json::Document document;
  ASSERT_TRUE(document.Parse(kRequest));
  auto request = TheDialect().ParseRerankRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->documents, (std::vector<std::string>{"a", "b", R"({"title":"c"})"}));
  ExpectSame(TheDialect().RenderRerankRequest(*request)->body, kRequest);
  request->dialect = "other";
  const auto rendered = TheDialect().RenderRerankRequest(*request);
  ExpectSame(rendered->body, R"({"model":"m","query":"q","top_n":1,
      "documents":["a","b","{\"title\":\"c\"}"]})");
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"return_documents"});
}

TEST(CohereRerank, KeepsJinasAnswer) {
  constexpr std::string_view kAnswer = R"({"model":"jina-reranker-v2","usage":{"total_tokens":815},
      "object":"list","results":[{"index":0,"relevance_score":0.9,"document":{"text":"a"}}]})";
  json::Document document;
  ASSERT_TRUE(document.Parse(kAnswer));
  const auto answer = TheDialect().ParseRerankAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->usage->tokens.input, 815);
  ExpectSame(TheDialect().RenderRerankAnswer(*answer), kAnswer);
}

// Cohere's tools take JSON alone.
TEST(CohereClient, GetsFreeTextAsArguments) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {});
  chat::ToolCallStart start{.call = 0, .id = "c1", .name = "run"};
  start.kind = chat::CallKind::kCustom;
  const chat::EventBatch events = {{0, start},
                                   {0, chat::ToolCallArguments{0, "say \"hi\""}},
                                   {0, chat::ToolCallArguments{0, "\n"}},
                                   {0, chat::ToolCallEnd{0}},
                                   {0, chat::StreamEnd{}}};
  std::string out;
  renderer->Render(events, out);
  const auto parser = TheDialect().NewStreamParser();
  parser->Feed(out);
  chat::EventBatch again;
  while (parser->Next(again).value_or(false)) {
  }
  std::string arguments;
  for (const chat::Event& event : again) {
    const auto* piece = std::get_if<chat::ToolCallArguments>(&event.what);
    arguments += piece != nullptr ? piece->text : "";
  }
  EXPECT_EQ(arguments, R"({"input":"say \"hi\"\n"})");
}

}  // namespace
}  // namespace signalbox::cohere
