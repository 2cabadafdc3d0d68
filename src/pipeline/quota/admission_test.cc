#include "pipeline/quota/admission.h"

#include <gtest/gtest.h>

#include <thread>

#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;
using PassPtr = request::Admission::PassPtr;

class AdmissionTest : public testing::Test {
 protected:
  core::Result<PassPtr> Admit(const request::Principal& caller,
                              const request::Labels& labels = {}) {
    return admission_.Admit({.principal = caller, .labels = labels, .now = world_.At()});
  }
  core::Status Reserve(PassPtr& pass, const request::WorstCase& most,
                       request::Pass::CountInput exact = nullptr, const void* context = nullptr) {
    return pass->Reserve({"openai", "gpt-4o"}, most, world_.At(), exact, context);
  }
  BudgetState StateOf(const SubjectKey& key) {
    return world_.registry.Find(key)->budgets.load()->StateAt(world_.now.wall);
  }

  World world_;
  Admission admission_{world_.registry};
};

TEST_F(AdmissionTest, LetsEverythingThroughWhereNothingIsLimited) {
  auto pass = Admit(request::Principal::Anonymous());
  ASSERT_TRUE(pass);
  EXPECT_TRUE(Reserve(*pass, {.input_tokens = 1'000'000, .output_tokens = 1}));
  (*pass)->Settle({});
  EXPECT_EQ((*pass)->requests(world_.At()).limit, -1);
}

TEST_F(AdmissionTest, SaysWhichLimitOfWhomAndWhenToComeAgain) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), World::Limited(Rate::kRequestsPerMinute, 2));
  ASSERT_TRUE(Admit(caller));
  auto second = Admit(caller);
  ASSERT_TRUE(second);
  EXPECT_EQ((*second)->requests(world_.At()).limit, 2);
  EXPECT_EQ((*second)->requests(world_.At()).remaining, 0);
  const auto third = Admit(caller);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kRateLimited);
  EXPECT_EQ(third.error().message, "key " + caller.id + " is limited to 2 requests per minute");
  EXPECT_EQ(third.error().retry_after, std::chrono::seconds(60)) << "the minute is used up";
}

TEST_F(AdmissionTest, ARefusalTakesNothingFromTheOthers) {
  const auto caller = Caller(world_.registry, 1);
  const SubjectKey tenant{SubjectKind::kTenant, caller.grant->parties.tenant.uuid, {}};
  Rule rule = World::Limited(Rate::kRequestsPerHour, 100);
  rule.limits.concurrent = 10;
  world_.Set(tenant, rule);
  world_.Set(KeyOf(caller), World::Limited(Rate::kRequestsPerHour, 0));
  for (int i = 0; i < 50; ++i) {
    ASSERT_FALSE(Admit(caller));
  }
  Subject& subject = *world_.registry.Find(tenant);
  EXPECT_EQ(subject.running, 0);
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerHour).Remaining(world_.now, kHour), 100);
}

TEST_F(AdmissionTest, CapsRequestsAtTheSameTimeAndFreesThemOnEveryExit) {
  const auto caller = Caller(world_.registry, 1);
  Rule rule;
  rule.limits.concurrent = 2;
  world_.Set(KeyOf(caller), rule);
  auto one = Admit(caller);
  auto two = Admit(caller);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(Admit(caller).error().code, ErrorCode::kRateLimited);
  one->reset();
  EXPECT_TRUE(Admit(caller));
  EXPECT_TRUE(Admit(caller));
}

TEST_F(AdmissionTest, TheUsersLimitAtAProviderIsTheUsersAndTheProviders) {
  Rule rule = World::Limited(Rate::kRequestsPerHour, 1000);
  rule.limits.burst = 50;
  world_.SetDefault(SubjectKind::kProviderUser, rule);
  const auto caller = Caller(world_.registry, 1);
  auto pass = Admit(caller);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(Reserve(*pass, {}));
  }
  const auto refused = Reserve(*pass, {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE((*pass)->may_go_elsewhere());
  EXPECT_TRUE((*pass)->Reserve({"anthropic", "claude"}, {}, world_.At(), nullptr, nullptr));
  const auto other = Caller(world_.registry, 2);
  auto others = Admit(other);
  EXPECT_TRUE(Reserve(*others, {}));
  auto nobody = Admit(request::Principal::Anonymous());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Reserve(*nobody, {})) << "an anonymous caller is no user";
  }
}

TEST_F(AdmissionTest, TokensAreTakenAtTheirMostAndSettledWithTheTruth) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), World::Limited(Rate::kTokensPerMinute, 1000));
  auto one = Admit(caller);
  ASSERT_TRUE(Reserve(*one, {.input_tokens = 700, .output_tokens = 200}));
  auto two = Admit(caller);
  EXPECT_EQ(Reserve(*two, {.input_tokens = 101}).error().code, ErrorCode::kRateLimited);
  EXPECT_FALSE((*two)->may_go_elsewhere());
  (*one)->Settle({.input_tokens = 50, .output_tokens = 10});
  EXPECT_EQ((*one)->tokens(world_.At()).remaining, 940);
  EXPECT_TRUE(Reserve(*two, {.input_tokens = 940}));
  two->reset();
  EXPECT_EQ((*one)->tokens(world_.At()).remaining, 940) << "what was not settled came back";
}

TEST_F(AdmissionTest, CountsTheInputOnceAndOnlyNearALimit) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), world_.Money(Window::kDay, 1000));
  int counted = 0;
  const request::Pass::CountInput count = [](const void* context) -> std::int64_t {
    ++*const_cast<int*>(static_cast<const int*>(context));
    return 40;
  };
  // 100 tokens at 5 nano-dollars each, and 100 for the answer.
  const request::WorstCase most{
      .input_tokens = 100, .output_tokens = 10, .cost_nano_usd = 600, .input_pico_usd = 5000};
  auto one = Admit(caller);
  ASSERT_TRUE(Reserve(*one, most, count, &counted));
  EXPECT_EQ(counted, 0);
  auto two = Admit(caller);
  ASSERT_TRUE(Reserve(*two, most, count, &counted));
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(StateOf(KeyOf(caller)).reserved, 900);
  auto three = Admit(caller);
  EXPECT_FALSE(Reserve(*three, most, count, &counted));
  EXPECT_EQ(counted, 2);
}

TEST_F(AdmissionTest, MoneyIsReservedFromEverythingThatHolds) {
  const auto caller = Caller(world_.registry, 1);
  const SubjectKey total;
  world_.Set(total, world_.Money(Window::kDay, 500 * kUsd));
  world_.Set(KeyOf(caller), world_.Money(Window::kMonth, 2 * kUsd));
  world_.Set({SubjectKind::kProvider, {}, "openai"}, world_.Money(Window::kDay, 3 * kUsd));
  world_.Set({SubjectKind::kModel, {}, "openai/gpt-4o"}, world_.Money(Window::kWeek, 4 * kUsd));
  auto pass = Admit(caller);
  ASSERT_TRUE(Reserve(*pass, {.cost_nano_usd = kUsd}));
  EXPECT_EQ((*pass)->reserved_nano_usd(), kUsd);
  (*pass)->Settle({.cost_nano_usd = kUsd / 4});
  EXPECT_EQ((*pass)->reserved_nano_usd(), 0);
  for (const SubjectKey& key :
       {total, KeyOf(caller), SubjectKey{SubjectKind::kProvider, {}, "openai"},
        SubjectKey{SubjectKind::kModel, {}, "openai/gpt-4o"}}) {
    EXPECT_EQ(StateOf(key).spent, kUsd / 4);
    EXPECT_EQ(StateOf(key).reserved, 0);
  }
}

TEST_F(AdmissionTest, Says429WhileReservedAnd402WhenSpent) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), world_.Money(Window::kDay, kUsd));
  auto one = Admit(caller);
  ASSERT_TRUE(Reserve(*one, {.cost_nano_usd = kUsd}));
  auto two = Admit(caller);
  auto refused = Reserve(*two, {.cost_nano_usd = 1});
  EXPECT_EQ(refused.error().code, ErrorCode::kRateLimited);
  EXPECT_EQ(refused.error().retry_after, std::chrono::seconds(1));
  (*one)->Settle({.cost_nano_usd = kUsd});
  refused = Reserve(*two, {.cost_nano_usd = 1});
  EXPECT_EQ(refused.error().code, ErrorCode::kBudgetExceeded);
  EXPECT_EQ(refused.error().message, "the budget of key " + caller.id +
                                         " ($1 a day) is spent: the request may cost up to "
                                         "$0.000000001");
  EXPECT_EQ(refused.error().retry_after, std::chrono::hours(16)) << "when the day ends";
}

TEST_F(AdmissionTest, RefusesAnUnknownPriceUnderAHardBudgetOnly) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), world_.Money(Window::kDay, kUsd, false));
  auto pass = Admit(caller);
  EXPECT_TRUE(Reserve(*pass, {.cost_nano_usd = -1}));
  (*pass)->Settle({.cost_nano_usd = 7});
  EXPECT_EQ(StateOf(KeyOf(caller)).spent, 7) << "what it cost is booked all the same";
  world_.Set(KeyOf(caller), world_.Money(Window::kDay, kUsd));
  EXPECT_EQ(Reserve(*pass, {.cost_nano_usd = -1}).error().code, ErrorCode::kForbidden);
  EXPECT_TRUE((*pass)->may_go_elsewhere());
}

TEST_F(AdmissionTest, BoundsWhatOneRequestMayCost) {
  Rule rule;
  rule.per_request = kUsd;
  rule.known_prices_only = true;
  world_.Set({}, rule);
  auto pass = Admit(request::Principal::Anonymous());
  EXPECT_TRUE(Reserve(*pass, {.cost_nano_usd = kUsd}));
  EXPECT_EQ(Reserve(*pass, {.cost_nano_usd = kUsd + 1}).error().code, ErrorCode::kBudgetExceeded);
  EXPECT_EQ(Reserve(*pass, {.cost_nano_usd = -1}).error().code, ErrorCode::kForbidden);
}

// P11: what one end user of a key may spend says nothing about the next one.
TEST_F(AdmissionTest, EndUsersOfOneKeyHaveBudgetsOfTheirOwn) {
  const auto caller = Caller(world_.registry, 1);
  const core::Uuid tenant = caller.grant->parties.tenant.uuid;
  world_.Set({SubjectKind::kEndUser, tenant, "ann"}, world_.Money(Window::kDay, 2 * kUsd));
  world_.Set({SubjectKind::kEndUser, tenant, "bob"}, world_.Money(Window::kDay, 20 * kUsd));
  int ann = 0;
  int bob = 0;
  for (int i = 0; i < 1000; ++i) {
    auto pass = Admit(caller, {.end_user = i % 2 == 0 ? "ann" : "bob"});
    if (Reserve(*pass, {.cost_nano_usd = kUsd})) {
      (*pass)->Settle({.cost_nano_usd = kUsd});
      ++(i % 2 == 0 ? ann : bob);
    }
  }
  EXPECT_EQ(ann, 2);
  EXPECT_EQ(bob, 20);
  const auto stranger = Caller(world_.registry, 2, 2);  // the same name in another tenant
  auto pass = Admit(stranger, {.end_user = "ann"});
  EXPECT_TRUE(Reserve(*pass, {.cost_nano_usd = 100 * kUsd}));
}

TEST_F(AdmissionTest, TagsAndAgentsHaveBudgetsToo) {
  const auto caller = Caller(world_.registry, 1);
  const core::Uuid tenant = caller.grant->parties.tenant.uuid;
  world_.Set({SubjectKind::kTag, tenant, "team=blue"}, world_.Money(Window::kDay, 1));
  world_.Set({SubjectKind::kAgent, tenant, "writer"}, world_.Money(Window::kDay, 2));
  auto pass = Admit(caller, {.agent = "writer", .tags = "x, team=blue,team=blue ,"});
  EXPECT_TRUE(Reserve(*pass, {.cost_nano_usd = 1}));
  EXPECT_FALSE(Reserve(*pass, {.cost_nano_usd = 2}));
  auto other = Admit(caller, {.agent = "writer", .tags = "x"});
  EXPECT_TRUE(Reserve(*other, {.cost_nano_usd = 2}));
}

// P12, F33: 1,000 calls at once, money for 100.
TEST_F(AdmissionTest, ThreadsSpendExactlyWhatABudgetHas) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), world_.Money(Window::kDay, 100 * kUsd));
  std::atomic<int> called = 0;
  std::atomic<int> reserved = 0;
  std::atomic<int> spent = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Admission mine(world_.registry);
      for (int i = 0; i < 250; ++i) {
        auto pass = mine.Admit({.principal = caller, .labels = {}, .now = world_.At()});
        const auto got = Reserve(*pass, {.cost_nano_usd = kUsd});
        if (got) {
          ++called;
          (*pass)->Settle({.cost_nano_usd = kUsd});
        } else {
          ++(got.error().code == ErrorCode::kBudgetExceeded ? spent : reserved);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(called, 100);
  EXPECT_EQ(spent + reserved, 900);
  EXPECT_EQ(StateOf(KeyOf(caller)).spent, 100 * kUsd);
}

TEST_F(AdmissionTest, AGrantThatNobodyResolvedIsLimitedAllTheSame) {
  const auto caller = Caller(world_.registry, 1);
  world_.Set(KeyOf(caller), World::Limited(Rate::kRequestsPerHour, 0));
  auto grant = std::make_shared<request::Grant>(*caller.grant);
  grant->allowance = nullptr;
  EXPECT_FALSE(Admit({"key_x", grant}));
}

}  // namespace
}  // namespace signalbox::quota
