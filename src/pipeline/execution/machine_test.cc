// The rules of README.md, row by row.
#include "pipeline/execution/machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pipeline/execution/machine_samples.h"

namespace signalbox::execution {
namespace {

using Kind = Action::Kind;

TEST(Machine, AGoodAnswerEndsIt) {
  Bench bench(1);
  const Action start = bench.Tell(Event::Begin());
  EXPECT_EQ(start.kind, Kind::kStart);
  EXPECT_EQ(start.number, 1);
  EXPECT_EQ(start.until, bench.now + 60s);
  EXPECT_EQ(bench.Tell(Event::Answered()).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Ended(true)).kind, Kind::kDone);
  EXPECT_EQ(bench.health.When(0, *bench.targets[0].health, bench.now, Urgency::kUsual).at,
            bench.now);
}

struct Row {
  Failure failure;
  Kind then;           // with a second target
  int target;          // of kStart
  Kind alone;          // when there is none
  BreakerState model;  // after five of them in five requests
  BreakerState provider;
};

TEST(Machine, EachFailureMovesOnOrDoesNot) {
  using enum BreakerState;
  const auto status = [](int s) { return Failure{.status = static_cast<std::uint16_t>(s)}; };
  const Row rows[] = {
      {{.kind = FailureKind::kConnect}, Kind::kStart, 1, Kind::kWait, kClosed, kOpen},
      {{.kind = FailureKind::kBroke}, Kind::kStart, 1, Kind::kWait, kClosed, kOpen},
      {{.kind = FailureKind::kTimeout}, Kind::kStart, 1, Kind::kGiveUp, kOpen, kClosed},
      {{.kind = FailureKind::kProtocol, .status = 200},
       Kind::kStart,
       1,
       Kind::kGiveUp,
       kOpen,
       kClosed},
      {status(400), Kind::kPassOn, 0, Kind::kPassOn, kClosed, kClosed},
      {status(404), Kind::kPassOn, 0, Kind::kPassOn, kClosed, kClosed},
      {status(413), Kind::kPassOn, 0, Kind::kPassOn, kClosed, kClosed},
      {status(422), Kind::kPassOn, 0, Kind::kPassOn, kClosed, kClosed},
      {status(401), Kind::kStart, 1, Kind::kGiveUp, kClosed, kClosed},
      {status(402), Kind::kStart, 1, Kind::kGiveUp, kClosed, kClosed},
      {status(403), Kind::kStart, 1, Kind::kPassOn, kClosed, kClosed},
      {status(408), Kind::kStart, 1, Kind::kWait, kClosed, kClosed},
      {status(409), Kind::kStart, 1, Kind::kWait, kClosed, kClosed},
      {status(425), Kind::kStart, 1, Kind::kWait, kClosed, kClosed},
      {status(429), Kind::kStart, 1, Kind::kWait, kClosed, kClosed},
      {status(500), Kind::kStart, 1, Kind::kWait, kOpen, kClosed},
      {status(503), Kind::kStart, 1, Kind::kWait, kOpen, kClosed},
      {status(529), Kind::kStart, 1, Kind::kWait, kOpen, kClosed},
      {{.kind = FailureKind::kQuotaSpent, .status = 429},
       Kind::kStart,
       1,
       Kind::kGiveUp,
       kClosed,
       kClosed},
      {{.kind = FailureKind::kContentFilter, .status = 400},
       Kind::kPassOn,
       0,
       Kind::kPassOn,
       kClosed,
       kClosed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(fmt::format("{} {}", Describe(row.failure.kind), row.failure.status));
    Bench two(2);
    two.Tell(Event::Begin());
    const Action then = two.Tell(Event::Failed(row.failure));
    EXPECT_EQ(then.kind, row.then);
    EXPECT_EQ(then.target, row.target);
    Bench alone(1);
    alone.Tell(Event::Begin());
    EXPECT_EQ(alone.Tell(Event::Failed(row.failure)).kind, row.alone);
    Bench five(1);
    for (int i = 0; i < 5; ++i) {
      five.Again();
      five.now += 6min;  // past every rest
      five.Tell(Event::Begin());
      five.Tell(Event::Failed(row.failure));
      five.Tell(Event::Cancelled());
    }
    const HealthReport report = HealthReport::Of(five.health, five.now);
    EXPECT_EQ(report.providers[0].state.breaker, row.provider);
    EXPECT_EQ(report.providers[0].models[0].state.breaker, row.model);
  }
}

TEST(Machine, AfterTheFirstTokenNothingIsTriedAgain) {
  Bench bench(2);
  bench.Tell(Event::Begin());
  bench.Tell(Event::Answered());
  EXPECT_EQ(bench.Tell(Event::Failed({.status = 500})).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Ended(false)).kind, Kind::kDone);
  EXPECT_EQ(bench.machine->attempts(), 1U);
}

TEST(Machine, AnEventThatItsStateDoesNotExpectChangesNothing) {
  Bench bench(1);
  EXPECT_EQ(bench.Tell(Event::Woke()).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Ended(true)).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Answered()).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Begin()).kind, Kind::kStart);
  EXPECT_EQ(bench.Tell(Event::Begin()).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Woke()).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Cancelled()).kind, Kind::kDone);
  EXPECT_EQ(bench.Tell(Event::Failed({.status = 500})).kind, Kind::kNone);
  EXPECT_EQ(bench.Tell(Event::Cancelled()).kind, Kind::kDone);
}

TEST(Machine, ARefusedKeyIsReplacedByAnotherAndNotUsedByTheNextRequest) {
  Bench bench(1, 2);
  const Action first = bench.Tell(Event::Begin());
  const Action second = bench.Tell(Event::Failed({.status = 401}));
  ASSERT_EQ(second.kind, Kind::kStart);
  EXPECT_NE(second.key, first.key);
  for (int i = 0; i < 20; ++i) {
    bench.Again();
    EXPECT_EQ(bench.Tell(Event::Begin(), 0.05 * i).key, second.key);
    bench.Tell(Event::Cancelled());
  }
}

// A vendor may say 403 to a single prompt: it must not take the model from everybody else.
TEST(Machine, AKeyThatIsBarredIsStillUsedWhereNothingElseIsLeft) {
  Bench bench(1);
  bench.Tell(Event::Begin());
  EXPECT_EQ(bench.Tell(Event::Failed({.status = 403})).kind, Kind::kPassOn);
  bench.Again();
  EXPECT_EQ(bench.Tell(Event::Begin()).kind, Kind::kStart);
  bench.Tell(Event::Cancelled());
}

TEST(Machine, AKeyThatIsBarredRestsWhileAnotherWayIsLeft) {
  Bench keys(1, 2);
  const Action first = keys.Tell(Event::Begin());
  const Action second = keys.Tell(Event::Failed({.status = 403}));
  EXPECT_EQ(second.kind, Kind::kStart);
  EXPECT_NE(second.key, first.key);
  EXPECT_EQ(keys.Tell(Event::Failed({.status = 403})).kind, Kind::kGiveUp);  // each key once
  Bench targets(2);
  targets.Tell(Event::Begin());
  EXPECT_EQ(targets.Tell(Event::Failed({.status = 403})).target, 1);
  targets.Tell(Event::Answered());
  targets.Tell(Event::Ended(true));
  targets.Again();
  EXPECT_EQ(targets.Tell(Event::Begin()).target, 1);
}

TEST(Machine, RetryAfterIsWaitedForWhenItFits) {
  Bench bench(1);
  bench.Tell(Event::Begin());
  const MonoTime told = bench.now + 10ms;
  const Action wait = bench.Tell(Event::Failed({.status = 429, .retry_after = 3s}), 0.5, 10ms);
  ASSERT_EQ(wait.kind, Kind::kWait);
  EXPECT_GE(wait.until, told + 3s);
  EXPECT_LE(wait.until, told + 6s);
  bench.now = wait.until;
  const Action again = bench.Tell(Event::Woke());
  EXPECT_EQ(again.kind, Kind::kStart);
  EXPECT_EQ(again.number, 2);
}

TEST(Machine, RetryAfterThatDoesNotFitIsPassedOnAtOnce) {
  for (const auto wait : {nanoseconds(21s), nanoseconds(24h)}) {
    Bench bench(1);
    bench.Tell(Event::Begin());
    EXPECT_EQ(bench.Tell(Event::Failed({.status = 429, .retry_after = wait})).kind, Kind::kPassOn);
  }
  Bench bench(1);
  bench.plan.deadline = bench.now + 2s;
  bench.Tell(Event::Begin());
  EXPECT_EQ(bench.Tell(Event::Failed({.status = 429, .retry_after = 3s})).kind, Kind::kPassOn);
}

TEST(Machine, ALimitedTargetWithAFallbackIsNotWaitedFor) {
  Bench bench(2);
  bench.Tell(Event::Begin());
  EXPECT_EQ(bench.Tell(Event::Failed({.status = 429, .retry_after = 1s})).target, 1);
  bench.Again();
  EXPECT_EQ(bench.Tell(Event::Begin()).target, 1);  // the key rests for the next request too
}

TEST(Machine, APromptThatIsTooLongGoesWhereLongerOnesFit) {
  const Failure too_long{.kind = FailureKind::kContextTooLong, .status = 400};
  Bench bench(3);
  bench.targets[0].context = 8'000;
  bench.targets[1].context = 8'000;
  bench.targets[2].context = 128'000;
  bench.Tell(Event::Begin());
  const Action longer = bench.Tell(Event::Failed(too_long));
  EXPECT_EQ(longer.kind, Kind::kStart);
  EXPECT_EQ(longer.target, 2);
  EXPECT_EQ(bench.Tell(Event::Failed(too_long)).kind, Kind::kPassOn);
}

TEST(Machine, ATargetThatFailsIsTriedTwiceAndAllOfThemFiveTimes) {
  Bench bench(4);
  std::vector<int> tries(4, 0);
  Action action = bench.Tell(Event::Begin());
  while (action.kind != Kind::kGiveUp) {
    if (action.kind == Kind::kStart) {
      ++tries[action.target];
      action = bench.Tell(Event::Failed({.status = 500}));
    } else {
      ASSERT_EQ(action.kind, Kind::kWait);
      bench.now = action.until;
      action = bench.Tell(Event::Woke());
    }
  }
  EXPECT_EQ(action.reason, Reason::kAttempts);
  EXPECT_EQ(bench.machine->attempts(), 5U);
  EXPECT_EQ(tries, (std::vector<int>{2, 1, 1, 1}));
}

TEST(Machine, WithoutBudgetNothingIsTriedAgain) {
  Bench bench(2, 1, {.budget = 0, .budget_min = 0});
  bench.Tell(Event::Begin());
  const Action action = bench.Tell(Event::Failed({.kind = FailureKind::kConnect}));
  EXPECT_EQ(action.kind, Kind::kGiveUp);
  EXPECT_EQ(action.reason, Reason::kBudget);
}

TEST(Machine, NoMoreThanTheAllowedNumberWait) {
  Bench bench(1, 1, {.waiting = 0});
  bench.Tell(Event::Begin());
  EXPECT_EQ(bench.Tell(Event::Failed({.kind = FailureKind::kConnect})).kind, Kind::kGiveUp);
}

TEST(Machine, WhenAllAreOpenItGivesUpAtOnceAndSaysWhenToAskAgain) {
  Bench bench(1);
  bench.BreakModel(0);
  bench.Again();
  const Action action = bench.Tell(Event::Begin());
  EXPECT_EQ(action.kind, Kind::kGiveUp);
  EXPECT_EQ(action.reason, Reason::kNoTarget);
  EXPECT_EQ(action.until, bench.now + 1s);
  bench.Again();
  bench.now += 1s;
  EXPECT_EQ(bench.Tell(Event::Begin()).kind, Kind::kStart);  // a probe
  Machine next(bench.plan, bench.health);
  EXPECT_EQ(next.Next(Event::Begin(), bench.now, 0).kind, Kind::kGiveUp);
}

TEST(Machine, AnAttemptLeavesTimeForTheNextTarget) {
  Bench bench(2);
  bench.plan.deadline = bench.now + 10s;
  EXPECT_EQ(bench.Tell(Event::Begin()).until, bench.now + 7s);
  bench.now += 7s;
  EXPECT_EQ(bench.Tell(Event::Failed({.kind = FailureKind::kTimeout})).until, bench.now + 3s);
}

TEST(Machine, ACallersShortDeadlineDoesNotSpeakAgainstTheTarget) {
  Bench bench(1);
  for (int i = 0; i < 10; ++i) {
    bench.Again();
    bench.plan.deadline = bench.now + 100ms;
    bench.Tell(Event::Begin());
    bench.Tell(Event::Failed({.kind = FailureKind::kTimeout}), 0.5, 100ms);
  }
  EXPECT_EQ(bench.targets[0].health->breaker.state(), BreakerState::kClosed);
}

TEST(Machine, WhoeverDropsItGivesEverythingBack) {
  Bench bench(1, 1, {}, {.in_flight = 1});
  bench.Tell(Event::Begin());
  EXPECT_EQ(HealthReport::Of(bench.health, bench.now).providers[0].keys[0].in_flight, 1U);
  bench.machine.reset();
  EXPECT_EQ(HealthReport::Of(bench.health, bench.now).providers[0].keys[0].in_flight, 0U);
  bench.Again();
  bench.Tell(Event::Begin());
  bench.Tell(Event::Failed({.kind = FailureKind::kConnect}));
  EXPECT_EQ(bench.health.waiting(), 1U);
  bench.machine.reset();
  EXPECT_EQ(bench.health.waiting(), 0U);
}

TEST(Machine, TargetsOfOneStageShareByWeight) {
  Bench bench(2);
  bench.targets[1].stage = 0;
  bench.targets[1].weight = 3;
  std::vector<int> got(2, 0);
  for (int i = 0; i < 1000; ++i) {
    bench.Again();
    ++got[bench.Tell(Event::Begin(), (i + 0.5) / 1000).target];
    bench.Tell(Event::Cancelled());
  }
  EXPECT_EQ(got, (std::vector<int>{250, 750}));
}

}  // namespace
}  // namespace signalbox::execution
