// Requests of other dialects in this one's form, answers both ways, and what only OpenAI can do.
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/features.h"
#include "vendors/dialects/openai_responses/parse_request.h"
#include "vendors/dialects/openai_responses/render_request.h"
#include "vendors/dialects/openai_responses/responses_meaning_testing.h"

namespace signalbox::openai_responses {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;

Part TextPart(std::string text) {
  return {.content = chat::Text{std::move(text), {}}};
}

Request Chat() {
  Request request;
  request.dialect = "openai_chat";
  request.model = "gpt-5";
  request.messages.push_back({.role = Role::kUser, .parts = {TextPart("Hi")}});
  return request;
}

std::string Rendered(const Request& request) {
  const auto rendered = RenderRequest(request);
  return rendered ? rendered->body : rendered.error().message;
}

void ExpectMeans(const Request& request, std::string_view expected) {
  EXPECT_EQ(Difference(Meaning::Of(Rendered(request)), Meaning::Of(expected)), "");
}

TEST(Translation, SaysAConversationOfChat) {
  Request request = Chat();
  request.messages.insert(request.messages.begin(),
                          {.role = Role::kSystem, .parts = {TextPart("Be brief.")}});
  request.messages.push_back(
      {.role = Role::kAssistant,
       .parts = {
           {.content = chat::Reasoning{.text = "Hm."}},
           TextPart("I look."),
           {.content = chat::ToolCall{.id = "c1", .name = "f", .arguments = "{\"a\":1}"}},
           {.content = chat::ToolCall{
                .id = "c2", .name = "x", .arguments = "ls", .kind = chat::CallKind::kCustom}}}});
  chat::ToolResult one{.call_id = "c1", .name = {}, .parts = {TextPart("ok")}};
  chat::ToolResult two{.call_id = "c2", .name = {}, .parts = {TextPart("a b")}};
  request.messages.push_back({.role = Role::kTool, .parts = {{.content = one}}});
  request.messages.push_back(
      {.role = Role::kUser, .parts = {{.content = two}, TextPart("Go on.")}, .listed = true});
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"messages[2].content[0]"});
  ExpectMeans(request, R"({"model":"gpt-5","store":false,"input":[
    {"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
    {"role":"assistant","content":"I look."},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},
    {"type":"custom_tool_call","call_id":"c2","name":"x","input":"ls"},
    {"type":"function_call_output","call_id":"c1","output":"ok"},
    {"type":"custom_tool_call_output","call_id":"c2","output":"a b"},
    {"role":"user","content":[{"type":"input_text","text":"Go on."}]}]})");
}

TEST(Translation, SaysToolsFormatsAndOptions) {
  Request request = Chat();
  chat::Tool tool;
  tool.name = "f";
  request.tools.push_back(tool);
  tool.kind = chat::ToolKind::kCustom;
  tool.format = R"({"type":"grammar","grammar":{"syntax":"lark","definition":"d"}})";
  request.tools.push_back(tool);
  request.tool_choice.mode = chat::ToolChoiceMode::kNamed;
  request.tool_choice.names = {"f"};
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  request.response_format.schema = R"({"type":"object"})";
  request.sampling.max_output_tokens = 9;
  request.sampling.logprobs = true;
  request.sampling.top_logprobs = 2;
  request.reasoning.budget = 5000;
  request.service_tier = "standard_only";
  request.stream = true;
  request.stream_options.stated = true;
  request.stream_options.include_usage = true;
  ExpectMeans(request, R"({"model":"gpt-5","store":false,"stream":true,
    "input":[{"role":"user","content":"Hi"}],"max_output_tokens":9,"top_logprobs":2,
    "include":["message.output_text.logprobs"],"reasoning":{"effort":"medium"},
    "service_tier":"default","tool_choice":{"type":"function","name":"f"},
    "tools":[{"type":"function","name":"f","strict":false,
              "parameters":{"type":"object","properties":{}}},
             {"type":"custom","name":"f",
              "format":{"type":"grammar","syntax":"lark","definition":"d"}}],
    "text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"}}}})");
}

TEST(Translation, SaysMedia) {
  Request request = Chat();
  chat::Media image;
  image.data = "AAAA";
  image.media_type = "image/png";
  chat::Media file;
  file.kind = chat::MediaKind::kDocument;
  file.data = "BBBB";
  chat::Media page;
  page.kind = chat::MediaKind::kDocument;
  page.url = "https://a.b/c.pdf";
  page.name = "c.pdf";
  request.messages[0].parts = {{.content = image}, {.content = file}, {.content = page}};
  ExpectMeans(request, R"({"model":"gpt-5","store":false,"input":[{"role":"user","content":[
    {"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto"},
    {"type":"input_file","file_data":"data:application/pdf;base64,BBBB","filename":"document.pdf"},
    {"type":"input_file","file_url":"https://a.b/c.pdf","filename":"c.pdf"}]}]})");
}

TEST(Translation, RefusesWhatWouldMakeTheAnswerWrong) {
  Request request = Chat();
  request.sampling.stop = {"END"};
  const auto refused = RenderRequest(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "stop");
  EXPECT_EQ(refused.error().code, core::ErrorCode::kInvalidRequest);
}

TEST(Translation, DoesNotTellAPlainModelHowToThink) {
  Request request = Chat();
  request.model = "gpt-4o";
  request.reasoning.budget = 5000;
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body.find("reasoning"), std::string::npos);
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"reasoning"});
}

TEST(Translation, AsksForTheNearestEffortAndForNoTemperature) {
  Request request = Chat();
  request.model = "o3";
  request.reasoning.effort = "minimal";
  request.sampling.temperature = chat::Number{"0.5"};
  request.sampling.top_p = chat::Number{"1"};
  const auto rendered = RenderRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_NE(rendered->body.find(R"("effort":"low")"), std::string::npos) << rendered->body;
  EXPECT_EQ(rendered->body.find("temperature"), std::string::npos) << rendered->body;
  EXPECT_EQ(rendered->dropped, std::vector<std::string>{"temperature"});
}

TEST(Translation, ThinksWhenItIsToldNoMoreThanTo) {
  const auto effort = [](const chat::ReasoningOptions& reasoning) {
    Request request = Chat();
    request.reasoning = reasoning;
    return Meaning::Of(Rendered(request)).At("reasoning").At("effort").scalar;
  };
  EXPECT_EQ(effort({.enabled = true}), "medium");
  EXPECT_EQ(effort({.enabled = false}), "minimal");  // the least that gpt-5 knows
  EXPECT_EQ(effort({.budget = 1024, .enabled = true}), "low");
  EXPECT_EQ(effort({.effort = "high", .enabled = true}), "high");
}

// A file's id is of the store of one vendor.
TEST(Translation, RefusesFilesOfAnothersStore) {
  for (const chat::MediaKind kind : {chat::MediaKind::kDocument, chat::MediaKind::kImage}) {
    Request request = Chat();
    request.messages[0].parts = {{.content = chat::Media{.kind = kind, .file_id = "file_1"}}};
    const auto refused = RenderRequest(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().param, "messages[0].content[0]");
    request.dialect = kDialect;
    EXPECT_NE(Rendered(request).find(R"("file_id":"file_1")"), std::string::npos);
  }
}

TEST(Translation, CarriesEachSummaryOfAThought) {
  Request request = Chat();
  const chat::Reasoning one{.text = "One.", .id = "rs_1", .format = "openai-responses-v1"};
  chat::Reasoning two = one;
  two.text = "Two.";
  two.redacted = "gAAA";
  request.messages.push_back(
      {.role = Role::kAssistant, .parts = {{.content = one}, {.content = two}}});
  EXPECT_EQ(Meaning::Of(Rendered(request)).At("input").items.at(1).Text(),
            R"({"encrypted_content":"gAAA","id":"rs_1","summary":[)"
            R"({"text":"One.","type":"summary_text"},{"text":"Two.","type":"summary_text"}],)"
            R"("type":"reasoning"})");
}

TEST(Translation, CarriesAThoughtOfOpenAiThatAnotherPassedOn) {
  Request request = Chat();
  request.messages.push_back(
      {.role = Role::kAssistant,
       .parts = {{.content = chat::Reasoning{
                      .redacted = "gAAA", .id = "rs_1", .format = "openai-responses-v1"}}}});
  const std::string body = Rendered(request);
  EXPECT_NE(body.find(R"({"type":"reasoning","id":"rs_1","summary":[],)"
                      R"("encrypted_content":"gAAA"})"),
            std::string::npos);
}

// What OpenAI has stored, and what it does later, is nothing that another vendor can go on from.
TEST(Translation, IsRefusedElsewhereWhereOnlyOpenAiKnowsTheRest) {
  const wire::FeatureTable anything = Features();
  for (const char* body : {R"({"model":"m","input":"x","previous_response_id":"resp_1"})",
                           R"({"model":"m","input":"x","conversation":"conv_1"})",
                           R"({"model":"m","input":"x","prompt":{"id":"p"}})",
                           R"({"model":"m","input":"x","background":true})"}) {
    json::Document document;
    ASSERT_TRUE(document.Parse(body));
    const auto request = ParseRequest(document.Root());
    ASSERT_TRUE(request);
    std::vector<std::string> dropped;
    const auto status = wire::CheckExpressible(*request, "other", anything, "Other", dropped);
    ASSERT_FALSE(status) << body;
    EXPECT_EQ(status.error().code, core::ErrorCode::kInvalidRequest);
    EXPECT_TRUE(RenderRequest(*request)) << body;
  }
}

TEST(Translation, DropsElsewhereWhatOnlyTunes) {
  json::Document document;
  ASSERT_TRUE(
      document.Parse(R"({"model":"m","input":"x","previous_response_id":null,"background":false,)"
                     R"("truncation":"auto","max_tool_calls":2})"));
  const auto request = ParseRequest(document.Root());
  ASSERT_TRUE(request);
  std::vector<std::string> dropped;
  EXPECT_TRUE(wire::CheckExpressible(*request, "other", Features(), "Other", dropped));
  EXPECT_NE(std::ranges::find(dropped, "truncation"), dropped.end());
}

TEST(Translation, SaysAnAnswerOfAnother) {
  chat::Response answer;
  answer.dialect = "anthropic";
  answer.id = "m1";
  answer.model = "claude";
  chat::Choice& choice = answer.choices.emplace_back();
  choice.parts = {{.content = chat::Reasoning{.text = "Hm.", .signature = "c2ln"}},
                  TextPart("Hello"),
                  {.content = chat::ToolCall{.id = "t1", .name = "f"}}};
  choice.finish = chat::FinishReason::kToolCalls;
  const Meaning said = Meaning::Of(RenderAnswer(answer));
  const Meaning expected = Meaning::Of(R"([
    {"id":"rs_m1_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],
     "encrypted_content":"sb1.s.:c2ln"},
    {"id":"msg_m1_1","type":"message","status":"completed","role":"assistant",
     "content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]},
    {"id":"fc_m1_2","type":"function_call","status":"completed","call_id":"t1","name":"f",
     "arguments":"{}"}])");
  EXPECT_EQ(Difference(said.At("output"), expected), "");
  EXPECT_EQ(said.At("status").scalar, "completed");
}

// The items of an answer, sent back as they came, are what the other vendor had said.
TEST(Translation, BringsASignatureBack) {
  chat::Response answer;
  answer.dialect = "anthropic";
  answer.id = "m1";
  answer.choices.emplace_back().parts = {
      {.content = chat::Reasoning{.text = "Hm.", .signature = "c2ln"}},
      {.content = chat::ToolCall{.id = "t1", .name = "f", .signature = "dHM="}}};
  const std::string rendered = RenderAnswer(answer);
  json::Document document;
  ASSERT_TRUE(document.Parse(rendered));
  const std::string body = std::string(R"({"model":"claude","input":)")
                               .append(document.Root().Find("output")->Raw())
                               .append("}");
  json::Document again;
  ASSERT_TRUE(again.Parse(body));
  const auto request = ParseRequest(again.Root());
  ASSERT_TRUE(request) << request.error().message;
  const auto& parts = request->messages.at(0).parts;
  ASSERT_EQ(parts.size(), 2U);
  const auto& thought = std::get<chat::Reasoning>(parts[0].content);
  EXPECT_EQ(thought.text, "Hm.");
  EXPECT_EQ(thought.signature, "c2ln");
  EXPECT_EQ(thought.redacted, "");
  EXPECT_EQ(std::get<chat::ToolCall>(parts[1].content).signature, "dHM=");
  // OpenAI is not told of either.
  const std::string own = Rendered(*request);
  EXPECT_EQ(own.find("c2ln"), std::string::npos);
  EXPECT_EQ(own.find("dHM="), std::string::npos);
}

TEST(Translation, TellsErrorsInOpenAisWords) {
  const wire::ErrorAnswer ours{
      .status = 429, .error = {core::ErrorCode::kRateLimited, "slow down", {}, {}}, .vendor = {}};
  EXPECT_EQ(RenderErrorBody(ours),
            R"({"error":{"message":"slow down","type":"rate_limit_error","param":null,)"
            R"("code":"rate_limit_exceeded"}})");
  wire::ErrorAnswer theirs = ours;
  theirs.vendor.message = "Overloaded";
  theirs.vendor.type = "overloaded_error";
  theirs.vendor.json = R"({"type":"overloaded_error","message":"Overloaded"})";
  EXPECT_EQ(RenderErrorBody(theirs),
            R"({"error":{"message":"Overloaded","type":"rate_limit_error","param":null,)"
            R"("code":"rate_limit_exceeded"}})");
  EXPECT_EQ(ParseErrorBody("<html>").message, "<html>");
  EXPECT_EQ(ParseErrorBody("\xff no").message, "? no");
}

TEST(Translation, KeepsTheSummariesOfAStreamInOneItem) {
  const auto parser = TheDialect().NewStreamParser();
  const std::string stream =
      R"(data: {"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}

data: {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"One."}

data: {"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":1}

data: {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"Two."}

data: {"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"gA==","summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]}}

)";
  parser->Feed(stream);
  chat::EventBatch events;
  while (*parser->Next(events)) {
  }
  chat::Assembler assembler;
  assembler.Take(events);
  chat::Response answer = std::move(assembler).TakeAnswer();
  answer.dialect = kDialect;
  for (const Part& part : answer.choices.at(0).parts) {
    EXPECT_EQ(std::get<chat::Reasoning>(part.content).id, "rs_1");
  }
  EXPECT_EQ(Meaning::Of(RenderAnswer(answer)).At("output").items.size(), 1U);
}

TEST(Translation, KnowsWhatAnAnswerCost) {
  json::Document document;
  const auto bill = TheDialect().ReadBill(
      R"({"service_tier":"flex","usage":{"input_tokens":2,"output_tokens":3,)"
      R"("output_tokens_details":{"reasoning_tokens":1},"cost_in_usd_ticks":55}})",
      document);
  ASSERT_TRUE(bill);
  EXPECT_EQ(bill->usage.reasoning, 1);
  EXPECT_EQ(bill->tier, catalog::ServiceTier::kFlex);
  EXPECT_EQ(bill->stated, catalog::NanoUsd{6});
  EXPECT_FALSE(TheDialect().ReadBill("<html>", document));
}

}  // namespace
}  // namespace signalbox::openai_responses
