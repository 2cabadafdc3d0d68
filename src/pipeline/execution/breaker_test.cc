#include "pipeline/execution/breaker.h"

#include <gtest/gtest.h>

#include "base/core/random.h"

namespace signalbox::execution {
namespace {

using namespace std::chrono_literals;
using core::MonoTime;
using enum BreakerState;

constexpr MonoTime kStart{1h};
const BreakerOptions kOptions;

// Opens it by failures in a row at `now`.
void Break(Breaker& breaker, MonoTime now) {
  for (std::uint32_t i = 0; i < kOptions.failures; ++i) {
    breaker.Fail(breaker.Take(now), now, kOptions);
  }
}

bool Allows(const Breaker& breaker, MonoTime now, Urgency urgency = Urgency::kUsual) {
  return breaker.AllowsAt(now, urgency, kOptions) <= now;
}

TEST(Breaker, OpensAfterFiveFailuresInARow) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) {
    breaker.Fail(breaker.Take(kStart), kStart, kOptions);
    EXPECT_EQ(breaker.state(), kClosed);
  }
  breaker.Fail(breaker.Take(kStart), kStart, kOptions);
  EXPECT_EQ(breaker.state(), kOpen);
  EXPECT_FALSE(Allows(breaker, kStart));
}

TEST(Breaker, ASuccessBetweenThemStartsTheCountAgain) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) {
    breaker.Fail(breaker.Take(kStart), kStart, kOptions);
  }
  breaker.Succeed(breaker.Take(kStart), kStart, kOptions);
  for (int i = 0; i < 4; ++i) {
    breaker.Fail(breaker.Take(kStart), kStart, kOptions);
  }
  EXPECT_EQ(breaker.state(), kClosed);
}

TEST(Breaker, OpensAtItsFailureRateOnceThereAreEnoughCalls) {
  Breaker breaker;
  for (std::uint32_t i = 0; i < kOptions.min_calls; ++i) {
    EXPECT_EQ(breaker.state(), kClosed) << i;
    const Breaker::Ticket ticket = breaker.Take(kStart);
    i % 2 == 0 ? breaker.Succeed(ticket, kStart, kOptions) : breaker.Fail(ticket, kStart, kOptions);
  }
  EXPECT_EQ(breaker.state(), kOpen);
}

TEST(Breaker, ForgetsFailuresThatAreOlderThanTheWindow) {
  Breaker breaker;
  MonoTime now = kStart;
  for (int i = 0; i < 200; ++i) {  // half of the calls fail, but fewer than min_calls in a window
    now += kOptions.window / 10;
    i % 2 == 0 ? breaker.Succeed({}, now, kOptions) : breaker.Fail({}, now, kOptions);
  }
  EXPECT_EQ(breaker.state(), kClosed);
}

TEST(Breaker, HalfOpensForOneProbeThenOneMoreForEachThatSucceeds) {
  Breaker breaker;
  Break(breaker, kStart);
  const MonoTime now = kStart + kOptions.open;
  EXPECT_FALSE(Allows(breaker, now - 1ns));
  ASSERT_TRUE(Allows(breaker, now));
  const auto first = breaker.Take(now);
  EXPECT_EQ(breaker.state(), kHalfOpen);
  EXPECT_FALSE(Allows(breaker, now));
  breaker.Succeed(first, now, kOptions);
  const auto second = breaker.Take(now);
  ASSERT_TRUE(Allows(breaker, now));
  const auto third = breaker.Take(now);
  EXPECT_FALSE(Allows(breaker, now));
  breaker.Succeed(second, now, kOptions);
  EXPECT_EQ(breaker.state(), kHalfOpen);
  breaker.Succeed(third, now, kOptions);
  EXPECT_EQ(breaker.state(), kClosed);
}

TEST(Breaker, AFailedProbeOpensItForTwiceAsLongUpToAMinute) {
  Breaker breaker;
  Break(breaker, kStart);
  std::chrono::nanoseconds period = kOptions.open;
  MonoTime now = kStart;
  for (int i = 0; i < 10; ++i) {
    now = breaker.open_until();
    breaker.Fail(breaker.Take(now), now, kOptions);
    period = std::min<std::chrono::nanoseconds>(2 * period, 60s);
    EXPECT_EQ(breaker.open_until(), now + period);
  }
}

TEST(Breaker, HavingBeenWellForLongItBeginsWithTheShortTimeAgain) {
  for (const auto [well, expected] : {std::pair{3s, 4s}, {4s, 1s}}) {
    Breaker breaker;
    Break(breaker, kStart);
    MonoTime now = breaker.open_until();
    breaker.Fail(breaker.Take(now), now, kOptions);  // open for 2 s
    now = breaker.open_until();
    for (std::uint32_t i = 0; i < kOptions.probes; ++i) {
      breaker.Succeed(breaker.Take(now), now, kOptions);
    }
    ASSERT_EQ(breaker.state(), kClosed);
    now += well;
    Break(breaker, now);
    EXPECT_EQ(breaker.open_until(), now + expected);
  }
}

TEST(Breaker, AProbeThatComesToNothingIsGivenBack) {
  Breaker breaker;
  Break(breaker, kStart);
  const MonoTime now = breaker.open_until();
  breaker.Release(breaker.Take(now));
  EXPECT_EQ(breaker.state(), kHalfOpen);
  EXPECT_TRUE(Allows(breaker, now));
}

TEST(Breaker, CallsFromBeforeItOpenedChangeNothing) {
  Breaker breaker;
  const auto old = breaker.Take(kStart);
  Break(breaker, kStart);
  const MonoTime until = breaker.open_until();
  breaker.Fail(old, kStart + 100ms, kOptions);
  breaker.Succeed(old, kStart + 200ms, kOptions);
  EXPECT_EQ(breaker.state(), kOpen);
  EXPECT_EQ(breaker.open_until(), until);
}

TEST(Breaker, WhoHasNoOtherWayMayProbeEverySecondHoweverLongItIsOpen) {
  Breaker breaker;
  MonoTime now = kStart;
  Break(breaker, now);
  for (int i = 0; i < 8; ++i) {
    now = breaker.open_until();
    breaker.Fail(breaker.Take(now), now, kOptions);
  }
  EXPECT_FALSE(Allows(breaker, now + 999ms, Urgency::kLastWay));
  EXPECT_TRUE(Allows(breaker, now + 1s, Urgency::kLastWay));
  EXPECT_FALSE(Allows(breaker, now + 1s));
}

TEST(Breaker, AProbeThatHangsNeitherHidesARecoveryNorUndoesIt) {
  Breaker breaker;
  Break(breaker, kStart);
  MonoTime now = breaker.open_until();
  const auto hangs = breaker.Take(now);
  now += kOptions.probe_every;
  ASSERT_TRUE(Allows(breaker, now, Urgency::kLastWay));
  const auto newer = breaker.Take(now);
  breaker.Fail(hangs, now + 1ms, kOptions);
  EXPECT_EQ(breaker.state(), kHalfOpen);
  breaker.Succeed(newer, now + 2ms, kOptions);
  EXPECT_TRUE(Allows(breaker, now + 2ms));
}

TEST(Breaker, WhateverHappensItComesBack) {
  core::Random random(7);
  for (int round = 0; round < 300; ++round) {
    Breaker breaker;
    MonoTime now = kStart;
    std::vector<Breaker::Ticket> out;
    for (int i = 0; i < 300; ++i) {
      now += std::chrono::milliseconds(random.Next() % 300);
      const auto urgency = random.Next() % 4 == 0 ? Urgency::kLastWay : Urgency::kUsual;
      if (Allows(breaker, now, urgency)) {
        out.push_back(breaker.Take(now));
      }
      if (!out.empty() && random.Next() % 2 == 0) {
        const std::size_t at = random.Next() % out.size();
        const Breaker::Ticket ticket = out[at];
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(at));
        random.Next() % 3 == 0   ? breaker.Succeed(ticket, now, kOptions)
        : random.Next() % 5 == 0 ? breaker.Release(ticket)
                                 : breaker.Fail(ticket, now, kOptions);
      }
    }
    for (const Breaker::Ticket ticket : out) {
      breaker.Release(ticket);
    }
    now += kOptions.open_max;
    for (std::uint32_t i = 0; i < kOptions.probes && breaker.state() != kClosed; ++i) {
      ASSERT_TRUE(Allows(breaker, now)) << round;
      breaker.Succeed(breaker.Take(now), now, kOptions);
    }
    EXPECT_EQ(breaker.state(), kClosed) << round;
  }
}

}  // namespace
}  // namespace signalbox::execution
