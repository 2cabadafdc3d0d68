// Requests of other dialects into Google's, and answers of others for Google's clients.
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::gemini {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using testkit::Difference;
using testkit::Meaning;

Part TextPart(std::string text) {
  return {.content = chat::Text{std::move(text), {}}};
}

Part CallPart(std::string id, std::string name, std::string arguments) {
  chat::ToolCall call;
  call.id = std::move(id);
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  return {.content = std::move(call)};
}

Message ResultMessage(std::string id, std::string text, bool failed = false) {
  chat::ToolResult result;
  result.call_id = std::move(id);
  result.parts.push_back(TextPart(std::move(text)));
  if (failed) {
    result.is_error = true;
  }
  Message message{.role = Role::kTool};
  message.parts.push_back({.content = std::move(result)});
  return message;
}

chat::Request Asking(std::string model) {
  chat::Request request;
  request.dialect = "openai_chat";
  request.model = std::move(model);
  request.messages.push_back({.role = Role::kSystem, .parts = {TextPart("Be brief.")}});
  request.messages.push_back({.role = Role::kUser, .parts = {TextPart("Hi")}});
  return request;
}

Meaning Rendered(const chat::Request& request, const wire::Dialect& dialect = TheDialect()) {
  const auto rendered = dialect.RenderRequest(request, {});
  EXPECT_TRUE(rendered) << rendered.error().message;
  return Meaning::Of(rendered ? rendered->body : "null");
}

void ExpectRendered(const chat::Request& request, std::string_view wanted) {
  EXPECT_EQ(Difference(Rendered(request), Meaning::Of(wanted)), "");
}

TEST(GeminiTranslation, SystemPromptsAreLiftedAndJoined) {
  chat::Request request = Asking("gemini-2.5-flash");
  request.messages.push_back({.role = Role::kDeveloper, .parts = {TextPart("In German.")}});
  request.sampling.max_output_tokens = 5;
  ExpectRendered(request, R"({"systemInstruction":{"parts":[{"text":"Be brief.\n\nIn German."}]},
    "contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":5}})");
}

TEST(GeminiTranslation, ALoneSystemPromptIsWhatTheUserSays) {
  chat::Request request = Asking("gemini-2.5-flash");
  request.messages.pop_back();
  ExpectRendered(request, R"({"contents":[{"role":"user","parts":[{"text":"Be brief."}]}]})");
}

chat::Request ToolLoop(std::string model) {
  chat::Request request = Asking(std::move(model));
  Message calls{.role = Role::kAssistant};
  calls.parts.push_back(TextPart(""));
  calls.parts.push_back(CallPart("c1", "weather", R"({"city":"Rome"})"));
  calls.parts.push_back(CallPart("gemini_r_1", "time", ""));
  request.messages.push_back(std::move(calls));
  request.messages.push_back(ResultMessage("gemini_r_1", "noon"));
  request.messages.push_back(ResultMessage("c1", "no sun", true));
  request.messages.push_back({.role = Role::kUser, .parts = {TextPart("And?")}});
  return request;
}

TEST(GeminiTranslation, ResultsStandInOneTurnInTheOrderOfTheirCalls) {
  ExpectRendered(ToolLoop("gemini-2.5-flash"), R"({
    "systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[
    {"role":"user","parts":[{"text":"Hi"}]},
    {"role":"model","parts":[
      {"functionCall":{"id":"c1","name":"weather","args":{"city":"Rome"}}},
      {"functionCall":{"name":"time","args":{}}}]},
    {"role":"user","parts":[
      {"functionResponse":{"id":"c1","name":"weather","response":{"error":"no sun"}}},
      {"functionResponse":{"name":"time","response":{"output":"noon"}}},
      {"text":"And?"}]}]})");
}

TEST(GeminiTranslation, Gemini3IsToldThatACallHasNoSignature) {
  const Meaning calls = Rendered(ToolLoop("gemini-3-pro-preview")).At("contents").items.at(1);
  EXPECT_EQ(calls.At("parts").items.at(0).At("thoughtSignature").scalar,
            "skip_thought_signature_validator");
  EXPECT_FALSE(calls.At("parts").items.at(1).Has("thoughtSignature"));
}

TEST(GeminiTranslation, AResultWithoutACallIsAnError) {
  chat::Request request = Asking("gemini-2.5-flash");
  request.messages.push_back(ResultMessage("nobody", "x"));
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().param, "messages[2].content[0].tool_call_id");
}

std::string ThinkingOf(const std::string& model, std::string effort,
                       std::optional<std::int64_t> budget = {}) {
  chat::Request request = Asking(model);
  request.reasoning.effort = std::move(effort);
  request.reasoning.budget = budget;
  return Rendered(request).At("generationConfig").At("thinkingConfig").Text();
}

TEST(GeminiTranslation, EffortIsALevelOrABudget) {
  EXPECT_EQ(ThinkingOf("gemini-3-flash-preview", "minimal"),
            R"({"includeThoughts":true,"thinkingLevel":"MINIMAL"})");
  EXPECT_EQ(ThinkingOf("gemini-3-pro-preview", "medium"),
            R"({"includeThoughts":true,"thinkingLevel":"HIGH"})");
  EXPECT_EQ(ThinkingOf("gemini-3.1-pro-preview", "none"),
            R"({"includeThoughts":false,"thinkingLevel":"LOW"})");
  EXPECT_EQ(ThinkingOf("gemini-2.5-flash", "none"),
            R"({"includeThoughts":false,"thinkingBudget":0})");
  EXPECT_EQ(ThinkingOf("gemini-2.5-pro", "none"),
            R"({"includeThoughts":false,"thinkingBudget":128})");
  EXPECT_EQ(ThinkingOf("models/gemini-2.5-flash", "medium"),
            R"({"includeThoughts":true,"thinkingBudget":8192})");
  EXPECT_EQ(ThinkingOf("gemini-2.5-flash", "", 60000),
            R"({"includeThoughts":true,"thinkingBudget":24576})");
  EXPECT_EQ(ThinkingOf("gemini-3-flash-preview", "", 5000),
            R"({"includeThoughts":true,"thinkingLevel":"MEDIUM"})");
  EXPECT_EQ(ThinkingOf("gemini-2.0-flash", "high"), "null");
}

TEST(GeminiTranslation, GoesByWhatIsKnownOfTheModelBeforeItsName) {
  catalog::Capabilities known;
  known.Add(catalog::Ability::kEffort);
  known.Add(catalog::Effort::kLow);
  chat::Request request = Asking("tuned-by-us");
  request.reasoning.effort = "minimal";
  const auto told = TheDialect().RenderRequest(request, {.capabilities = &known});
  ASSERT_TRUE(told);
  EXPECT_NE(told->body.find(R"("thinkingLevel":"LOW")"), std::string::npos) << told->body;
  const auto by_name = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(by_name);
  EXPECT_NE(by_name->body.find(R"("thinkingBudget":1024)"), std::string::npos) << by_name->body;
}

TEST(GeminiTranslation, SchemasGoAsTheModelKnowsThem) {
  chat::Request request = Asking("gemini-2.5-flash");
  chat::Tool tool;
  tool.name = "f";
  tool.parameters = R"({"type":"object","properties":{"a":{"type":["string","null"]}},
    "additionalProperties":false})";
  tool.strict = true;
  request.tools.push_back(tool);
  Meaning rendered = Rendered(request);
  EXPECT_TRUE(rendered.At("tools")
                  .items.at(0)
                  .At("functionDeclarations")
                  .items.at(0)
                  .Has("parametersJsonSchema"));
  EXPECT_EQ(rendered.At("toolConfig").At("functionCallingConfig").At("mode").scalar, "VALIDATED");
  request.model = "gemini-2.0-flash";
  rendered = Rendered(request);
  EXPECT_EQ(rendered.At("tools")
                .items.at(0)
                .At("functionDeclarations")
                .items.at(0)
                .At("parameters")
                .Text(),
            R"({"properties":{"a":{"nullable":true,"type":"STRING"}},"propertyOrdering":["a"],)"
            R"("type":"OBJECT"})");
  request.tools[0].parameters = R"({"$ref":"#/$defs/a","$defs":{"a":{}}})";
  rendered = Rendered(request);
  EXPECT_TRUE(rendered.At("tools")
                  .items.at(0)
                  .At("functionDeclarations")
                  .items.at(0)
                  .Has("parametersJsonSchema"));
}

TEST(GeminiTranslation, MediaGoInlineOrByUri) {
  chat::Request request = Asking("gemini-2.5-flash");
  chat::Media inlined;
  inlined.url = "data:image/png;base64,aaaa";
  chat::Media linked;
  linked.url = "https://example.com/a.jpg";
  request.messages[1].parts = {{.content = inlined}, {.content = linked}};
  const Meaning parts = Rendered(request, Vertex()).At("contents").items.at(0).At("parts");
  EXPECT_EQ(parts.items.at(0).Text(), R"({"inlineData":{"data":"aaaa","mimeType":"image/png"}})");
  EXPECT_EQ(parts.items.at(1).Text(),
            R"({"fileData":{"fileUri":"https://example.com/a.jpg","mimeType":"image/jpeg"}})");
  EXPECT_EQ(TheDialect().features().Of(wire::Feature::kImageUrl), wire::Support::kFetched);
  EXPECT_EQ(Vertex().features().Of(wire::Feature::kImageUrl), wire::Support::kCarried);
  EXPECT_TRUE(TakesUri("gs://b/a.png"));
  EXPECT_FALSE(TakesUri(linked.url));
}

TEST(GeminiTranslation, WhatCannotBeSaidIsRefusedOrNamed) {
  chat::Request request = Asking("gemini-2.5-flash");
  request.parallel_tool_calls = false;
  request.user = "u";
  const auto rendered = TheDialect().RenderRequest(request, {});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->dropped, (std::vector<std::string>{"parallel_tool_calls", "user"}));
  request.sampling.logit_bias = "{}";
  EXPECT_EQ(TheDialect().RenderRequest(request, {}).error().param, "logit_bias");
}

// An answer with signatures, sent back by a client that keeps the canonical values.
TEST(GeminiTranslation, SignaturesComeBackThroughAToolLoop) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"candidates":[{"content":{"role":"model","parts":[
    {"text":"Hm","thought":true,"thoughtSignature":"dGhvdWdodA=="},
    {"functionCall":{"name":"f","args":{}},"thoughtSignature":"Y2FsbA=="}]},
    "finishReason":"STOP"}],"responseId":"r"})"));
  auto answer = TheDialect().ParseAnswer(document.Root());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->choices.at(0).finish, chat::FinishReason::kToolCalls);
  chat::Request request = Asking("gemini-3-flash-preview");
  request.dialect = "anthropic";
  request.messages.push_back({.role = Role::kAssistant, .parts = answer->choices[0].parts});
  request.messages.push_back(ResultMessage("gemini_r_0", R"({"a":1})"));
  const Meaning contents = Rendered(request).At("contents");
  EXPECT_EQ(contents.items.at(1).At("parts").Text(),
            R"([{"text":"Hm","thought":true,"thoughtSignature":"dGhvdWdodA=="},)"
            R"({"functionCall":{"args":{},"name":"f"},"thoughtSignature":"Y2FsbA=="}])");
  EXPECT_EQ(contents.items.at(2).At("parts").Text(),
            R"([{"functionResponse":{"name":"f","response":{"a":1}}}])");
}

chat::Response ForeignAnswer() {
  chat::Response response;
  response.dialect = "anthropic";
  response.id = "msg_1";
  response.model = "claude";
  chat::Choice& choice = response.choices.emplace_back();
  chat::Reasoning thought;
  thought.text = "Hm";
  thought.signature = "claude's";
  choice.parts.push_back({.content = thought});
  choice.parts.push_back(CallPart("toolu_1", "f", R"({"x":1})"));
  choice.finish = chat::FinishReason::kToolCalls;
  response.usage.emplace();
  response.usage->tokens = {.input = 10, .output = 9, .cached = 4, .reasoning = 3};
  return response;
}

TEST(GeminiTranslation, ThoughtsOfOthersAreSealedForAGeminiClient) {
  const std::string body = TheDialect().RenderAnswer(ForeignAnswer());
  const Meaning answer = Meaning::Of(body);
  const Meaning& candidate = answer.At("candidates").items.at(0);
  EXPECT_EQ(candidate.At("finishReason").scalar, "STOP");
  EXPECT_EQ(answer.At("usageMetadata").Text(),
            R"({"cachedContentTokenCount":4,"candidatesTokenCount":6,"promptTokenCount":10,)"
            R"("thoughtsTokenCount":3,"totalTokenCount":19})");
  std::string sealed =
      candidate.At("content").At("parts").items.at(0).At("thoughtSignature").scalar;
  ASSERT_TRUE(FromBase64(sealed));
  std::ranges::replace(sealed, '+', '-');  // as Python's SDK writes it again
  std::ranges::replace(sealed, '/', '_');
  chat::Reasoning back;
  SetSignature(sealed, back);
  EXPECT_EQ(back.signature, "claude's");
  EXPECT_EQ(back.format, "anthropic-claude-v1");

  json::Document document;
  const std::string history = R"({"contents":[{"role":"model","parts":)" +
                              candidate.At("content").At("parts").Text() + "}]}";
  ASSERT_TRUE(document.Parse(history));
  auto request = TheDialect().ParseRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_EQ(std::get<chat::Reasoning>(request->messages[0].parts[0].content).signature, "claude's");
  // Google would refuse it.
  EXPECT_EQ(Rendered(*request).At("contents").items.at(0).At("parts").items.size(), 1U);
}

std::string Streamed(const std::vector<chat::EventBatch>& batches, wire::Framing framing) {
  const auto renderer = TheDialect().NewStreamRenderer(false, {.framing = framing});
  std::string out;
  for (const chat::EventBatch& batch : batches) {
    renderer->Render(batch, out);
  }
  return out;
}

std::vector<chat::EventBatch> ForeignStream() {
  chat::UsageReport usage;
  usage.tokens = {.input = 3, .output = 2};
  chat::ToolCallStart start;
  start.id = "c";
  start.name = "f";
  return {{{0, chat::StreamStart{"id", "gpt", {}, {}, {}}}, {0, chat::ChoiceStart{}}},
          {{0, chat::TextDelta{"Hi"}}},
          {{0, start}, {0, chat::ToolCallArguments{0, R"({"x":)"}}},
          {{0, chat::ToolCallArguments{0, "1}"}}},
          {{0, chat::Finish{chat::FinishReason::kToolCalls, "tool_calls", {}}}},
          {{0, usage}},
          {{0, chat::StreamEnd{}}}};
}

TEST(GeminiTranslation, ArgumentsOnSeveralLinesStayInOneFrame) {
  chat::ToolCallStart start;
  start.name = "f";
  const std::string stream =
      Streamed({{{0, start},
                 {0, chat::ToolCallArguments{0, "{\n  \"x\": \"a\\nb\",\r\n  \"y\": 2\n}"}},
                 {0, chat::ToolCallEnd{0}}}},
               wire::Framing::kSse);
  ASSERT_TRUE(stream.ends_with("\r\n\r\n"));
  const std::string frame = stream.substr(0, stream.size() - 4);
  EXPECT_EQ(frame.find_first_of("\r\n"), std::string::npos) << frame;
  const Meaning said = Meaning::Of(std::string_view(frame).substr(sizeof "data:"));
  const Meaning& content = said.At("candidates").items.at(0).At("content");
  EXPECT_EQ(content.At("parts").items.at(0).At("functionCall").At("args").Text(),
            R"({"x":"a\nb","y":2})");
}

chat::EventBatch Thinking(std::string text, std::string signature) {
  chat::ReasoningDelta delta;
  delta.text = std::move(text);
  delta.signature = std::move(signature);
  return {{0, std::move(delta)}};
}

// The contents of the frames of a stream.
std::vector<std::string> ContentsOf(const std::string& stream) {
  std::vector<std::string> contents;
  const Meaning frames = Meaning::Of(stream);
  for (const Meaning& frame : frames.items) {
    contents.push_back(frame.At("candidates").items.at(0).At("content").Text());
  }
  return contents;
}

// As a client hands back what was streamed: all parts in one content, or each frame as it came.
TEST(GeminiTranslation, AStreamedThoughtOfAnotherComesBackAsOne) {
  const std::string stream = Streamed({Thinking("I need ", ""),
                                       Thinking("the weather.", ""),
                                       Thinking("", "claude's"),
                                       Thinking("Again.", "second"),
                                       {{0, chat::StreamEnd{}}}},
                                      wire::Framing::kJsonArray);
  std::string each;
  std::string parts;
  for (const std::string& content : ContentsOf(stream)) {
    const Meaning meaning = Meaning::Of(content);
    each += (each.empty() ? "" : ",") + content;
    parts += (parts.empty() ? "" : ",") + meaning.At("parts").items.at(0).Text();
  }
  for (const std::string& contents : {each, R"({"role":"model","parts":[)" + parts + "]}"}) {
    json::Document document;
    const std::string body = R"({"contents":[)" + contents + "]}";
    ASSERT_TRUE(document.Parse(body));
    const auto request = TheDialect().ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    std::vector<std::string> thoughts;
    for (const Message& message : request->messages) {
      EXPECT_FALSE(message.parts.empty());
      for (const Part& part : message.parts) {
        const auto& thought = std::get<chat::Reasoning>(part.content);
        thoughts.push_back(thought.text + " / " + thought.signature);
      }
    }
    EXPECT_EQ(thoughts,
              (std::vector<std::string>{"I need the weather. / claude's", "Again. / second"}))
        << body;
  }
}

TEST(GeminiTranslation, FilesOfAnothersStoreAreRefused) {
  for (const chat::MediaKind kind : {chat::MediaKind::kDocument, chat::MediaKind::kImage}) {
    chat::Request request = Asking("gemini-3-flash-preview");
    request.messages[1].parts = {{.content = chat::Media{.kind = kind, .file_id = "file-1"}}};
    for (const wire::Dialect* dialect : {&TheDialect(), &Vertex()}) {
      const auto refused = dialect->RenderRequest(request, {});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().param, "messages[1].content[0]");
    }
  }
}

constexpr std::string_view kFrames[] = {
    R"({"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}],)"
    R"("modelVersion":"gpt","responseId":"id"})",
    R"({"candidates":[{"content":{"parts":[{"functionCall":{"id":"c","name":"f","args":{"x":1}}}],)"
    R"("role":"model"},"index":0}],"modelVersion":"gpt","responseId":"id"})",
    R"({"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP",)"
    R"("index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,)"
    R"("totalTokenCount":5},"modelVersion":"gpt","responseId":"id"})"};

TEST(GeminiTranslation, AStreamOfAnotherVendorBecomesFramesWithWholeCalls) {
  std::string wanted;
  for (const std::string_view frame : kFrames) {
    wanted.append("data: ").append(frame).append("\r\n\r\n");
  }
  EXPECT_EQ(Streamed(ForeignStream(), wire::Framing::kSse), wanted);
  EXPECT_EQ(Streamed(ForeignStream(), wire::Framing::kJsonArray),
            "[" + std::string(kFrames[0]) + ",\r\n" + std::string(kFrames[1]) + ",\r\n" +
                std::string(kFrames[2]) + "\r\n]");
  EXPECT_EQ(Streamed({{{0, chat::StreamEnd{}}}}, wire::Framing::kJsonArray), "[]");
}

TEST(GeminiTranslation, AnErrorLeavesAWholeArray) {
  const auto renderer =
      TheDialect().NewStreamRenderer(false, {.framing = wire::Framing::kJsonArray});
  std::string out;
  renderer->Render(ForeignStream()[1], out);
  renderer->RenderError({.status = 503, .error = {.message = "gone"}, .vendor = {}}, out);
  renderer->Render(ForeignStream()[6], out);
  const Meaning frames = Meaning::Of(out);
  ASSERT_EQ(frames.items.size(), 2U) << out;
  EXPECT_EQ(frames.items[1].Text(),
            R"({"error":{"code":503,"message":"gone","status":"UNAVAILABLE"}})");
}

TEST(GeminiErrors, AreReadInAListAndWithTheirDetails) {
  const auto error = TheDialect().ParseError(
      R"([{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}])");
  EXPECT_EQ(error.message, "slow");
  EXPECT_EQ(error.type, "RESOURCE_EXHAUSTED");
  EXPECT_EQ(error.code, "429");
  EXPECT_EQ(TheDialect().ParseError("<html>").message, "<html>");
}

TEST(GeminiErrors, AreSaidInGooglesWords) {
  wire::ErrorAnswer answer;
  answer.status = 429;
  answer.error.message = "wait";
  answer.error.retry_after = std::chrono::seconds(3);
  EXPECT_EQ(TheDialect().RenderError(answer),
            R"({"error":{"code":429,"message":"wait","status":"RESOURCE_EXHAUSTED","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}})");
  constexpr std::pair<int, std::string_view> kNames[] = {
      {400, "INVALID_ARGUMENT"}, {401, "UNAUTHENTICATED"}, {403, "PERMISSION_DENIED"},
      {404, "NOT_FOUND"},        {500, "INTERNAL"},        {503, "UNAVAILABLE"},
      {504, "DEADLINE_EXCEEDED"}};
  for (const auto& [status, name] : kNames) {
    answer.status = status;
    EXPECT_EQ(Meaning::Of(TheDialect().RenderError(answer)).At("error").At("status").scalar, name);
  }
}

TEST(GeminiPaths, HaveTheModelInThem) {
  using chat::Operation;
  const wire::Dialect& d = TheDialect();
  EXPECT_EQ(d.PathOf(Operation::kChat, "gemini-2.5-pro", false),
            "/models/gemini-2.5-pro:generateContent");
  EXPECT_EQ(d.PathOf(Operation::kChat, "tunedModels/x y", true),
            "/tunedModels/x%20y:streamGenerateContent?alt=sse");
  EXPECT_EQ(d.PathOf(Operation::kCountTokens, "models/a/b", false), "/models/a%2Fb:countTokens");
  EXPECT_EQ(d.PathOf(Operation::kEmbeddings, "e", false), "/models/e:batchEmbedContents");
  EXPECT_EQ(Vertex().PathOf(Operation::kEmbeddings, "e", false), "/models/e:predict");
}

chat::EmbeddingsRequest Embedding() {
  chat::EmbeddingsRequest request;
  request.model = "gemini-embedding-001";
  request.inputs = {{"a", {}}, {"b", {}}};
  request.dimensions = 8;
  request.purpose = "search_query";
  return request;
}

TEST(GeminiEmbeddings, AreAlwaysABatchUpstream) {
  EXPECT_EQ(TheDialect().RenderEmbeddingsRequest(Embedding())->body,
            R"({"requests":[{"model":"models/gemini-embedding-001",)"
            R"("content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_QUERY",)"
            R"("outputDimensionality":8},{"model":"models/gemini-embedding-001",)"
            R"("content":{"parts":[{"text":"b"}]},"taskType":"RETRIEVAL_QUERY",)"
            R"("outputDimensionality":8}]})");
  EXPECT_EQ(Vertex().RenderEmbeddingsRequest(Embedding())->body,
            R"({"instances":[{"content":"a","task_type":"RETRIEVAL_QUERY"},)"
            R"({"content":"b","task_type":"RETRIEVAL_QUERY"}],)"
            R"("parameters":{"outputDimensionality":8}})");
}

TEST(GeminiEmbeddings, OneInputIsAnsweredWithOne) {
  json::Document document;
  ASSERT_TRUE(document.Parse(
      R"({"content":{"parts":[{"text":"a"}]},"output_dimensionality":8,"taskType":"CLUSTERING"})"));
  const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->listed);
  EXPECT_EQ(request->purpose, "clustering");
  chat::EmbeddingsResponse answer;
  answer.data.push_back({.index = 0, .vector = "\"AACAPwAAAEA=\"", .extra = {}});
  answer.listed = request->listed;
  EXPECT_EQ(TheDialect().RenderEmbeddingsAnswer(answer), R"({"embedding":{"values":[1,2]}})");
  answer.listed = true;
  EXPECT_EQ(TheDialect().RenderEmbeddingsAnswer(answer), R"({"embeddings":[{"values":[1,2]}]})");
}

TEST(GeminiCounts, AWholeRequestIsCountedWhole) {
  EXPECT_EQ(Meaning::Of(TheDialect().RenderCountRequest(Asking("m"))->body)
                .At("generateContentRequest")
                .At("model")
                .scalar,
            "models/m");
  EXPECT_TRUE(Meaning::Of(Vertex().RenderCountRequest(Asking("m"))->body).Has("systemInstruction"));
  EXPECT_EQ(TheDialect().RenderCountAnswer(5), R"({"totalTokens":5})");
}

// So that the answer's details come back: between the same host the body stays, but for its model.
TEST(GeminiCounts, OnlyTheModelInsideIsChanged) {
  EXPECT_TRUE(TheDialect().Takes(TheDialect(), chat::Operation::kCountTokens));
  EXPECT_FALSE(TheDialect().Takes(Vertex(), chat::Operation::kCountTokens));
  const std::string_view body =
      R"({"generateContentRequest":{"model":"models/alias","contents":[]}})";
  json::Document document;
  ASSERT_TRUE(document.Parse(body));
  const auto envelope = TheDialect().ReadEnvelope(document, chat::Operation::kCountTokens);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->model, "alias");
  chat::EditList edits;
  TheDialect().PlanEdits(*envelope, "gemini-2.5-pro", false, edits);
  std::vector<std::string_view> pieces;
  edits.Apply(body, pieces);
  std::string edited;
  for (const std::string_view piece : pieces) {
    edited += piece;
  }
  EXPECT_EQ(edited,
            R"({"generateContentRequest":{"model":"models/gemini-2.5-pro","contents":[]}})");
}

}  // namespace
}  // namespace signalbox::gemini
