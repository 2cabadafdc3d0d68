#include "base/async/timer_wheel.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;
using core::MonoTime;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// A wheel on a clock of its own. It starts off a whole millisecond, as real clocks do.
struct Clock {
  MonoTime start = MonoTime(123'456'789ns);
  MonoTime now = start;
  TimerWheel wheel{start};

  void Pass(nanoseconds time) {
    now += time;
    wheel.Advance(now);
  }
};

class Probe : public Timer {
 public:
  explicit Probe(Clock& clock, std::function<void()> then = {})
      : clock_(clock), then_(std::move(then)) {}

  int fired = 0;
  MonoTime at{};  // of the last time

 private:
  void Fire() override {
    ++fired;
    at = clock_.now;
    EXPECT_FALSE(armed());
    if (then_) {
      then_();
    }
  }

  Clock& clock_;
  std::function<void()> then_;
};

TEST(TimerWheel, FiresAtTheFirstTickAtOrAfterTheMoment) {
  Clock clock;
  Probe probe(clock);
  clock.wheel.Arm(probe, clock.start + 2'000'001ns);
  clock.Pass(2ms);
  EXPECT_EQ(probe.fired, 0);
  clock.Pass(999'999ns);
  EXPECT_EQ(probe.fired, 0);
  clock.Pass(1ns);
  EXPECT_EQ(probe.fired, 1);
  EXPECT_FALSE(probe.armed());
  clock.Pass(10s);
  EXPECT_EQ(probe.fired, 1);
}

TEST(TimerWheel, AMomentThatHasPassedFiresAtTheNextTick) {
  Clock clock;
  clock.Pass(100ms);
  Probe probe(clock);
  clock.wheel.Arm(probe, clock.start);
  clock.Pass(1ms);
  EXPECT_EQ(probe.fired, 1);
}

struct Planned {
  std::unique_ptr<Probe> probe;
  MonoTime due;
};

std::vector<Planned> Plan(Clock& clock, std::size_t count, milliseconds furthest) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> when(0, nanoseconds(furthest).count());
  std::vector<Planned> planned;
  for (std::size_t i = 0; i < count; ++i) {
    planned.push_back({std::make_unique<Probe>(clock), clock.now + nanoseconds(when(random))});
    clock.wheel.Arm(*planned.back().probe, planned.back().due);
  }
  return planned;
}

void ExpectOnTime(const std::vector<Planned>& planned, nanoseconds step) {
  for (const Planned& each : planned) {
    EXPECT_EQ(each.probe->fired, 1);
    EXPECT_GE(each.probe->at, each.due);
    EXPECT_LT(each.probe->at - each.due, 1ms + step);
  }
}

TEST(TimerWheel, IsNeverEarlyAndAtMostOneTickLate) {
  Clock clock;
  clock.Pass(4090ms);  // so that the first block ends soon
  const auto planned = Plan(clock, 3000, 20s);
  for (int i = 0; i < 20'100; ++i) {
    clock.Pass(1ms);
  }
  ExpectOnTime(planned, 1ms);
}

// Steps as large as NextWait allows; deadlines beyond what both levels reach (17.5 minutes).
TEST(TimerWheel, NextWaitIsEnoughToBeOnTimeOverBothLevelsAndBeyond) {
  Clock clock;
  const auto planned = Plan(clock, 500, milliseconds(50min));
  int steps = 0;
  for (int wait = clock.wheel.NextWait(clock.now); wait >= 0 && steps < 100'000;
       wait = clock.wheel.NextWait(clock.now), ++steps) {
    clock.Pass(milliseconds(std::max(wait, 1)));
  }
  EXPECT_LT(steps, 3000);  // 500 timers and 733 blocks, not every millisecond
  ExpectOnTime(planned, 0ms);
}

TEST(TimerWheel, ALongSleepFiresEverythingThatIsDueInOrderOfTime) {
  Clock clock;
  std::vector<int> order;
  Probe last(clock, [&] { order.push_back(3); });
  Probe first(clock, [&] { order.push_back(1); });
  Probe middle(clock, [&] { order.push_back(2); });
  Probe later(clock, [&] { order.push_back(4); });
  clock.wheel.Arm(last, clock.start + 2h);
  clock.wheel.Arm(first, clock.start + 3ms);
  clock.wheel.Arm(middle, clock.start + 20s);
  clock.wheel.Arm(later, clock.start + 24h + 1ms);
  clock.Pass(24h);
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  clock.Pass(1ms);
  EXPECT_EQ(order, (std::vector{1, 2, 3, 4}));
}

TEST(TimerWheel, ArmingAgainMovesTheTimer) {
  Clock clock;
  Probe probe(clock);
  clock.wheel.Arm(probe, clock.start + 5ms);
  clock.wheel.Arm(probe, clock.start + 10s);
  clock.Pass(5s);
  EXPECT_EQ(probe.fired, 0);
  clock.wheel.Arm(probe, clock.start + 6s);
  clock.Pass(1s);
  EXPECT_EQ(probe.fired, 1);
  clock.Pass(20s);
  EXPECT_EQ(probe.fired, 1);
  EXPECT_EQ(clock.wheel.NextWait(clock.now), -1);
}

TEST(TimerWheel, DisarmedAndDestroyedTimersDoNotFire) {
  Clock clock;
  Probe disarmed(clock);
  auto destroyed = std::make_unique<Probe>(clock);
  Probe stays(clock);
  for (Probe* probe : {&disarmed, destroyed.get(), &stays}) {
    clock.wheel.Arm(*probe, clock.start + 3ms);
  }
  disarmed.Disarm();
  disarmed.Disarm();
  destroyed.reset();
  clock.Pass(10ms);
  EXPECT_EQ(disarmed.fired, 0);
  EXPECT_EQ(stays.fired, 1);
}

// Of timers due at the same tick, whichever fires first ends the others, in either order.
TEST(TimerWheel, FiringMayDisarmAndDestroyOthersOfTheSameTick) {
  Clock clock;
  std::array<std::unique_ptr<Probe>, 5> probes;
  int fired = 0;
  for (auto& probe : probes) {
    probe = std::make_unique<Probe>(clock, [&probes, &fired, &probe] {
      ++fired;
      for (std::size_t i = 0; i < probes.size(); ++i) {
        if (&probes[i] != &probe && probes[i] != nullptr) {
          i % 2 == 0 ? probes[i]->Disarm() : probes[i].reset();
        }
      }
    });
    clock.wheel.Arm(*probe, clock.start + 2ms);
  }
  clock.Pass(5ms);
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(clock.wheel.NextWait(clock.now), -1);
}

TEST(TimerWheel, FiringMayDestroyItself) {
  Clock clock;
  std::unique_ptr<Probe> probe;
  int fired = 0;
  probe = std::make_unique<Probe>(clock, [&] {
    ++fired;
    probe.reset();
  });
  Probe other(clock);
  clock.wheel.Arm(*probe, clock.start + 2ms);
  clock.wheel.Arm(other, clock.start + 2ms);
  clock.Pass(2ms);
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(other.fired, 1);
}

// Arming from inside Fire, at every place of a block and just before its end.
TEST(TimerWheel, FiringMayArmItselfAgain) {
  Clock clock;
  Probe* self = nullptr;
  int left = 9000;
  Probe probe(clock, [&] {
    if (--left > 0) {
      clock.wheel.Arm(*self, clock.start);  // long past: the next tick
    }
  });
  self = &probe;
  clock.wheel.Arm(probe, clock.start + 1ms);
  clock.Pass(8999ms);
  EXPECT_EQ(probe.fired, 8999);
  clock.Pass(1ms);
  EXPECT_EQ(probe.fired, 9000);
}

TEST(TimerWheel, ATimerArmedInTheLastTickOfABlockFiresInTheNextOnes) {
  Clock clock;
  Probe next(clock);
  Probe after(clock);
  Probe turn(clock, [&] {
    clock.wheel.Arm(next, clock.start + 4096ms);
    clock.wheel.Arm(after, clock.start + 8192ms);
  });
  clock.wheel.Arm(turn, clock.start + 4095ms);
  clock.Pass(4095ms);
  EXPECT_EQ(turn.fired, 1);
  EXPECT_EQ(next.fired, 0);
  clock.Pass(1ms);
  EXPECT_EQ(next.fired, 1);
  clock.Pass(4095ms);
  EXPECT_EQ(after.fired, 0);
  clock.Pass(1ms);
  EXPECT_EQ(after.fired, 1);
}

TEST(TimerWheel, NextWaitIsExactForNearTimersAndNoneWithoutTimers) {
  Clock clock;
  EXPECT_EQ(clock.wheel.NextWait(clock.now), -1);
  Probe probe(clock);
  clock.wheel.Arm(probe, clock.start + 250ms);
  EXPECT_EQ(clock.wheel.NextWait(clock.now), 250);
  clock.Pass(100ms + 400us);
  EXPECT_EQ(clock.wheel.NextWait(clock.now), 150);  // 149.6, up
  EXPECT_EQ(clock.wheel.NextWait(clock.now + 1s), 0);
  probe.Disarm();
  EXPECT_EQ(clock.wheel.NextWait(clock.now), -1);
}

TEST(TimerWheel, ADeadlineThatNeverComesIsHarmless) {
  Clock clock;
  Probe probe(clock);
  clock.wheel.Arm(probe, core::kNever);
  clock.Pass(1h);
  EXPECT_EQ(probe.fired, 0);
  EXPECT_TRUE(probe.armed());
  EXPECT_LE(clock.wheel.NextWait(clock.now), 60'000);
}

}  // namespace
}  // namespace signalbox::async
