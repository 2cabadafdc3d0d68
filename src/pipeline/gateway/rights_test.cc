#include "pipeline/gateway/rights.h"

#include "pipeline/gateway/gateway_testing.h"

namespace signalbox::gateway {
namespace {

const std::string kAnswer =
    R"({"id":"c","choices":[{"message":{"content":"Ho"}}],"usage":{"prompt_tokens":5,"completion_tokens":7}})";

std::string BodyFor(std::string_view model) {
  return R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"Hi"}]})";
}

// A rig whose caller has `grant`.
struct RightsRig : GatewayRig {
  RightsRig(async::Loop& test_loop, request::Grant grant, bool local = false)
      : GatewayRig(test_loop, {.local = local}) {
    principal.grant = std::make_shared<const request::Grant>(std::move(grant));
  }

  // The status that a request for `model` is answered with.
  async::Task<int> Ask(std::string model, request::Hints hints = {}) {
    upstream->answers.push_back({.pieces = {kAnswer}});
    RecordingSink sink;
    co_await Run(BodyFor(model), &sink, hints);
    last = sink.body;
    co_return sink.status;
  }
  std::string last;
};

LOOP_TEST(Rights, AModelThatIsNotAllowedIsRefusedWithoutACall) {
  RightsRig rig(loop, {.models = {{"m1", "edge/m2", "*-mini"}}});
  for (const char* model : {"edge/m1", "edge/m2", "edge/gpt-4o-mini"}) {
    const int status = co_await rig.Ask(model);
    EXPECT_EQ(status, 200) << model;
  }
  rig.upstream->calls.clear();
  for (const char* model : {"edge/m3", "auto", "fast"}) {
    const int status = co_await rig.Ask(model);
    EXPECT_EQ(status, 403) << model;
    EXPECT_NE(rig.last.find("may not use model"), rig.last.npos) << rig.last;
  }
  EXPECT_TRUE(rig.upstream->calls.empty());
}

LOOP_TEST(Rights, AnAliasThatIsAllowedLeadsWhereItsOperatorWants) {
  RightsRig rig(loop, {.models = {{"fast"}}});
  const int alias = co_await rig.Ask("fast");
  EXPECT_EQ(alias, 200);
  EXPECT_NE(rig.upstream->calls.back().body.find(R"("model":"small")"), std::string::npos);
  const int direct = co_await rig.Ask("edge/small");
  EXPECT_EQ(direct, 403);
}

LOOP_TEST(Rights, OfSeveralTargetsTheAllowedOnesAreTried) {
  RightsRig rig(loop, {.models = {{"large"}}});
  const int status = co_await rig.Ask("fast");
  EXPECT_EQ(status, 200);
  EXPECT_NE(rig.upstream->calls.back().body.find(R"("model":"large")"), std::string::npos);
}

LOOP_TEST(Rights, AProviderOrAnApiThatIsNotAllowedIsRefused) {
  RightsRig elsewhere(loop, {.providers = {{"azure"}}});
  const int provider = co_await elsewhere.Ask("edge/m1");
  EXPECT_EQ(provider, 403);
  EXPECT_NE(elsewhere.last.find("provider 'edge'"), std::string::npos) << elsewhere.last;
  RightsRig foreign(loop, {.dialects = {{"anthropic"}}});
  const int dialect = co_await foreign.Ask("edge/m1");
  EXPECT_EQ(dialect, 403);
  EXPECT_TRUE(foreign.upstream->calls.empty());
}

LOOP_TEST(Rights, SensitiveRequestsGoToLocalModelsAlone) {
  RightsRig far(loop, {.privacy = request::PrivacyClass::kSensitive});
  const int refused = co_await far.Ask("edge/m1");
  EXPECT_EQ(refused, 403);
  EXPECT_TRUE(far.upstream->calls.empty());
  RightsRig near(loop, {.privacy = request::PrivacyClass::kSensitive}, true);
  const int status = co_await near.Ask("edge/m1");
  EXPECT_EQ(status, 200);
}

LOOP_TEST(Rights, ACallIsBookedOnItsPartiesAndLabels) {
  request::Grant grant;
  grant.parties.key.uuid.bytes[0] = 7;
  grant.parties.tenant.uuid.bytes[3] = 9;
  const request::Parties parties = grant.parties;
  RightsRig rig(loop, std::move(grant));
  const int status = co_await rig.Ask(
      "edge/m1", {.labels = {.end_user = "ann", .agent = "triage", .tags = "a=b"}});
  EXPECT_EQ(status, 200);
  const auto records = rig.Records();
  EXPECT_EQ(records.size(), 2U);
  for (const ledger::OwnedRecord& each : records) {
    EXPECT_EQ(each.record.parties, parties);
    EXPECT_EQ(each.end_user + " " + each.agent + " " + each.tags, "ann triage a=b");
  }
}

}  // namespace
}  // namespace signalbox::gateway
