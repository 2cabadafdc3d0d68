// What the caller sees and the journal says when the first target of an alias fails.
#include "pipeline/gateway/gateway_testing.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;

const std::string kBody = R"({"model":"fast","messages":[{"role":"user","content":"Hi"}]})";
const std::string kStreamBody =
    R"({"model":"fast","stream":true,"messages":[{"role":"user","content":"Hi"}]})";
const std::string kAnswer = R"({"id":"c","choices":[]})";
const std::string kDelta = "data: {\"choices\":[{\"delta\":{\"content\":\"Ho\"}}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kError = "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n";

FakeAnswer Answer(int status, std::string body) {
  return {.status = status, .pieces = {std::move(body)}};
}
FakeAnswer StreamOf(std::vector<std::string> pieces) {
  return {.content_type = "text/event-stream", .pieces = std::move(pieces)};
}
std::string ErrorOf(std::string_view code) {
  return R"({"error":{"message":"no","code":")" + std::string(code) + "\"}}";
}

struct Rig : GatewayRig {
  explicit Rig(async::Loop& test_loop)
      : GatewayRig(test_loop, {}, {.ring_bytes = 1024 * 1024}, {.attempts_per_target = 1}) {}
};

LOOP_TEST(Fallback, WhatFailsBeforeTheFirstByteIsNotSeen) {
  for (const FakeAnswer& first :
       {Answer(500, ErrorOf("oops")), Answer(503, "<html>"), Answer(408, ErrorOf("slow")),
        Answer(200, "not JSON"), Answer(301, ""),
        FakeAnswer{.send_error = core::Error{ErrorCode::kConnectFailed, "refused", {}, {}}},
        FakeAnswer{.send_error = core::Error{ErrorCode::kUpstreamFailed, "broke", {}, {}}},
        FakeAnswer{.pieces = {"{"},
                   .read_error = core::Error{ErrorCode::kUpstreamFailed, "broke", {}, {}}}}) {
    Rig rig(loop);
    rig.upstream->answers = {first, Answer(200, kAnswer)};
    RecordingSink sink;
    co_await rig.Run(kBody, &sink);
    EXPECT_EQ(sink.status, 200) << sink.body;
    EXPECT_EQ(sink.body, kAnswer);
    EXPECT_EQ(sink.model, "large");
    const std::string story = rig.Story();
    EXPECT_TRUE(story.starts_with("intent 1, failed 1 ")) << story;
    EXPECT_TRUE(story.ends_with(", intent 2, ok 2 200")) << story;
  }
}

LOOP_TEST(Fallback, AStreamThatFailsBeforeItsFirstEventIsNotSeen) {
  for (const FakeAnswer& first :
       {Answer(500, ErrorOf("oops")), StreamOf({kError}), StreamOf({}), StreamOf({": wait\n\n"}),
        FakeAnswer{.content_type = "text/event-stream",
                   .read_error = core::Error{ErrorCode::kUpstreamFailed, "broke", {}, {}}}}) {
    Rig rig(loop);
    rig.upstream->answers = {first, StreamOf({kDelta, kDone})};
    RecordingSink sink;
    co_await rig.Run(kStreamBody, &sink);
    EXPECT_EQ(sink.body, kDelta + kDone);
    EXPECT_EQ(sink.model, "large");
    EXPECT_TRUE(rig.Story().ends_with("intent 2, ok 2 200"));
  }
}

LOOP_TEST(Fallback, AfterTheFirstEventNothingIsTriedAgain) {
  Rig rig(loop);
  rig.upstream->answers = {StreamOf({kDelta})};
  RecordingSink sink;
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_TRUE(sink.body.starts_with(kDelta + "data: {\"error\":")) << sink.body;
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 200");
}

LOOP_TEST(Fallback, TheCallersOwnErrorGoesBackAsItIs) {
  for (const int status : {400, 404, 413, 422}) {
    Rig rig(loop);
    rig.upstream->answers = {Answer(status, ErrorOf("yours"))};
    RecordingSink sink;
    co_await rig.Run(kBody, &sink);
    EXPECT_EQ(sink.status, status);
    EXPECT_EQ(sink.body, ErrorOf("yours"));
    EXPECT_EQ(sink.model, "small");
  }
}

LOOP_TEST(Fallback, WhenAllFailTheAnswerNamesEachAttempt) {
  Rig rig(loop);
  rig.upstream->answers = {
      Answer(500, ErrorOf("oops")),
      {.send_error = core::Error{ErrorCode::kConnectFailed, "refused", {}, {}}}};
  RecordingSink sink;
  co_await rig.Run(kBody, &sink);
  EXPECT_EQ(sink.status, 502);
  EXPECT_NE(sink.body.find("edge/small answered 500 (no)"), std::string::npos) << sink.body;
  EXPECT_NE(sink.body.find("edge/large"), std::string::npos) << sink.body;
  EXPECT_NE(sink.body.find("refused"), std::string::npos) << sink.body;
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 500, intent 2, failed 2 0");
}

LOOP_TEST(Fallback, WhoeverLeavesWhileItWaitsIsNotServed) {
  Rig rig(loop);
  rig.upstream->answers = {{.waits = true}};
  rig.cancellation.Cancel();
  RecordingSink sink;
  co_await rig.Run(kBody, &sink);
  EXPECT_EQ(sink.writes, 0);
  EXPECT_EQ(rig.Story(), "intent 1, cancelled 1 0");
}

}  // namespace
}  // namespace signalbox::gateway
