#include "pipeline/quota/options.h"

#include <gtest/gtest.h>

#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

Rule RuleFor(const LimitsOptions& limits, const BudgetsOptions& budgets, const SubjectKey& key) {
  static Registry registry(100);
  auto rules = MakeRules(limits, budgets, registry, kStart);
  EXPECT_TRUE(rules);
  return (*rules)->Of(key);
}

TEST(QuotaOptions, WithoutAnyTheyAreTheOnesThatAreStated) {
  const Rule user = RuleFor({}, {}, {SubjectKind::kProviderUser, {}, "openai"});
  EXPECT_EQ(user.limits.rates[1], 1000U);
  EXPECT_EQ(user.limits.burst, 50U);
  const Rule openai = RuleFor({}, {}, {SubjectKind::kProvider, {}, "openai"});
  EXPECT_EQ(openai.limits.rates[0], 500U);
  EXPECT_EQ(openai.limits.rates[2], 90'000U);
  const Rule total = RuleFor({}, {}, {});
  ASSERT_TRUE(total.budgets[0]);
  EXPECT_EQ(total.budgets[0]->limit, 500 * kUsd);
  EXPECT_EQ(total.budgets[0]->alert_at, 400 * kUsd);
  EXPECT_TRUE(total.budgets[0]->hard);
  EXPECT_FALSE(total.budgets[0]->known_prices_only) << "a local model has no price";
}

TEST(QuotaOptions, ATotalThatIsSetTakesTheDefaultsPlace) {
  BudgetsOptions budgets;
  budgets.total.monthly_usd = 0.07;
  const Rule total = RuleFor({}, budgets, {});
  EXPECT_FALSE(total.budgets[0]);
  ASSERT_TRUE(total.budgets[2]);
  EXPECT_EQ(total.budgets[2]->limit, 70'000'000);
  EXPECT_TRUE(total.budgets[2]->known_prices_only);
  budgets.unknown_price = UnknownPrice::kAllow;
  EXPECT_FALSE(RuleFor({}, budgets, {}).budgets[2]->known_prices_only);
}

TEST(QuotaOptions, WhatIsSaidOfAProviderGoesBeforeWhatIsBuiltIn) {
  LimitsOptions limits;
  limits.per_provider["openai"].requests_per_minute = Meter::kUnlimited;
  const Rule openai = RuleFor(limits, {}, {SubjectKind::kProvider, {}, "openai"});
  EXPECT_EQ(openai.limits.rates[0], Meter::kUnlimited);
  EXPECT_EQ(openai.limits.rates[2], 90'000U);
}

TEST(QuotaOptions, AnAgentsBudgetHoldsInEveryTenantByItself) {
  BudgetsOptions budgets;
  budgets.per_agent["writer"].daily_usd = 3;
  World world;
  auto rules = MakeRules({}, budgets, world.registry, kStart);
  ASSERT_TRUE(rules);
  world.registry.SetRules(*std::move(rules), world.now);
  Subject* one = world.registry.Holding({SubjectKind::kAgent, SampleUuid(1), "writer"});
  Subject* two = world.registry.Holding({SubjectKind::kAgent, SampleUuid(2), "writer"});
  ASSERT_TRUE(one != nullptr && two != nullptr);
  EXPECT_NE(one, two);
  EXPECT_EQ(one->budgets.load()->terms().limit, 3 * kUsd);
  EXPECT_EQ(world.registry.Holding({SubjectKind::kAgent, SampleUuid(1), "reader"}), nullptr);
}

TEST(QuotaOptions, NamesTheZoneThatNobodyKnows) {
  BudgetsOptions budgets;
  budgets.zone = "Mars/Olympus";
  Registry registry(100);
  const auto rules = MakeRules({}, budgets, registry, kStart);
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().param, "zone");
}

TEST(QuotaOptions, AmountsAreExact) {
  EXPECT_EQ(NanoOf(0.1), 100'000'000);
  EXPECT_EQ(NanoOf(1'234'567.891234), 1'234'567'891'234'000);
  EXPECT_EQ(NanoOf(kMostUsd), 9'000'000 * kUsd);
}

}  // namespace
}  // namespace signalbox::quota
