#include "pipeline/quota/leases.h"

#include <gtest/gtest.h>

#include "pipeline/quota/account_testing.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kCost = kUsd;

// A process: its registry, its door, its line to the store.
struct Process {
  explicit Process(std::string life, std::int64_t spent_before = 0, bool hard = true)
      : registry(1000, true), leases(registry, std::move(life)) {
    Rule rule = clock.Money(Window::kDay, 100 * kUsd, hard);
    rule.budgets[0]->calendar = *registry.CalendarFor(Window::kDay, "UTC", kStart);
    registry.SetSetting({}, rule, clock.now);
    registry.total().budgets.load()->Restore(kStart - 8 * kHour, spent_before, 0, kStart);
  }
  void Step(TestAccounts& accounts, const request::Instant& now) {
    std::vector<Leases::Call> calls;
    leases.Step(now, calls);
    Make(accounts, calls, now);
  }
  void Make(TestAccounts& accounts, const std::vector<Leases::Call>& calls,
            const request::Instant& now) {
    for (const Leases::Call& call : calls) {
      const auto answer = accounts.Draw(call.draw, now.wall.time_since_epoch().count() / 1'000'000);
      ASSERT_TRUE(answer);
      leases.Answered(call, *answer, now);
    }
  }
  core::Status Call(const request::Instant& now) {
    auto pass =
        admission.Admit({.principal = request::Principal::Anonymous(), .labels = {}, .now = now});
    SB_CHECK_OK((*pass)->Reserve({"p", "m"}, {.cost_nano_usd = kCost}, now, nullptr, nullptr));
    (*pass)->Settle({.cost_nano_usd = kCost});
    return {};
  }
  void Close(TestAccounts& accounts, const request::Instant& now) {
    std::vector<Leases::Call> calls;
    leases.Close(now, calls);
    Make(accounts, calls, now);
  }
  BudgetState State() { return registry.total().budgets.load()->StateAt(kStart); }

  World clock;
  Registry registry;
  Leases leases;
  Admission admission{registry, &leases};
};

std::int64_t Millis(const World& clock) {
  return clock.now.wall / 1'000'000;
}

// F33 with two processes: exactly 100, then 402.
TEST(Leases, TwoProcessesSpendABudgetExactly) {
  TestAccounts accounts;
  Process one("one");
  Process two("two");
  World clock;
  int called = 0;
  core::Error last;
  for (int i = 0; i < 4000; ++i) {
    clock.Pass(10'000'000);
    for (Process* process : {&one, &two}) {
      const auto got = process->Call(clock.At());
      called += got ? 1 : 0;
      last = got ? core::Error{} : got.error();
      process->Step(accounts, clock.At());
    }
    ASSERT_LE(called, 100);
  }
  EXPECT_EQ(called, 100);
  EXPECT_EQ(last.code, core::ErrorCode::kBudgetExceeded);
  EXPECT_EQ(one.State().spent + two.State().spent, 100 * kUsd);
  EXPECT_EQ(one.State().all(), 100 * kUsd);
  EXPECT_EQ(two.State().all(), 100 * kUsd);
}

TEST(Leases, WhatEarlierProcessesSpentIsNotToldTwice) {
  TestAccounts accounts;
  Process first("first");
  World clock;
  for (int i = 0; i < 100; ++i) {
    clock.Pass(10'000'000);
    static_cast<void>(first.Call(clock.At()));
    first.Step(accounts, clock.At());
  }
  clock.Pass(kSecond);
  first.Close(accounts, clock.At());
  const std::int64_t spent = first.State().spent;
  EXPECT_GT(spent, 0);
  EXPECT_EQ(accounts.settled(Millis(clock)), spent);
  Process second("second", spent);
  EXPECT_EQ(second.State().all(), spent);
  for (int i = 0; i < 2000; ++i) {
    clock.Pass(10'000'000);
    static_cast<void>(second.Call(clock.At()));
    second.Step(accounts, clock.At());
  }
  EXPECT_EQ(second.State().spent, 100 * kUsd);
  EXPECT_EQ(second.State().all(), 100 * kUsd);
  EXPECT_EQ(accounts.settled(Millis(clock)), 100 * kUsd);
}

// What the killed one held counts as spent from its lease's end on: never more, and too little by
// its slice at most.
TEST(Leases, AKilledProcessCostsItsSliceAndNoMore) {
  TestAccounts accounts;
  World clock;
  std::int64_t called = 0;
  std::int64_t ceiling_left = 0;
  {
    Process killed("killed");
    for (int i = 0; i < 20; ++i) {
      clock.Pass(10'000'000);
      called += killed.Call(clock.At()) ? 1 : 0;
      killed.Step(accounts, clock.At());
    }
    while (killed.Call(clock.At())) {  // it spends what it holds and tells nobody
      ++called;
      ++ceiling_left;
    }
  }
  EXPECT_GT(ceiling_left, 0);
  Process next("next", called * kCost);
  for (int i = 0; i < 4000; ++i) {
    clock.Pass(10'000'000);
    called += next.Call(clock.At()) ? 1 : 0;
    next.Step(accounts, clock.At());
    ASSERT_LE(called, 100);
  }
  EXPECT_EQ(called, 100) << "all that it held was spent";
}

TEST(Leases, WhileTheStoreIsAwayWhatIsHeldIsSpentAndThenItIsSaid) {
  TestAccounts accounts;
  Process process("one");
  World clock;
  ASSERT_FALSE(process.Call(clock.At()));
  process.Step(accounts, clock.At());
  clock.Pass(100 * 1'000'000);
  ASSERT_FALSE(process.Call(clock.At()) && process.Call(clock.At()) && process.Call(clock.At()));
  process.leases.SetReachable(false);
  const core::Status refused = process.Call(clock.At());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::ErrorCode::kUnavailable);
  EXPECT_TRUE(refused.error().retry_after);
  process.leases.SetReachable(true);
  process.Step(accounts, clock.At());
  EXPECT_TRUE(process.Call(clock.At()));
}

TEST(Leases, ASoftBudgetPassesAndAlertsForAllProcessesTogether) {
  TestAccounts accounts;
  Process one("one", 0, false);
  Process two("two", 0, false);
  World clock;
  one.leases.SetReachable(false);
  for (int i = 0; i < 70; ++i) {
    clock.Pass(100 * 1'000'000);
    Process& process = i % 2 == 0 ? one : two;
    ASSERT_TRUE(process.Call(clock.At()));
    one.Step(accounts, clock.At());
    two.Step(accounts, clock.At());
  }
  EXPECT_EQ(one.registry.alerts().Pop(), nullptr);
  for (int i = 0; i < 60; ++i) {
    clock.Pass(100 * 1'000'000);
    ASSERT_TRUE(one.Call(clock.At()));
    one.Step(accounts, clock.At());
    two.Step(accounts, clock.At());
  }
  EXPECT_EQ(one.registry.alerts().Pop(), one.registry.total().budgets.load());
  EXPECT_EQ(one.State().spent, 95 * kUsd);
  EXPECT_GT(one.State().all(), 110 * kUsd);
}

TEST(Leases, NamesAreTheSameEverywhereAndPlain) {
  World world;
  const SubjectKey key{SubjectKind::kAgent, SampleUuid(1), "schön und gut"};
  world.Set(key, world.Money(Window::kDay, 1));
  Budget& budget = *world.registry.Find(key)->budgets.load();
  const store::AccountName name = Leases::NameOf(budget, kStart);
  EXPECT_EQ(name.account,
            "budget:day:agent:01000000000000000000000000000001:sch%c3%b6n%20und%20gut");
  EXPECT_EQ(name.window, "1800000000");
}

}  // namespace
}  // namespace signalbox::quota
