// What holds whatever happens: random events, times, draws, plans and options.
#include <gtest/gtest.h>

#include "base/core/random.h"
#include "pipeline/execution/machine_samples.h"

namespace signalbox::execution {
namespace {

std::uint64_t Below(core::Random& random, std::uint64_t end) {
  return random.Next() % end;
}

Failure AnyFailure(core::Random& random) {
  constexpr std::uint16_t kStatuses[] = {400, 401, 402, 403, 404, 408,
                                         409, 425, 429, 500, 503, 529};
  Failure failure{.kind = static_cast<FailureKind>(Below(random, 8))};
  if (failure.kind >= FailureKind::kStatus) {
    failure.status = kStatuses[Below(random, std::size(kStatuses))];
  }
  if (Below(random, 3) == 0) {
    failure.retry_after = std::chrono::milliseconds(Below(random, 100'000));
  }
  return failure;
}

// Drives one request with random events to its end and checks each action.
void RunOne(Bench& bench, core::Random& random, std::uint64_t& extra) {
  bench.Again();
  bench.plan.deadline = bench.now + std::chrono::milliseconds(1 + Below(random, 60'000));
  const std::uint32_t most = bench.health.retry().attempts;
  std::uint32_t starts = 0;
  bool calling = false;
  Event event = Event::Begin();
  for (int steps = 0; steps < 1000; ++steps) {
    const Action action = bench.Tell(event, random.Draw());
    switch (action.kind) {
      case Action::Kind::kStart:
        ASSERT_FALSE(calling);
        ASSERT_LT(bench.now, bench.plan.deadline);
        ASSERT_GT(action.until, bench.now);
        ASSERT_LE(action.until, bench.plan.deadline);
        ASSERT_EQ(action.number, ++starts);
        ASSERT_LE(starts, most);
        extra += starts > 1 ? 1 : 0;
        calling = true;
        break;
      case Action::Kind::kWait:
        ASSERT_FALSE(calling);
        ASSERT_GT(action.until, bench.now);
        ASSERT_LT(action.until, bench.plan.deadline);
        bench.now = action.until;
        event = Below(random, 20) == 0 ? Event::Cancelled() : Event::Woke();
        continue;
      case Action::Kind::kNone:
        ASSERT_FALSE(calling);  // answered
        break;
      default:
        ASSERT_FALSE(calling);
        ASSERT_EQ(bench.Tell(Event::Woke()).kind, Action::Kind::kNone);
        return;
    }
    const bool answered = action.kind == Action::Kind::kNone;
    bench.now += std::chrono::milliseconds(Below(random, 500));
    const std::uint64_t what = Below(random, 10);
    event = answered    ? Event::Ended(what < 8)
            : what == 0 ? Event::Cancelled()
            : what < 4  ? Event::Answered()
                        : Event::Failed(AnyFailure(random), "detail");
    calling = false;
  }
  FAIL() << "the request did not end";
}

TEST(MachineProperties, HoldForRandomEvents) {
  core::Random random(42);
  for (int round = 0; round < 300; ++round) {
    RetryOptions retry{.attempts = static_cast<std::uint32_t>(1 + Below(random, 8)),
                       .attempts_per_target = static_cast<std::uint32_t>(1 + Below(random, 3)),
                       .budget = 0.1 * static_cast<double>(Below(random, 10)),
                       .budget_min = static_cast<std::uint32_t>(Below(random, 5)),
                       .content_filter = Below(random, 2) == 0};
    Bench bench(static_cast<std::uint32_t>(1 + Below(random, 4)),
                static_cast<std::uint32_t>(1 + Below(random, 3)), retry,
                {.in_flight = static_cast<std::uint32_t>(Below(random, 3))});
    const MonoTime began = bench.now;
    std::uint64_t extra = 0;
    std::uint64_t requests = 0;
    while (requests < 200 && bench.now < began + 9s) {  // within one window of the budget
      ++requests;
      RunOne(bench, random, extra);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "round " << round;
    }
    bench.machine.reset();
    const double allowed = retry.budget * static_cast<double>(requests) + 10.0 * retry.budget_min;
    if (bench.now < began + 9s) {
      EXPECT_LE(static_cast<double>(extra), allowed) << "round " << round;
    }
    const HealthReport report = HealthReport::Of(bench.health, bench.now);
    EXPECT_EQ(report.waiting, 0U);
    for (const HealthReport::Provider& provider : report.providers) {
      for (const HealthReport::Key& key : provider.keys) {
        EXPECT_EQ(key.in_flight, 0U) << "round " << round;
      }
    }
  }
}

TEST(MachineProperties, EqualEventsTimesAndDrawsGiveEqualActions) {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    std::vector<Action> actions[2];
    for (auto& list : actions) {
      core::Random random(seed);
      Bench bench(3, 2);
      Event event = Event::Begin();
      for (int i = 0; i < 20; ++i) {
        list.push_back(bench.Tell(event, random.Draw(), 50ms));
        event = list.back().kind == Action::Kind::kWait ? Event::Woke()
                                                        : Event::Failed(AnyFailure(random));
      }
    }
    for (std::size_t i = 0; i < actions[0].size(); ++i) {
      ASSERT_EQ(actions[0][i].kind, actions[1][i].kind);
      ASSERT_EQ(actions[0][i].target, actions[1][i].target);
      ASSERT_EQ(actions[0][i].key, actions[1][i].key);
      ASSERT_EQ(actions[0][i].until, actions[1][i].until);
    }
  }
}

}  // namespace
}  // namespace signalbox::execution
