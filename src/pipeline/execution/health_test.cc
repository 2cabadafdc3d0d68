#include "pipeline/execution/health.h"

#include <gtest/gtest.h>

#include <map>

#include "base/core/random.h"
#include "pipeline/execution/machine_samples.h"

namespace signalbox::execution {
namespace {

constexpr MonoTime kNow{1h};

Permit Take(Health& health, MonoTime now, double draw = 0, std::string_view model = "m") {
  Draw d(draw);
  return health.Take(0, health.Model(0, model), now, Urgency::kUsual, d);
}

Opening When(Health& health, MonoTime now, std::string_view model = "m") {
  return health.When(0, health.Model(0, model), now, Urgency::kUsual);
}

TEST(Health, KeysAreChosenByWeight) {
  Layout layout = SampleLayout(1, 3);
  layout[0].keys[1].limits.weight = 2;
  layout[0].keys[2].limits.weight = 5;
  Health health(layout, {}, {});
  std::map<std::uint32_t, int> got;
  for (int i = 0; i < 800; ++i) {
    const Permit permit = Take(health, kNow, (i + 0.5) / 800);
    ++got[permit.key];
    health.Release(permit);
  }
  EXPECT_EQ(got, (std::map<std::uint32_t, int>{{0, 100}, {1, 200}, {2, 500}}));
}

TEST(Health, AModelThatFailsDoesNotCloseTheOthersOfItsProvider) {
  Health health(SampleLayout(1), {}, {});
  for (int i = 0; i < 5; ++i) {
    health.Fail(Take(health, kNow), {.blame = Blame::kModel, .reached = true}, kNow);
  }
  EXPECT_EQ(When(health, kNow).hindrance, Hindrance::kOpen);
  EXPECT_EQ(When(health, kNow, "other").hindrance, Hindrance::kNone);
}

TEST(Health, AProviderThatCannotBeReachedClosesAllItsModels) {
  Health health(SampleLayout(2), {}, {});
  for (int i = 0; i < 5; ++i) {
    health.Fail(Take(health, kNow), {.blame = Blame::kProvider}, kNow);
  }
  EXPECT_EQ(When(health, kNow, "other").hindrance, Hindrance::kOpen);
  EXPECT_EQ(health.When(1, health.Model(1, "m"), kNow, Urgency::kUsual).at, kNow);
}

TEST(Health, ALimitRestsTheKeyForThatModelAlone) {
  Health health(SampleLayout(1), {}, {});
  health.Fail(Take(health, kNow), {.blame = Blame::kKeyLimit, .reached = true, .rest = 7s}, kNow);
  EXPECT_EQ(When(health, kNow).at, kNow + 7s);
  EXPECT_EQ(When(health, kNow).hindrance, Hindrance::kLimited);
  EXPECT_EQ(When(health, kNow, "other").at, kNow);
  EXPECT_EQ(When(health, kNow + 7s).hindrance, Hindrance::kNone);
}

TEST(Health, AShorterRestDoesNotEndALongerOne) {
  Health health(SampleLayout(1), {}, {});
  const Permit first = Take(health, kNow);
  const Permit second = Take(health, kNow);
  health.Fail(first, {.blame = Blame::kKeyLimit, .reached = true, .rest = 9s}, kNow);
  health.Fail(second, {.blame = Blame::kKeyLimit, .reached = true, .rest = 2s}, kNow);
  EXPECT_EQ(When(health, kNow).at, kNow + 9s);
}

TEST(Health, ARefusedKeyRestsLongAndComesBackByOneCall) {
  const BreakerOptions options;
  Health health(SampleLayout(1), {}, options);
  health.Fail(Take(health, kNow), {.blame = Blame::kKey, .reached = true}, kNow);
  EXPECT_EQ(When(health, kNow).hindrance, Hindrance::kKeyRefused);
  const MonoTime later = kNow + options.key_rest;
  ASSERT_EQ(When(health, later).at, later);
  Permit probe = Take(health, later);
  EXPECT_GT(When(health, later).at, later);
  health.Answered(probe, later);
  EXPECT_EQ(When(health, later).at, later);
  health.Succeed(probe, later);
}

TEST(Health, ACallInFlightCountsAgainstItsKeysLimit) {
  Health health(SampleLayout(1, 1, {.in_flight = 2}), {}, {});
  const Permit first = Take(health, kNow);
  const Permit second = Take(health, kNow);
  EXPECT_EQ(When(health, kNow).hindrance, Hindrance::kLimited);
  health.Succeed(first, kNow);
  EXPECT_EQ(When(health, kNow).hindrance, Hindrance::kNone);
  health.Release(second);
}

TEST(Health, NoMinuteSeesMoreThanAKeysLimit) {
  constexpr std::uint32_t kLimit = 60;
  Health health(SampleLayout(1, 1, {.per_minute = kLimit}), {}, {});
  core::Random random(3);
  std::vector<MonoTime> calls;
  MonoTime now = kNow;
  while (now < kNow + 10min) {
    if (When(health, now).at <= now) {
      calls.push_back(now);
      health.Succeed(Take(health, now), now);
    } else {
      now += std::chrono::milliseconds(random.Next() % 2000);
      now += random.Next() % 100 == 0 ? 30s : 0s;
    }
  }
  EXPECT_GT(calls.size(), 5 * kLimit);
  for (std::size_t i = kLimit; i < calls.size(); ++i) {
    EXPECT_GE(calls[i] - calls[i - kLimit], 1min) << i;
  }
}

TEST(Health, AReloadKeepsWhatIsKnownOfWhatIsStillThere) {
  Health before(SampleLayout(2, 2), {}, {});
  const Permit permit = Take(before, kNow, 0.1);  // the second key of p0
  const std::uint64_t resting = SampleLayout(2, 2)[0].keys[permit.key].fingerprint;
  before.Fail(permit, {.blame = Blame::kKey, .reached = true}, kNow);
  before.Model(1, "m").breaker.Open(kNow, {});

  Layout layout = SampleLayout(2, 2);
  std::swap(layout[0], layout[1]);
  layout[1].keys = {{.fingerprint = resting, .label = "kept", .limits = {.weight = 9}},
                    {.fingerprint = 99, .label = "new"}};
  const auto after = before.Adopt(layout, {}, {});
  EXPECT_EQ(after->When(0, after->Model(0, "m"), kNow, Urgency::kUsual).hindrance,
            Hindrance::kOpen);
  for (const double draw : {0.01, 0.5, 0.99}) {
    Draw d(draw);
    const Permit next = after->Take(1, after->Model(1, "m"), kNow, Urgency::kUsual, d);
    EXPECT_EQ(after->KeyLabel(next), "new");
    after->Release(next);
  }
  const HealthReport report = HealthReport::Of(*after, kNow);
  EXPECT_EQ(report.providers[1].keys[0].limits.weight, 9U);
  EXPECT_EQ(report.providers[1].keys[0].state.breaker, BreakerState::kOpen);
}

TEST(Health, ARequestOutlivesTheReloadThatTookItsProviderAway) {
  auto before = std::make_shared<Health>(SampleLayout(2), RetryOptions{}, BreakerOptions{});
  const Permit permit = Take(*before, kNow);
  Layout layout = SampleLayout(2);
  layout.erase(layout.begin());
  const auto after = before->Adopt(layout, {}, {});
  before->Succeed(permit, kNow);
  before.reset();
  EXPECT_EQ(after->ProviderName(0), "p1");
}

TEST(Health, MadeUpModelsDoNotGrowItWithoutBound) {
  Health health(SampleLayout(1), {}, {});
  for (int i = 0; i < 5000; ++i) {
    health.Model(0, fmt::format("made-up-{}", i));
  }
  EXPECT_LE(HealthReport::Of(health, kNow).providers[0].models.size(), 1001U);
}

TEST(RetryBudget, AllowsAShareOfTheRequestsAndASmallNumber) {
  const RetryOptions options{.budget = 0.1, .budget_min = 1, .budget_window = 10s};
  RetryBudget budget;
  for (int i = 0; i < 1000; ++i) {
    budget.CountRequest(kNow, options);
  }
  int taken = 0;
  while (budget.Take(kNow, options)) {
    ++taken;
  }
  EXPECT_EQ(taken, 110);
  EXPECT_FALSE(budget.Take(kNow + 8s, options));
  EXPECT_TRUE(budget.Take(kNow + 12s, options));
}

TEST(HealthReport, IsWrittenAsJsonAndJoinedWithTheWorseState) {
  Health first(SampleLayout(1, 1, {.per_minute = 60}), {}, {});
  Health second(SampleLayout(1), {}, {});
  first.Succeed(Take(first, kNow), kNow);
  second.Fail(Take(second, kNow), {.blame = Blame::kKeyLimit, .reached = true, .rest = 2s}, kNow);
  second.Model(0, "m").breaker.Open(kNow, {});
  HealthReport report = HealthReport::Of(second, kNow);
  report.Join(HealthReport::Of(first, kNow));
  std::string out;
  json::Writer writer(out);
  report.Write(writer);
  EXPECT_EQ(
      out, R"({"providers":[{"name":"p0","state":"closed","calls":2,"failures":0,)"
           R"("models":[{"name":"m","state":"open","open_for_ms":1000,"calls":1,"failures":0}],)"
           R"("keys":[{"label":"1","state":"closed","calls":0,"failures":0,"in_flight":0,)"
           R"("weight":1,"per_minute":60,"rests_for_ms":2000}]}],"waiting":0,"retries_left":200})");
}

}  // namespace
}  // namespace signalbox::execution
