#include "pipeline/quota/leases.h"

#include <gtest/gtest.h>

#include "pipeline/quota/account_testing.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kCost = kUsd;

// A process: its registry, its door, its line to the store.
struct Process {
  explicit Process(std::int64_t spent_before = 0) : registry(1000, true) {
    Rule rule = clock.Money(Window::kDay, 100 * kUsd);
    rule.budgets[0]->calendar = *registry.CalendarFor(Window::kDay, "UTC", kStart);
    registry.SetSetting({}, rule, clock.now);
    registry.total().budgets.load()->Restore(kStart - 8 * kHour, spent_before, 0, kStart);
  }
  void Step(TestAccount& account, int name, const request::Instant& now) {
    std::vector<Leases::Draw> calls;
    leases.Step(now, calls);
    for (const Leases::Draw& draw : calls) {
      leases.Answered(
          draw, account.Draw(name, draw.call, now.wall.time_since_epoch().count() / 1'000'000),
          now);
    }
  }
  core::Status Call(const request::Instant& now) {
    auto pass =
        admission.Admit({.principal = request::Principal::Anonymous(), .labels = {}, .now = now});
    SB_CHECK_OK((*pass)->Reserve({"p", "m"}, {.cost_nano_usd = kCost}, now, nullptr, nullptr));
    (*pass)->Settle({.cost_nano_usd = kCost});
    return {};
  }
  BudgetState State() { return registry.total().budgets.load()->StateAt(kStart); }

  World clock;
  Registry registry;
  Admission admission{registry};
  Leases leases{registry};
};

// F33 with two processes: exactly 100, then 402.
TEST(Leases, TwoProcessesSpendABudgetExactly) {
  TestAccount account(100 * kUsd);
  Process one;
  Process two;
  World clock;
  int called = 0;
  core::Error last;
  for (int i = 0; i < 4000; ++i) {
    clock.Pass(10'000'000);
    for (Process* process : {&one, &two}) {
      const auto got = process->Call(clock.At());
      called += got ? 1 : 0;
      last = got ? core::Error{} : got.error();
      process->Step(account, process == &one ? 1 : 2, clock.At());
    }
    ASSERT_LE(called, 100);
  }
  EXPECT_EQ(called, 100);
  EXPECT_EQ(last.code, core::ErrorCode::kBudgetExceeded);
  EXPECT_EQ(one.State().spent + two.State().spent, 100 * kUsd);
}

TEST(Leases, WhatEarlierProcessesSpentIsNotToldTwice) {
  TestAccount account(100 * kUsd);
  Process first;
  World clock;
  for (int i = 0; i < 100; ++i) {
    clock.Pass(10'000'000);
    static_cast<void>(first.Call(clock.At()));
    first.Step(account, 1, clock.At());
  }
  std::vector<Leases::Draw> calls;
  clock.Pass(kSecond);
  first.leases.Close(clock.At(), calls);
  ASSERT_EQ(calls.size(), 1U);
  account.Draw(1, calls[0].call, clock.now.wall / 1'000'000);
  const std::int64_t spent = first.State().spent;
  EXPECT_EQ(account.settled(), spent);
  Process second(spent);
  for (int i = 0; i < 2000; ++i) {
    clock.Pass(10'000'000);
    static_cast<void>(second.Call(clock.At()));
    second.Step(account, 2, clock.At());
  }
  EXPECT_EQ(second.State().spent, 100 * kUsd);
  EXPECT_EQ(account.settled(), 100 * kUsd);
}

TEST(Leases, NamesAreTheSameEverywhereAndPlain) {
  World world;
  const SubjectKey key{SubjectKind::kAgent, SampleUuid(1), "schön und gut"};
  world.Set(key, world.Money(Window::kDay, 1));
  Budget& budget = *world.registry.Find(key)->budgets.load();
  EXPECT_EQ(Leases::AccountOf(budget),
            "budget:day:agent:01000000000000000000000000000001:sch%c3%b6n%20und%20gut");
  EXPECT_EQ(Leases::WindowOf({.budget = &budget, .start = kStart}), "1800000000");
}

}  // namespace
}  // namespace signalbox::quota
