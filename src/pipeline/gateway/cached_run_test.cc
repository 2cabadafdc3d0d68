#include "pipeline/gateway/cached_run.h"

#include "base/async/gate.h"
#include "pipeline/gateway/gateway_testing.h"
#include "vendors/dialects/simple/dialect.h"

namespace signalbox::gateway {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;

const std::string kBody = R"({"model":"edge/gpt-4o","messages":[{"role":"user","content":"Hi"}]})";
const std::string kStreamBody =
    R"({"model":"edge/gpt-4o","stream":true,"messages":[{"role":"user","content":"Hi"}]})";
const std::string kAnswer =
    R"({"id":"c","choices":[{"message":{"content":"Ho"}}],"usage":{"prompt_tokens":5000,"completion_tokens":7}})";
const std::string kDelta = "data: {\"choices\":[{\"delta\":{\"content\":\"Ho\"}}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";

FakeAnswer Good() {
  return {.pieces = {kAnswer}};
}
FakeAnswer StreamOf(std::vector<std::string> pieces) {
  return {.content_type = "text/event-stream", .pieces = std::move(pieces)};
}

request::Hints Asking(std::string_view control = "cache") {
  request::Hints hints;
  EXPECT_TRUE(ReadHint("x-signalbox-cache-control", control, hints));
  return hints;
}

// One who asks, with a connection of their own.
struct Caller {
  std::string body = kBody;
  request::Hints hints = Asking();
  request::Principal principal{.id = "someone", .grant = nullptr};
  RecordingSink sink{};
  async::Cancellation gone{};
  bool over = false;
};

async::Task<void> Ask(GatewayRig* rig, Caller* caller) {
  const request::Call call{.id = core::RequestId::New(rig->loop.wall_now(), rig->random),
                           .dialect = rig->dialect,
                           .body = caller->body,
                           .hints = caller->hints,
                           .arrived = rig->loop.now(),
                           .cancellation = &caller->gone};
  co_await rig->gateway.Run(call, caller->principal, caller->sink);
  caller->over = true;
}

// Several who ask at the same time; the first one's call is held until Release.
class Crowd {
 public:
  Crowd(GatewayRig& rig, std::size_t count) : rig_(rig), held_(rig.loop), gate_(rig.loop) {
    for (std::size_t i = 0; i < count; ++i) {
      callers_.emplace_back();
    }
  }
  ~Crowd() { gate_.Close(); }

  Caller& operator[](std::size_t i) { return callers_[i]; }
  void Hold(FakeAnswer answer) {
    answer.held = &held_;
    rig_.upstream->answers.push_back(std::move(answer));
  }
  void Begin() {
    for (Caller& caller : callers_) {
      gate_.Spawn(Ask(&rig_, &caller));
    }
  }
  async::Task<void> Release() {
    held_.Set();
    const bool ended = co_await gate_.Drained({rig_.loop.now() + 20s, nullptr});
    EXPECT_TRUE(ended);
  }

 private:
  GatewayRig& rig_;
  async::Event held_;
  async::Gate gate_;
  std::deque<Caller> callers_;
};

// The journal after one call and `hits` answers of it.
std::string OneCallAnd(std::size_t hits) {
  std::string story = "intent 1, ok 1 200";
  for (std::size_t i = 0; i < hits; ++i) {
    story += ", ok 1 200";  // a settlement alone
  }
  return story;
}

request::Principal Of(std::uint8_t tenant, request::Grant grant = {}) {
  grant.parties.tenant.uuid.bytes[0] = tenant;
  return {.id = "key", .grant = std::make_shared<const request::Grant>(std::move(grant))};
}

LOOP_TEST(CachedRun, AnEqualRequestIsAnsweredWithoutACall) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(Good());
  Caller first;
  co_await Ask(&rig, &first);
  EXPECT_EQ(first.sink.cache, "miss");
  EXPECT_EQ(first.sink.body, kAnswer);
  Caller second;
  second.body = R"({ "messages":[{"content":"Hi","role":"user"}], "model":"edge/gpt-4o" })";
  co_await Ask(&rig, &second);
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  EXPECT_EQ(second.sink.status, 200);
  EXPECT_TRUE(second.sink.whole);
  EXPECT_EQ(second.sink.body, kAnswer);
  EXPECT_EQ(second.sink.content_type, "application/json");
  EXPECT_EQ(second.sink.cache, "hit");
  EXPECT_EQ(second.sink.provider + "/" + second.sink.model, "edge/gpt-4o");
  EXPECT_EQ(second.sink.cost, 0);
  EXPECT_EQ(second.sink.saved, first.sink.cost);
  EXPECT_EQ(second.sink.age, 0s);
  EXPECT_NE(second.sink.request_id, first.sink.request_id);
  EXPECT_TRUE(rig.Counts(R"(cache_hits_total{cache="exact"} 1)"));
  EXPECT_TRUE(rig.Counts(R"(cache_misses_total{cache="exact"} 1)"));
}

LOOP_TEST(CachedRun, AHitIsOneRecordThatCostNothingAndSaysWhatItSaved) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(Good());
  Caller first;
  co_await Ask(&rig, &first);
  const auto before = rig.Records();
  EXPECT_EQ(before.size(), 2U);
  EXPECT_FALSE(before.back().record.cached);
  Caller second;
  second.principal = {.id = "another", .grant = nullptr};
  second.hints.labels.agent = "helper";
  co_await Ask(&rig, &second);
  EXPECT_EQ(second.sink.cache, "hit");
  const auto records = rig.Records();
  EXPECT_EQ(records.size(), 1U);
  const ledger::OwnedRecord& hit = records.front();
  EXPECT_TRUE(hit.settlement());
  EXPECT_TRUE(hit.record.cached);
  EXPECT_EQ(hit.record.request.Text(), second.sink.request_id);
  EXPECT_EQ(hit.record.outcome, ledger::Outcome::kOk);
  EXPECT_EQ(hit.provider + "/" + hit.model, "edge/gpt-4o");
  EXPECT_EQ(hit.principal, "another");
  EXPECT_EQ(hit.agent, "helper");
  EXPECT_EQ(hit.record.answer_bytes, kAnswer.size());
  EXPECT_EQ(hit.record.cost_nano_usd, 0);
  EXPECT_EQ(hit.record.saved_nano_usd, before.back().record.cost_nano_usd);
  EXPECT_EQ(hit.record.usage.input, -1);  // nobody used anything
}

LOOP_TEST(CachedRun, AHitThatCannotBeWrittenDownIsRefused) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(Good());
  Caller first;
  co_await Ask(&rig, &first);
  ledger::Record other;
  other.type = ledger::RecordType::kSettlement;
  while (rig.journal->AppendAlone(other)) {
  }
  Caller second;
  co_await Ask(&rig, &second);
  EXPECT_EQ(second.sink.status, 503);
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  EXPECT_EQ(rig.cache.size().entries, 1U);
  rig.Records();
  Caller third;
  co_await Ask(&rig, &third);
  EXPECT_EQ(third.sink.cache, "hit");
}

LOOP_TEST(CachedRun, NobodyIsServedWhoHasNotAsked) {
  GatewayRig rig(loop);
  for (int i = 0; i < 2; ++i) {
    rig.upstream->answers.push_back(Good());
    Caller caller;
    caller.hints = {};
    co_await Ask(&rig, &caller);
    EXPECT_EQ(caller.sink.cache, "");
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
  EXPECT_EQ(rig.cache.size().entries, 0U);
}

LOOP_TEST(CachedRun, AStreamIsGivenAgainAsAStream) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      StreamOf({kDelta, kDelta + kDelta.substr(0, 9), kDelta.substr(9), kDone}));
  Caller first;
  first.body = kStreamBody;
  co_await Ask(&rig, &first);
  Caller second;
  second.body = kStreamBody;
  co_await Ask(&rig, &second);
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  EXPECT_TRUE(second.sink.begun && second.sink.ended);
  EXPECT_EQ(second.sink.body, kDelta + kDelta + kDelta + kDone);
  EXPECT_EQ(second.sink.body, first.sink.body);
  EXPECT_EQ(second.sink.content_type, first.sink.content_type);
  EXPECT_EQ(second.sink.cache, "hit");
  // Whole, it is another request.
  rig.upstream->answers.push_back(Good());
  Caller whole;
  co_await Ask(&rig, &whole);
  EXPECT_EQ(whole.sink.body, kAnswer);
}

LOOP_TEST(CachedRun, AStreamIsKeptTheSameHoweverItCame) {
  GatewayRig rig(loop);
  const std::string all = kDelta + ": a comment\n\n" + kDelta + kDone;
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    rig.upstream->answers.push_back(StreamOf({all.substr(0, cut), all.substr(cut)}));
    std::deque<Caller> callers(2);
    for (Caller& caller : callers) {
      caller.body =
          R"({"model":"edge/m","stream":true,"messages":[],"seed":)" + std::to_string(cut) + "}";
      co_await Ask(&rig, &caller);
      EXPECT_EQ(caller.sink.body, all) << cut;
    }
    EXPECT_EQ(callers[1].sink.cache, "hit");
  }
}

LOOP_TEST(CachedRun, WhatFailedOrBrokeOffIsNotKept) {
  GatewayRig rig(loop);
  const std::string error = "data: {\"error\":{\"message\":\"no\"}}\n\n";
  const std::vector<FakeAnswer> bad = {
      {.status = 500, .pieces = {R"({"error":{"message":"no"}})"}},
      {.status = 429, .pieces = {R"({"error":{"message":"no"}})"}},
      {.pieces = {kAnswer}, .read_error = core::Error{ErrorCode::kUpstreamFailed, "cut", {}, {}}},
      {.pieces = {"no JSON"}},
      {.send_error = core::Error{ErrorCode::kConnectFailed, "no", {}, {}}},
      StreamOf({kDelta}),
      StreamOf({kDelta, error}),
      StreamOf({kDelta, error + kDone}),
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    rig.upstream->answers.push_back(bad[i]);
    Caller caller;
    caller.body = i < 5 ? kBody : kStreamBody;
    co_await Ask(&rig, &caller);
    EXPECT_EQ(rig.upstream->calls.size(), i + 1) << "an earlier one was kept";
    EXPECT_EQ(rig.cache.size().entries, 0U) << i;
  }
}

LOOP_TEST(CachedRun, WhoeverAsksTheSameAtTheSameTimeSharesOneCall) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 1000);
  crowd.Hold(Good());
  crowd.Begin();
  co_await crowd.Release();
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(crowd[i].sink.body, kAnswer);
    EXPECT_EQ(crowd[i].sink.cache, i == 0 ? "miss" : "hit");
  }
  EXPECT_EQ(rig.Story(), OneCallAnd(999));
  EXPECT_TRUE(rig.Counts("cache_shared_total 999"));
}

LOOP_TEST(CachedRun, WhenTheOneWhoAskedFirstLeavesTheOthersAreServed) {
  for (const std::string& body : {kBody, kStreamBody}) {
    GatewayRig rig(loop);
    Crowd crowd(rig, 3);
    const std::vector<std::string> pieces = {kDelta, kDelta, kDone};
    crowd.Hold(body == kBody ? Good() : StreamOf(pieces));
    for (std::size_t i = 0; i < 3; ++i) {
      crowd[i].body = body;
    }
    crowd[0].sink.fail_from_write = 1;
    crowd.Begin();
    crowd[0].gone.Cancel();
    co_await crowd.Release();
    EXPECT_EQ(rig.upstream->calls.size(), 1U);
    for (std::size_t i = 1; i < 3; ++i) {
      EXPECT_EQ(crowd[i].sink.body, body == kBody ? kAnswer : kDelta + kDelta + kDone);
    }
    EXPECT_EQ(rig.Story(), OneCallAnd(2));
  }
}

LOOP_TEST(CachedRun, WhenTheOneWhoAskedFirstLeavesInTheMiddleOfAStreamTheOthersAreServed) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 3);
  crowd.Hold(StreamOf({kDelta, kDelta, kDelta, kDone}));
  for (std::size_t i = 0; i < 3; ++i) {
    crowd[i].body = kStreamBody;
  }
  crowd[0].sink.fail_from_write = 3;
  crowd[0].sink.on_fail = [&] { crowd[0].gone.Cancel(); };
  crowd.Begin();
  co_await crowd.Release();
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  EXPECT_FALSE(crowd[0].sink.ended);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(crowd[i].sink.body, kDelta + kDelta + kDelta + kDone);
  }
}

LOOP_TEST(CachedRun, ACallThatNobodyElseWaitsForEndsWithItsCaller) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 1);
  crowd.Hold(Good());
  crowd.Begin();
  EXPECT_FALSE(crowd[0].over);
  crowd[0].gone.Cancel();
  co_await crowd.Release();
  EXPECT_EQ(rig.Story(), "intent 1, cancelled 1 0");
  EXPECT_EQ(rig.cache.size().entries, 0U);
}

LOOP_TEST(CachedRun, AtTheEndOfTheProcessACallWithoutItsCallerEndsToo) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 2);
  crowd.Hold(Good());
  crowd.Begin();
  crowd[0].gone.Cancel();
  co_await loop.Yield();
  EXPECT_FALSE(crowd[0].over);
  rig.gateway.Stop();
  crowd[1].gone.Cancel();
  co_await loop.Yield();
  co_await loop.Yield();
  EXPECT_TRUE(crowd[0].over && crowd[1].over);
  co_await crowd.Release();
}

LOOP_TEST(CachedRun, WhoWaitsLeavesAloneOrAtTheirOwnDeadline) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 4);
  crowd.Hold(Good());
  crowd[1].hints.max_latency = 1ms;
  crowd.Begin();
  crowd[2].gone.Cancel();
  co_await loop.SleepUntil({loop.now() + 20ms, nullptr});
  EXPECT_TRUE(crowd[1].over && crowd[2].over);
  EXPECT_EQ(crowd[1].sink.status, 504);
  EXPECT_EQ(crowd[2].sink.writes, 0);
  EXPECT_FALSE(crowd[0].over || crowd[3].over);
  co_await crowd.Release();
  EXPECT_EQ(crowd[0].sink.body, kAnswer);
  EXPECT_EQ(crowd[3].sink.body, kAnswer);
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
}

LOOP_TEST(CachedRun, AFailureIsSharedAndNotKept) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 50);
  const std::string error = R"({"error":{"message":"slow down"}})";
  crowd.Hold({.status = 429, .retry_after = "7", .pieces = {error}});
  crowd.Begin();
  co_await crowd.Release();
  EXPECT_EQ(rig.upstream->calls.size(), 1U);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(crowd[i].sink.status, 429);
    EXPECT_EQ(crowd[i].sink.body, crowd[0].sink.body);
    EXPECT_EQ(crowd[i].sink.retry_after, crowd[0].sink.retry_after);
  }
  rig.upstream->answers.push_back(Good());
  Caller later;
  co_await Ask(&rig, &later);
  EXPECT_EQ(later.sink.body, kAnswer);
}

LOOP_TEST(CachedRun, WhenTheFirstRanOutOfItsOwnTimeAnotherAsksForAll) {
  GatewayRig rig(loop);
  Crowd crowd(rig, 10);
  crowd.Hold(Good());
  crowd[0].hints.max_latency = 5ms;
  crowd.Begin();
  rig.upstream->answers.push_back(Good());
  co_await loop.SleepUntil({loop.now() + 50ms, nullptr});
  EXPECT_EQ(crowd[0].sink.status, 504);
  for (std::size_t i = 1; i < 10; ++i) {
    EXPECT_EQ(crowd[i].sink.body, kAnswer) << i;
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
  co_await crowd.Release();
}

LOOP_TEST(CachedRun, TenantsAreApart) {
  GatewayRig rig(loop);
  for (const std::uint8_t tenant : {1, 2, 1, 2}) {
    rig.upstream->answers.push_back(Good());
    Caller caller;
    caller.principal = Of(tenant);
    co_await Ask(&rig, &caller);
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
}

LOOP_TEST(CachedRun, AnAnswerIsGivenOnlyToWhomItsModelIsAllowed) {
  GatewayRig rig(loop);
  Caller first;
  first.body = R"({"model":"fast","messages":[]})";
  first.principal = Of(1);
  rig.upstream->answers.push_back(Good());
  co_await Ask(&rig, &first);
  EXPECT_EQ(first.sink.model, "small");
  Caller second;
  second.body = first.body;
  request::Grant grant;
  grant.models.names = {"edge/large"};
  second.principal = Of(1, grant);
  rig.upstream->answers.push_back(Good());
  co_await Ask(&rig, &second);
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
  EXPECT_EQ(second.sink.model, "large");
  EXPECT_EQ(second.sink.cache, "miss");
}

LOOP_TEST(CachedRun, AnotherPolicyIsAnotherCache) {
  GatewayRig rig(loop);
  for (const std::uint64_t epoch : {1, 2, 1}) {
    auto lineup = rig.MakeLineup({}, {.attempts = 1}, epoch);
    rig.gateway.Adopt(lineup, {});
    rig.upstream->answers.push_back(Good());
    Caller caller;
    co_await Ask(&rig, &caller);
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
}

LOOP_TEST(CachedRun, WhatIsSensitiveOrNotToBeKeptIsNot) {
  GatewayRig rig(loop, {.local = true});
  request::Grant sensitive;
  sensitive.privacy = request::PrivacyClass::kSensitive;
  std::deque<Caller> callers(4);
  callers[0].principal = Of(1, sensitive);
  callers[1].hints = Asking("cache, no-store");
  callers[2].body = R"({"model":"edge/m","messages":[],"store":true})";
  callers[3].body = R"({"model":"edge/m","messages":[],"background":true})";
  for (Caller& caller : callers) {
    rig.upstream->answers.push_back(Good());
    co_await Ask(&rig, &caller);
    EXPECT_EQ(caller.sink.body, kAnswer);
    EXPECT_EQ(caller.sink.cache, "bypass");
  }
  EXPECT_EQ(rig.cache.size().entries, 0U);
}

LOOP_TEST(CachedRun, NoCacheBringsANewAnswerForTheNext) {
  GatewayRig rig(loop);
  const std::string newer = R"({"id":"d","choices":[],"usage":{}})";
  rig.upstream->answers.push_back(Good());
  rig.upstream->answers.push_back({.pieces = {newer}});
  std::deque<Caller> callers(3);
  callers[1].hints = Asking("cache, no-cache");
  for (Caller& caller : callers) {
    co_await Ask(&rig, &caller);
  }
  EXPECT_EQ(callers[1].sink.body, newer);
  EXPECT_EQ(callers[1].sink.cache, "miss");
  EXPECT_EQ(callers[2].sink.body, newer);
  EXPECT_EQ(callers[2].sink.cache, "hit");
}

LOOP_TEST(CachedRun, AnAnswerIsAsYoungAsItsCallerWantsIt) {
  GatewayRig rig(loop);
  for (const std::string_view control : {"cache", "max-age=0", "max-age=1h"}) {
    rig.upstream->answers.push_back(Good());
    co_await loop.SleepUntil({loop.now() + 2ms, nullptr});
    Caller caller;
    caller.hints = Asking(control);
    co_await Ask(&rig, &caller);
    EXPECT_EQ(caller.sink.cache, control == "max-age=1h" ? "hit" : "miss");
  }
}

LOOP_TEST(CachedRun, AnAnswerThatIsTooLongIsPassedOnAndNotKept) {
  GatewayRig rig(loop);
  const std::string longer = R"({"id":")" + std::string(2 << 20, 'x') + R"("})";
  for (int i = 0; i < 2; ++i) {
    rig.upstream->answers.push_back({.pieces = {longer}});
    Caller caller;
    co_await Ask(&rig, &caller);
    EXPECT_EQ(caller.sink.body, longer);
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
}

LOOP_TEST(CachedRun, ADialectThatTellsItSaysInTheBodyThatItWasAHit) {
  GatewayRig rig(loop);
  rig.dialect = &simple::TheDialect();
  rig.upstream->answers.push_back(Good());
  rig.upstream->answers.push_back(StreamOf({kDelta, kDone}));
  for (const std::string body : {R"({"prompt":"Hi","model":"edge/gpt-4o"})",
                                 R"({"prompt":"Hi","model":"edge/gpt-4o","stream":true})"}) {
    std::deque<Caller> callers(2);
    for (Caller& caller : callers) {
      caller.body = body;
      co_await Ask(&rig, &caller);
      EXPECT_NE(caller.sink.body.find(R"("data":"Ho")"), std::string::npos) << caller.sink.body;
    }
    EXPECT_NE(callers[0].sink.body.find(R"("cacheStatus":"miss")"), std::string::npos);
    const std::string& hit = callers[1].sink.body;
    EXPECT_NE(hit.find(R"("cacheStatus":"hit","cost":0})"), std::string::npos) << hit;
    EXPECT_EQ(hit.find("miss"), std::string::npos) << hit;
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
}

}  // namespace
}  // namespace signalbox::gateway
