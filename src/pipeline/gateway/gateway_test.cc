#include "pipeline/gateway/gateway.h"

#include "pipeline/gateway/gateway_testing.h"

namespace signalbox::gateway {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;

const std::string kBody = R"({"model":"edge/m1","messages":[{"role":"user","content":"Hi"}]})";
const std::string kStreamBody =
    R"({"model":"edge/m1","stream":true,"messages":[{"role":"user","content":"Hi"}]})";
const std::string kAnswer =
    R"({"id":"c","choices":[{"message":{"content":"Ho"}}],"usage":{"prompt_tokens":5,"completion_tokens":7}})";
const std::string kDelta = "data: {\"choices\":[{\"delta\":{\"content\":\"Ho\"}}]}\n\n";
const std::string kUsage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kError = "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n";

FakeAnswer StreamOf(std::vector<std::string> pieces) {
  return {.content_type = "text/event-stream; charset=utf-8", .pieces = std::move(pieces)};
}

core::Error Wrong(ErrorCode code) {
  return {code, "what went wrong", {}, {}};
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

LOOP_TEST(Gateway, PassesAWholeAnswerOnAndWritesItDown) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {kAnswer.substr(0, 20), kAnswer.substr(20)}});
  RecordingSink sink;
  co_await rig.Run(kBody, &sink);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(sink.body, kAnswer);
  EXPECT_EQ(sink.provider + "/" + sink.model, "edge/m1");
  EXPECT_TRUE(sink.request_id.starts_with("req_"));
  const FakeCall& call = rig.upstream->calls.front();
  EXPECT_EQ(call.path, "/chat/completions");
  EXPECT_TRUE(Has(call.body, R"("model":"m1")")) << call.body;
  EXPECT_EQ(call.request_id, sink.request_id);
  EXPECT_EQ(call.hops, "instance-1");
  const auto records = rig.Records();
  EXPECT_EQ(records.size(), 2U);
  EXPECT_FALSE(records.front().settlement());
  EXPECT_EQ(records.front().record.request_bytes, call.body.size());
  const ledger::OwnedRecord& end = records.back();
  EXPECT_EQ(end.record.outcome, ledger::Outcome::kOk);
  EXPECT_EQ(end.record.status, 200);
  EXPECT_EQ(end.record.usage.input, 5);
  EXPECT_EQ(end.record.usage.output, 7);
  EXPECT_EQ(end.record.answer_bytes, kAnswer.size());
  EXPECT_EQ(end.provider + " " + end.model + " " + end.principal, "edge m1 someone");
  EXPECT_TRUE(rig.Counts(R"(signalbox_requests_total{provider="edge",model="m1",outcome="ok"} 1)"));
  EXPECT_TRUE(rig.Counts(R"(model_tokens_used_total{provider="edge",model="m1",kind="output"} 7)"))
      << rig.registry.Text();
}

LOOP_TEST(Gateway, TheAnswersEndIsNotSentBeforeItsSettlement) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {kAnswer}});
  rig.upstream->answers.push_back(StreamOf({kDelta + kDone}));
  rig.upstream->answers.push_back({.send_error = Wrong(ErrorCode::kConnectFailed)});
  for (const std::string& body : {kBody, kStreamBody, kBody}) {
    RecordingSink sink;
    std::string before;
    sink.before_last_byte = [&] { before = rig.Story(); };
    co_await rig.Run(body, &sink);
    EXPECT_TRUE(before.starts_with("intent 1, ")) << before;
    EXPECT_EQ(rig.Story(), "");
  }
}

LOOP_TEST(Gateway, PassesAStreamOnWithoutTheUsageNobodyAskedFor) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      StreamOf({kDelta, kDelta + kUsage.substr(0, 9), kUsage.substr(9), kDone}));
  RecordingSink sink;
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_TRUE(sink.begun && sink.ended);
  EXPECT_FALSE(sink.flushed) << "the head goes with the first event";
  EXPECT_EQ(sink.content_type, "text/event-stream");
  EXPECT_EQ(sink.body, kDelta + kDelta + kDone);
  EXPECT_TRUE(Has(rig.upstream->calls.front().body, R"("include_usage":true)"));
  EXPECT_TRUE(rig.upstream->calls.front().streamed);
  EXPECT_TRUE(rig.upstream->calls.front().read_to_end) << "so that the connection can be kept";
  const auto records = rig.Records();
  EXPECT_EQ(records.back().record.usage.output, 7);
  EXPECT_EQ(records.back().record.outcome, ledger::Outcome::kOk);
  EXPECT_TRUE(records.front().record.streamed);
}

LOOP_TEST(Gateway, AClientThatAskedForUsageGetsIt) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(StreamOf({kDelta + kUsage + kDone}));
  RecordingSink sink;
  co_await rig.Run(
      R"({"model":"edge/m1","stream":true,"stream_options":{"include_usage":true},"messages":[]})",
      &sink);
  EXPECT_EQ(sink.body, kDelta + kUsage + kDone);
}

LOOP_TEST(Gateway, AnUpstreamThatAnswersAStreamWithJsonIsPassedOnWhole) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      {.status = 429, .retry_after = "7", .pieces = {R"({"error":{"message":"slow down"}})"}});
  RecordingSink sink;
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_TRUE(sink.whole);
  EXPECT_EQ(sink.status, 429);
  EXPECT_EQ(sink.retry_after, "7");
  EXPECT_EQ(sink.body, R"({"error":{"message":"slow down"}})");
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 429");
}

// F1, F4, F9: what the upstream does wrong before its answer is whole.
LOOP_TEST(Gateway, EachFailureHasItsStatusAndIsSettledAsFailed) {
  struct Case {
    FakeAnswer answer;
    int status;
    std::string story;
    std::string says;
  };
  const Case cases[] = {
      {{.send_error = Wrong(ErrorCode::kConnectFailed)}, 502, "intent 1, failed 1 0", "edge"},
      {{.send_error = Wrong(ErrorCode::kUpstreamFailed)}, 502, "intent 1, failed 1 0", "what went"},
      {{.send_error = Wrong(ErrorCode::kUpstreamProtocol)}, 502, "intent 1, failed 1 0", "edge"},
      {{.send_error = Wrong(ErrorCode::kDeadlineExceeded)}, 504, "intent 1, failed 1 0", "edge"},
      {{.pieces = {"{\"half"}, .read_error = Wrong(ErrorCode::kUpstreamFailed)},
       502,
       "intent 1, failed 1 200",
       "edge"},
      {{.pieces = {"{\"half"}}, 502, "intent 1, failed 1 200", "not JSON"},
      {{.content_type = "text/html", .pieces = {"<p>"}}, 502, "intent 1, failed 1 200", "not JSON"},
      {{.status = 503, .content_type = "text/html", .pieces = {"<p>"}},
       503,
       "intent 1, failed 1 503",
       "answered 503"},
  };
  for (const Case& each : cases) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back(each.answer);
    RecordingSink sink;
    co_await rig.Run(kBody, &sink);
    EXPECT_EQ(sink.status, each.status) << sink.body;
    EXPECT_TRUE(Has(sink.body, each.says) && Has(sink.body, "\"error\"")) << sink.body;
    EXPECT_EQ(rig.Story(), each.story);
  }
}

// F2, F3, F5: a stream that breaks ends with an error event and without [DONE].
LOOP_TEST(Gateway, AStreamThatBreaksEndsWithAnErrorEvent) {
  const FakeAnswer cases[] = {
      {.content_type = "text/event-stream",
       .pieces = {kDelta + kUsage, "data: {\"cut"},
       .read_error = Wrong(ErrorCode::kUpstreamFailed)},
      {.content_type = "text/event-stream",
       .pieces = {kDelta + kUsage},
       .read_error = Wrong(ErrorCode::kDeadlineExceeded)},
      {.content_type = "text/event-stream", .pieces = {kDelta + kUsage}},
  };
  providers::ProviderOptions options;
  options.timeouts.idle = 20ms;
  for (const FakeAnswer& answer : cases) {
    GatewayRig rig(loop, options);
    rig.upstream->answers.push_back(answer);
    RecordingSink sink;
    co_await rig.Run(kStreamBody, &sink);
    EXPECT_TRUE(sink.ended);
    EXPECT_TRUE(sink.body.starts_with(kDelta + "data: {\"error\":")) << sink.body;
    EXPECT_TRUE(sink.body.ends_with("\n\n"));
    EXPECT_FALSE(Has(sink.body, "[DONE]"));
    const auto records = rig.Records();
    EXPECT_EQ(records.size(), 2U);
    EXPECT_EQ(records.back().record.outcome, ledger::Outcome::kFailed);
    EXPECT_EQ(records.back().record.usage.output, 7) << "what was used so far is booked";
  }
}

// The error event must stand on its own even when the break is inside an event that was too long to
// hold back.
LOOP_TEST(Gateway, AStreamThatBreaksInsideALongEventStillEndsWithAnEventOfItsOwn) {
  GatewayRig rig(loop);
  FakeAnswer answer = StreamOf({kDelta, "data: {\"choices\":\"" + std::string(100'000, 'x')});
  answer.read_error = Wrong(ErrorCode::kUpstreamFailed);
  rig.upstream->answers.push_back(answer);
  RecordingSink sink;
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_TRUE(Has(sink.body, "\n\ndata: {\"error\":")) << sink.body.substr(sink.body.size() - 300);
}

// Several vendors leave out the empty line after their last event.
LOOP_TEST(Gateway, AStreamMayEndRightBehindItsEndMarker) {
  for (const char* last : {"data: [DONE]", "data: [DONE]\n", "data: [DONE]\r\n"}) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back(StreamOf({kDelta, last}));
    RecordingSink sink;
    co_await rig.Run(kStreamBody, &sink);
    EXPECT_TRUE(Has(sink.body, "data: [DONE]")) << sink.body;
    EXPECT_FALSE(Has(sink.body, "error")) << sink.body;
    EXPECT_EQ(rig.Story(), "intent 1, ok 1 200");
  }
}

LOOP_TEST(Gateway, AnErrorEventInAStreamIsAFailureWhateverFollows) {
  for (const std::string& rest : {std::string(), kDone}) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back(StreamOf({kDelta, kError + rest}));
    RecordingSink sink;
    co_await rig.Run(kStreamBody, &sink);
    EXPECT_EQ(sink.body, kDelta + kError + rest);
    EXPECT_TRUE(sink.ended);
    EXPECT_EQ(rig.Story(), "intent 1, failed 1 200");
  }
}

// F12: a client that leaves ends the call, and it is written down once.
LOOP_TEST(Gateway, AClientThatLeavesBeforeTheAnswerCancelsTheCall) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.waits = true});
  RecordingSink sink;
  async::Gate gate(loop);
  gate.Spawn(rig.Run(kBody, &sink));
  rig.cancellation.Cancel();
  const bool ended = co_await gate.Drained({loop.now() + 10s});
  EXPECT_TRUE(ended);
  EXPECT_FALSE(sink.whole) << "nobody is there to be told";
  EXPECT_EQ(rig.Story(), "intent 1, cancelled 1 0");
}

LOOP_TEST(Gateway, AClientThatLeavesInAStreamCancelsTheCall) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(StreamOf({kDelta, kDelta, kUsage + kDone}));
  RecordingSink sink;
  sink.fail_from_write = 3;  // Begin, the first piece
  sink.on_fail = [&] { rig.cancellation.Cancel(); };
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_EQ(rig.upstream->calls.front().pieces_read, 2U);
  EXPECT_FALSE(sink.ended);
  EXPECT_EQ(rig.Story(), "intent 1, cancelled 1 200");
}

LOOP_TEST(Gateway, AProviderSetToDrainIsReadToItsEndForItsUsage) {
  providers::ProviderOptions options;
  options.on_disconnect = providers::OnDisconnect::kDrain;
  GatewayRig rig(loop, options);
  rig.upstream->answers.push_back(StreamOf({kDelta, kDelta, kUsage + kDone}));
  RecordingSink sink;
  sink.fail_from_write = 2;
  sink.on_fail = [&] { rig.cancellation.Cancel(); };
  co_await rig.Run(kStreamBody, &sink);
  EXPECT_NE(rig.upstream->calls.front().deadline.cancellation, &rig.cancellation);
  const auto records = rig.Records();
  EXPECT_EQ(records.back().record.usage.output, 7);
  EXPECT_EQ(records.size(), 2U);
}

// F10: nobody knows what became of the first of two sendings, so it is an attempt of its own; the
// second is on the record before it goes out.
LOOP_TEST(Gateway, ARequestThatGoesOutTwiceIsTwoAttempts) {
  GatewayRig rig(loop);
  std::string before;
  const auto look = [&] { before = rig.Story(); };
  rig.upstream->answers.push_back(
      {.pieces = {kAnswer}, .crosses = true, .before_second_sending = look});
  rig.upstream->answers.push_back({.send_error = Wrong(ErrorCode::kUpstreamFailed),
                                   .crosses = true,
                                   .before_second_sending = look});
  RecordingSink sink;
  co_await rig.Run(kBody, &sink);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(before, "intent 1, uncertain 1 0, intent 2");
  EXPECT_EQ(rig.Story(), "ok 2 200");
  RecordingSink second;
  co_await rig.Run(kBody, &second);
  EXPECT_EQ(second.status, 502);
  EXPECT_EQ(before, "intent 1, uncertain 1 0, intent 2");
  EXPECT_EQ(rig.Story(), "failed 2 0");
}

LOOP_TEST(Gateway, TheAnswerMustBeTakenWithinTheCallsWholeTime) {
  GatewayRig rig(loop, {.timeouts = {.total = 7s}});
  rig.upstream->answers = {{.pieces = {kAnswer}}, {.pieces = {kAnswer}}};
  RecordingSink sink;
  const core::MonoTime start = loop.now();
  co_await rig.Run(kBody, &sink);
  EXPECT_EQ(sink.until, start + 7s);
  RecordingSink hinted;
  co_await rig.Run(kBody, &hinted, {.max_latency = 3s});
  EXPECT_LE(hinted.until, loop.now() + 3s);
  EXPECT_GE(hinted.until, start + 3s);
}

LOOP_TEST(Gateway, AFullJournalRefusesNewCallsBeforeTheyAreMade) {
  GatewayRig rig(loop, {}, {.ring_bytes = 256 * 1024, .high_water = 0.3});
  int served = 0;
  RecordingSink refused;
  for (int i = 0; i < 5000 && refused.status == 0; ++i) {
    rig.upstream->answers = {{.pieces = {kAnswer}}};
    RecordingSink sink;
    co_await rig.Run(kBody, &sink);
    if (sink.status == 200) {
      ++served;
    } else {
      refused.status = sink.status;
      refused.retry_after = sink.retry_after;
      refused.body = sink.body;
    }
  }
  EXPECT_GT(served, 10);
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_EQ(refused.retry_after, "1");
  EXPECT_EQ(rig.upstream->calls.size(), static_cast<std::size_t>(served));
  EXPECT_TRUE(rig.Counts(R"(signalbox_requests_refused_total{error="unavailable"} 1)"))
      << rig.registry.Text();
  rig.Records();  // room again
  rig.upstream->answers = {{.pieces = {kAnswer}}};
  RecordingSink after;
  co_await rig.Run(kBody, &after);
  EXPECT_EQ(after.status, 200);
}

// F65: a request that came through here before.
LOOP_TEST(Gateway, ARequestThatComesBackIsStopped) {
  for (const char* hops :
       {"instance-1", "other,instance-1", "instance-1,other", "a,b,c,d,e,f,g,h,i"}) {
    GatewayRig rig(loop);
    RecordingSink sink;
    co_await rig.Run(kBody, &sink, {}, hops);
    EXPECT_EQ(sink.status, 508) << hops;
    EXPECT_EQ(rig.Story(), "");
  }
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {kAnswer}});
  RecordingSink sink;
  co_await rig.Run(kBody, &sink, {}, "instance-10,other");
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(rig.upstream->calls.front().hops, "instance-10,other,instance-1");
}

LOOP_TEST(Gateway, RefusesWhatItCannotServeWithoutACall) {
  const std::tuple<const char*, int, const char*> cases[] = {
      {"", 400, "invalid_request"},
      {"{", 400, "invalid_request"},
      {"[]", 400, "object"},
      {R"({"model":7,"messages":[]})", 400, "model"},
      {R"({"model":"edge/m"})", 400, "messages"},
      {R"({"model":"nobody/m","messages":[]})", 404, "edge"},
      {R"({"model":"edge/m","messages":[],"stream":"yes"})", 400, "stream"},
  };
  for (const auto& [body, status, says] : cases) {
    GatewayRig rig(loop);
    RecordingSink sink;
    co_await rig.Run(body, &sink);
    EXPECT_EQ(sink.status, status) << body;
    EXPECT_TRUE(Has(sink.body, says)) << sink.body;
    EXPECT_TRUE(sink.provider.empty());
    EXPECT_TRUE(sink.request_id.starts_with("req_"));
    EXPECT_EQ(rig.Story(), "");
  }
}

LOOP_TEST(Gateway, TheModelHintCountsWhereTheBodyLeavesTheChoice) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {R"({"messages":[]})", "", "standard"},
      {R"({"messages":[]})", "fast", "small"},
      {R"({"model":"auto","messages":[]})", "edge/x", "x"},
      {R"({"model":"edge/mine","messages":[]})", "fast", "mine"},
  };
  for (const auto& [body, hint, model] : cases) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back({.pieces = {kAnswer}});
    RecordingSink sink;
    co_await rig.Run(body, &sink, {.model = hint, .max_latency = {}});
    EXPECT_EQ(sink.model, model);
    EXPECT_TRUE(Has(rig.upstream->calls.front().body, "\"model\":\"" + std::string(model) + "\""))
        << rig.upstream->calls.front().body;
  }
}

LOOP_TEST(Gateway, MaxLatencyEndsTheCallInTime) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.waits = true});
  RecordingSink sink;
  const core::MonoTime began = loop.now();
  co_await rig.Run(kBody, &sink, {.model = {}, .max_latency = 20ms});
  EXPECT_EQ(sink.status, 504);
  EXPECT_GE(loop.now() - began, 20ms);
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 0");
}

LOOP_TEST(Gateway, TheProvidersTotalTimeBoundsACall) {
  providers::ProviderOptions options;
  options.timeouts.total = 20ms;
  GatewayRig rig(loop, options);
  rig.upstream->answers.push_back({.waits = true});
  RecordingSink sink;
  co_await rig.Run(kBody, &sink, {.model = {}, .max_latency = 1h});
  EXPECT_EQ(sink.status, 504);
}

LOOP_TEST(Gateway, EmbeddingsGoToTheirOwnPath) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      {.pieces = {R"({"data":[],"usage":{"prompt_tokens":3,"total_tokens":3}})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/e","input":"x"})", &sink, {}, {},
                   chat::Operation::kEmbeddings);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(rig.upstream->calls.front().path, "/embeddings");
  const auto records = rig.Records();
  EXPECT_EQ(records.back().record.usage.input, 3);
  EXPECT_EQ(records.back().record.operation, static_cast<int>(chat::Operation::kEmbeddings));
}

LOOP_TEST(Gateway, CompletionsGoToTheirOwnPathAndAreCountedWhereNobodySaysWhatWasUsed) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {R"({"choices":[{"index":0,"text":"b c"}]})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/e","prompt":["a","b"]})", &sink, {}, {},
                   chat::Operation::kCompletions);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(rig.upstream->calls.front().path, "/completions");
  const auto records = rig.Records();
  EXPECT_EQ(records.back().record.usage.input, 2);
  EXPECT_EQ(records.back().record.usage.output, 2);
  EXPECT_EQ(records.back().record.operation, static_cast<int>(chat::Operation::kCompletions));
}

// P1: whatever a body says about where to go, it goes to the provider of its model.
LOOP_TEST(Gateway, NoFieldOfABodyChoosesTheUpstream) {
  for (const char* field : {"api_base", "base_url", "endpoint", "azure_endpoint", "api_key"}) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back({.pieces = {kAnswer}});
    RecordingSink sink;
    co_await rig.Run(
        R"({"model":"edge/m","messages":[],")" + std::string(field) + R"(":"http://127.0.0.1:1/"})",
        &sink);
    EXPECT_EQ(rig.upstream->calls.size(), 1U);
    EXPECT_EQ(rig.upstream->calls.front().path, "/chat/completions");
  }
}

// F64: names that clients make up do not make the metrics grow without bound.
TEST(Meters, BeyondTheBoundModelsAreCountedAsOther) {
  telemetry::Registry registry(1);
  MeterFamilies families(registry);
  Meters meters(families, 0);
  TargetMeters& first = meters.For("edge", "model-0");
  for (int i = 1; i < 5000; ++i) {
    meters.For("edge", "model-" + std::to_string(i));
  }
  EXPECT_EQ(&meters.For("edge", "model-0"), &first);
  EXPECT_EQ(&meters.For("edge", "yet another"), &meters.For("edge", "other"));
  ledger::Record settlement;
  settlement.outcome = ledger::Outcome::kFailed;
  meters.Settled(meters.For("edge", "one more"), settlement);
  const std::string text = registry.Text();
  EXPECT_NE(text.find(R"(provider="edge",model="other",outcome="failed"} 1)"), std::string::npos);
  EXPECT_EQ(text.find("model-4999"), std::string::npos);
}

// Written with escapes, so that each is unescaped into memory of its own.
LOOP_TEST(Gateway, AHintInTheMetadataCountsWhateverFollowsIt) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {kAnswer}});
  const std::string other(5000, 'x');
  RecordingSink sink;
  co_await rig.Run(
      R"({"model":"auto","messages":[],"metadata":{"x-signalbox-model":"edge\u002fa-model-with-a-long-name","x-signalbox-other":"\u0061)" +
          other + R"("}})",
      &sink);
  EXPECT_EQ(sink.model, "a-model-with-a-long-name");
}

}  // namespace
}  // namespace signalbox::gateway
