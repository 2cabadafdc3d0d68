// Callers and upstreams that speak different dialects.
#include "pipeline/gateway/gateway_testing.h"
#include "vendors/dialects/dialects.h"

namespace signalbox::gateway {
namespace {

constexpr const char* kCompletion =
    R"({"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",)"
    R"("content":"Ho"},"finish_reason":"stop"}]})";

const std::string kChat =
    R"({"model":"edge/m1","max_tokens":9,"messages":[{"role":"system","content":"Be brief."},)"
    R"({"role":"user","content":"Hi"}],"seed":7})";
const std::string kMessages =
    R"({"model":"edge/m1","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]})";
const std::string kMessage =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[)"
    R"({"type":"text","text":"Ho"}],"stop_reason":"end_turn","stop_sequence":null,)"
    R"("usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":7}})";

providers::ProviderOptions Of(providers::ProviderType type) {
  providers::ProviderOptions options;
  options.type = type;
  return options;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string Event(std::string_view type, std::string_view data) {
  return std::string("event: ").append(type).append("\ndata: ").append(data).append("\n\n");
}

LOOP_TEST(Translation, AsksAndAnswersInBothLanguages) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  rig.upstream->answers.push_back({.pieces = {kMessage}});
  RecordingSink sink;
  co_await rig.Run(kChat, &sink);
  EXPECT_EQ(sink.status, 200);
  EXPECT_TRUE(Has(sink.body, R"("object":"chat.completion")")) << sink.body;
  EXPECT_TRUE(Has(sink.body, R"("content":"Ho")")) << sink.body;
  EXPECT_TRUE(Has(sink.body, R"("prompt_tokens":7)")) << sink.body;
  EXPECT_EQ(sink.dropped, "seed");
  const FakeCall& call = rig.upstream->calls.front();
  EXPECT_EQ(call.path, "/messages");
  EXPECT_TRUE(Has(call.body, R"("model":"m1")")) << call.body;
  EXPECT_TRUE(Has(call.body, R"("system":)")) << call.body;
  const ledger::OwnedRecord end = rig.Records().back();
  EXPECT_EQ(end.record.outcome, ledger::Outcome::kOk);
  EXPECT_EQ(end.record.usage.input, 7);
  EXPECT_EQ(end.record.usage.cached, 2);
  EXPECT_EQ(end.record.usage.output, 7);
  EXPECT_EQ(end.record.usage_source, ledger::UsageSource::kVendor);
}

LOOP_TEST(Translation, AStreamIsToldAgainFrameByFrame) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  rig.upstream->answers.push_back(
      {.content_type = "text/event-stream",
       .pieces = {
           Event("message_start", R"({"type":"message_start","message":{"id":"msg_1","type":)"
                                  R"("message","role":"assistant","model":"claude","content":[],)"
                                  R"("usage":{"input_tokens":5,"output_tokens":1}}})"),
           Event("content_block_start", R"({"type":"content_block_start","index":0,)"
                                        R"("content_block":{"type":"text","text":""}})"),
           Event("content_block_delta", R"({"type":"content_block_delta","index":0,)"
                                        R"("delta":{"type":"text_delta","text":"Ho"}})"),
           Event("content_block_stop", R"({"type":"content_block_stop","index":0})"),
           Event("message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
                                  R"("usage":{"output_tokens":7}})"),
           Event("message_stop", R"({"type":"message_stop"})")}});
  RecordingSink sink;
  std::string body = kChat;
  body.insert(1, R"("stream":true,)");
  co_await rig.Run(body, &sink);
  EXPECT_EQ(sink.content_type, "text/event-stream");
  EXPECT_TRUE(Has(sink.body, R"("content":"Ho")")) << sink.body;
  EXPECT_TRUE(sink.body.ends_with("data: [DONE]\n\n")) << sink.body;
  EXPECT_FALSE(Has(sink.body, "message_stop")) << sink.body;
  const ledger::OwnedRecord end = rig.Records().back();
  EXPECT_EQ(end.record.outcome, ledger::Outcome::kOk);
  EXPECT_EQ(end.record.usage.input, 5);
  EXPECT_EQ(end.record.usage.output, 7);
}

LOOP_TEST(Translation, ABrokenStreamEndsWithTheCallersOwnErrorEvent) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  rig.upstream->answers.push_back(
      {.content_type = "text/event-stream",
       .pieces = {"data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":"
                  "{\"content\":\"Ho\"}}]}\n\n"}});
  RecordingSink sink;
  std::string body = kMessages;
  body.insert(1, R"("stream":true,)");
  co_await rig.Run(body, &sink);
  EXPECT_TRUE(Has(sink.body, "event: content_block_delta\n")) << sink.body;
  EXPECT_TRUE(Has(sink.body, "event: error\n")) << sink.body;
  EXPECT_FALSE(Has(sink.body, "message_stop")) << sink.body;
  EXPECT_EQ(rig.Records().back().record.outcome, ledger::Outcome::kFailed);
}

LOOP_TEST(Translation, ARefusalComesInTheCallersForm) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  rig.upstream->answers.push_back(
      {.status = 429,
       .retry_after = "7",
       .pieces = {R"({"error":{"message":"Slow down","type":"rate_limit_error","code":null}})"}});
  RecordingSink sink;
  co_await rig.Run(kMessages, &sink);
  EXPECT_EQ(sink.status, 429);
  EXPECT_TRUE(Has(sink.body, R"("type":"rate_limit_error")")) << sink.body;
  EXPECT_TRUE(Has(sink.body, R"({"type":"error","error":)")) << sink.body;
  EXPECT_TRUE(Has(sink.body, "Slow down")) << sink.body;
  EXPECT_EQ(sink.retry_after, "7");
}

LOOP_TEST(Translation, WhatCannotBeSaidIsRefusedBeforeAnythingIsWrittenDown) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  RecordingSink sink;
  std::string body = kChat;
  body.insert(1, R"("n":2,)");
  co_await rig.Run(body, &sink);
  EXPECT_EQ(sink.status, 400);
  EXPECT_TRUE(Has(sink.body, R"("param":"n")")) << sink.body;
  EXPECT_TRUE(rig.upstream->calls.empty());
  EXPECT_TRUE(rig.Records().empty());
}

LOOP_TEST(Translation, TheSameDialectGoesThroughAsItIs) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  rig.dialect = dialects::Find("anthropic");
  rig.upstream->answers.push_back({.pieces = {kMessage}});
  RecordingSink sink;
  std::string body = kMessages;
  body.insert(1, R"("something_new": 1.50 ,)");
  co_await rig.Run(body, &sink);
  EXPECT_EQ(sink.body, kMessage);
  EXPECT_TRUE(Has(rig.upstream->calls.front().body, R"("something_new": 1.50 ,)"));
  EXPECT_EQ(sink.dropped, "");
  EXPECT_EQ(rig.Records().back().record.usage.input, 7);
}

LOOP_TEST(Translation, AProviderWithoutTheOperationSaysWhoHasIt) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/m1","input":"Hi"})", &sink, {}, {},
                   chat::Operation::kEmbeddings);
  EXPECT_EQ(sink.status, 400);
  EXPECT_TRUE(Has(sink.body, "provider edge (Anthropic Messages) has no embeddings")) << sink.body;
  EXPECT_TRUE(Has(sink.body, "no provider that is configured has it")) << sink.body;
}

LOOP_TEST(Translation, TokensAreCountedHereForAProviderThatCannot) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  RecordingSink sink;
  co_await rig.Run(kMessages, &sink, {}, {}, chat::Operation::kCountTokens);
  EXPECT_EQ(sink.status, 200);
  EXPECT_TRUE(sink.body.starts_with(R"({"input_tokens":)")) << sink.body;
  EXPECT_TRUE(rig.upstream->calls.empty());
}

LOOP_TEST(Translation, ADocumentThatIsATextIsATextForWhoTakesNoSuchFiles) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  rig.upstream->answers.push_back({.pieces = {kCompletion}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/gpt-4o","max_tokens":9,"messages":[{"role":"user","content":[)"
                   R"({"type":"document","title":"Rules","citations":{"enabled":true},"source":)"
                   R"({"type":"text","media_type":"text/plain","data":"Lock it."}}]}]})",
                   &sink);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_TRUE(Has(rig.upstream->calls.front().body, R"("Rules\n\nLock it.")"))
      << rig.upstream->calls.front().body;
  EXPECT_EQ(sink.dropped, "messages[0].content[0].citations");
}

LOOP_TEST(Translation, AnAddressThatTheVendorCannotOpenIsRefused) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/gpt-4o","max_tokens":9,"messages":[{"role":"user","content":[)"
                   R"({"type":"image","source":{"type":"url","url":"s3://bucket/a.png"}}]}]})",
                   &sink);
  EXPECT_EQ(sink.status, 400);
  EXPECT_TRUE(Has(sink.body,
                  "messages[0].content[0]: OpenAI Chat Completions cannot open s3://bucket/a.png"))
      << sink.body;
  EXPECT_TRUE(rig.upstream->calls.empty());
}

std::string Seen(std::string_view model) {
  return R"({"model":")" + std::string(model) +
         R"(","max_tokens":9,"messages":[{"role":"user","content":[)"
         R"({"type":"text","text":"What is it?"},{"type":"image","source":{"type":"base64",)"
         R"("media_type":"image/png","data":"iVBORw0KGgo="}}]}]})";
}

// The model that a picture goes to.
async::Task<std::string> WhoSees(async::Loop& loop, std::string_view model) {
  GatewayRig rig(loop);
  rig.dialect = dialects::Find("anthropic");
  rig.upstream->answers.push_back({.pieces = {kCompletion}});
  RecordingSink sink;
  co_await rig.Run(Seen(model), &sink);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_TRUE(Has(rig.upstream->calls.front().body, "iVBORw0KGgo=")) << sink.body;
  co_return sink.model;
}

LOOP_TEST(Abilities, OfSeveralModelsOneThatSeesIsShownAPicture) {
  EXPECT_EQ(co_await WhoSees(loop, "eyes"), "gpt-4o");
}

LOOP_TEST(Abilities, WithoutAnotherAModelIsTriedWhateverIsKnownOfIt) {
  EXPECT_EQ(co_await WhoSees(loop, "edge/gpt-3.5-turbo"), "gpt-3.5-turbo");
  EXPECT_EQ(co_await WhoSees(loop, "edge/brand-new"), "brand-new");
  EXPECT_EQ(co_await WhoSees(loop, "blind"), "gpt-3.5-turbo");
}

LOOP_TEST(Abilities, ARequestInTheUpstreamsOwnDialectIsNotLookedAt) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {"{}"}});
  RecordingSink sink;
  const std::string body =
      R"({"model":"edge/gpt-3.5-turbo","temperature":2.0,"reasoning_effort":"high","messages":)"
      R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,"}}]}]})";
  co_await rig.Run(body, &sink);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_TRUE(Has(rig.upstream->calls.front().body, R"("temperature":2.0,"reasoning_effort")"));
  EXPECT_EQ(sink.dropped, "");
}

LOOP_TEST(Abilities, AnEffortForAModelThatDoesNotThinkIsDroppedAndNamed) {
  GatewayRig rig(loop, Of(providers::ProviderType::kAnthropic));
  rig.upstream->answers.push_back({.pieces = {kMessage}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/claude-3-haiku","reasoning_effort":"high","messages":)"
                   R"([{"role":"user","content":"Hi"}]})",
                   &sink);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_EQ(sink.dropped, "reasoning");
  EXPECT_FALSE(Has(rig.upstream->calls.front().body, "thinking"));
}

}  // namespace
}  // namespace signalbox::gateway
