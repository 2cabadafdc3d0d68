#include "pipeline/quota/meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/core/random.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kWall = 1'800'000'000 * kSecond;

std::int64_t TakeAll(Meter& meter, const Moment& now, std::int64_t period) {
  std::int64_t taken = 0;
  while (meter.Take(1, now, period).taken) {
    ++taken;
  }
  return taken;
}

TEST(Meter, HoldsTheBurstAndRefillsAtTheHourlyRate) {
  Meter meter;
  meter.Set(1000, 50, kHour, 0);
  Moment now{.mono = kHour, .wall = kWall};
  EXPECT_EQ(TakeAll(meter, now, kHour), 50);
  const Taking refused = meter.Take(1, now, kHour);
  EXPECT_EQ(refused.wait, kHour / 1000);
  now.mono += kHour / 1000;
  now.wall += kHour / 1000;
  EXPECT_EQ(TakeAll(meter, now, kHour), 1);
}

TEST(Meter, NeverAdmitsMoreThanTheLimitInsideAWindow) {
  Meter meter;
  meter.Set(100, 100, kMinute, 0);
  Moment now{.mono = kHour, .wall = kWall};
  std::int64_t taken = 0;
  for (int i = 0; i < 60; ++i) {
    taken += TakeAll(meter, now, kMinute);
    now.mono += kSecond;
    now.wall += kSecond;
  }
  EXPECT_EQ(taken, 100);
  EXPECT_GT(TakeAll(meter, now, kMinute), 0);
}

TEST(Meter, SaysThatMoreThanTheLimitNeverFits) {
  Meter meter;
  meter.Set(100, 100, kMinute, 0);
  EXPECT_EQ(meter.Take(101, {.mono = kHour, .wall = kWall}, kMinute).wait, -1);
}

TEST(Meter, OfZeroLetsNothingThrough) {
  Meter meter;
  meter.Set(0, 0, kMinute, 0);
  EXPECT_FALSE(meter.Take(1, {.mono = kHour, .wall = kWall}, kMinute).taken);
}

TEST(Meter, GivesBackWhatWasNotUsedAndOwesWhatWasUsedMore) {
  Meter meter;
  meter.Set(100, 100, kMinute, 0);
  const Moment now{.mono = kHour, .wall = kWall};
  const Taking first = meter.Take(80, now, kMinute);
  meter.GiveBack(first, 50);
  EXPECT_EQ(meter.Remaining(now, kMinute), 70);
  const Taking second = meter.Take(70, now, kMinute);
  ASSERT_TRUE(second.taken);
  meter.Owe(second, 30);
  EXPECT_EQ(meter.Remaining(now, kMinute), 0);
  const Moment later{.mono = now.mono + kMinute / 10, .wall = now.wall + kMinute};
  EXPECT_EQ(meter.Remaining(later, kMinute), 0) << "the bucket still refills what was owed";
}

TEST(Meter, KeepsWhatWasTakenWhenTheLimitChanges) {
  Meter meter;
  meter.Set(100, 100, kMinute, 0);
  const Moment now{.mono = kHour, .wall = kWall};
  ASSERT_TRUE(meter.Take(60, now, kMinute).taken);
  meter.Set(80, 80, kMinute, now.mono);
  EXPECT_EQ(meter.Remaining(now, kMinute), 20);
  meter.Set(50, 50, kMinute, now.mono);
  EXPECT_EQ(meter.Remaining(now, kMinute), 0);
  meter.Set(200, 200, kMinute, now.mono);
  EXPECT_EQ(meter.Remaining(now, kMinute), 140);
}

TEST(Meter, CountsInTheLaterHourWhereTheClockGoesBackByOne) {
  Meter meter;
  meter.Set(10, 10, kHour, 0);
  Moment now{.mono = kHour, .wall = kWall};
  ASSERT_TRUE(meter.Take(4, now, kHour).taken);
  now.wall -= kHour;
  EXPECT_EQ(TakeAll(meter, now, kHour), 6);
  now.mono += kHour;  // the bucket is full again
  now.wall += kHour;
  EXPECT_EQ(TakeAll(meter, now, kHour), 0) << "it is the same hour once more";
  now.mono += kHour;
  now.wall += kHour;
  EXPECT_EQ(TakeAll(meter, now, kHour), 10);
}

TEST(Meter, StartsAWindowWhereTheClockGoesOnByADayAndTheBucketHoldsTheRate) {
  Meter meter;
  meter.Set(100, 10, kHour, 0);
  Moment now{.mono = kHour, .wall = kWall};
  EXPECT_EQ(TakeAll(meter, now, kHour), 10);
  now.wall += 24 * kHour;
  EXPECT_EQ(TakeAll(meter, now, kHour), 0);
  now.wall -= 24 * kHour;  // and back: not locked out for a day
  now.mono += kHour / 10;
  EXPECT_EQ(TakeAll(meter, now, kHour), 10);
}

TEST(Meter, CountsWhatOthersTookAndGaveBack) {
  Meter meter;
  meter.Set(100, 100, kMinute, 0);
  const Moment now{.mono = kHour, .wall = kWall};
  ASSERT_TRUE(meter.Take(10, now, kMinute).taken);
  const Meter::Seen seen = meter.SeenAt(now, kMinute);
  EXPECT_EQ(seen.count, 10);
  EXPECT_TRUE(meter.Hear(seen.window, 85, now, kMinute));
  EXPECT_EQ(meter.Remaining(now, kMinute), 5);
  EXPECT_EQ(TakeAll(meter, now, kMinute), 5);
  EXPECT_TRUE(meter.Hear(seen.window, -40, now, kMinute));
  EXPECT_EQ(TakeAll(meter, now, kMinute), 40);
  const Moment later{.mono = now.mono + kMinute, .wall = now.wall + kMinute};
  EXPECT_FALSE(meter.Hear(seen.window, 50, later, kMinute)) << "that window is over";
  EXPECT_TRUE(meter.Hear(seen.window + 1, 50, later, kMinute)) << "and this one begins with it";
  EXPECT_EQ(meter.SeenAt(later, kMinute).count, 50);
  EXPECT_EQ(TakeAll(meter, later, kMinute), 50);
}

TEST(Meter, KeepsToItsLimitsOverRandomHistories) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    core::Random random(seed);
    const auto pick = [&](std::int64_t most) {
      return static_cast<std::int64_t>(random.Draw() * static_cast<double>(most));
    };
    const std::int64_t limit = 1 + pick(200);
    const std::int64_t burst = 1 + pick(limit);
    const std::int64_t period = pick(2) == 0 ? kMinute : kHour;
    Meter meter;
    meter.Set(static_cast<std::uint32_t>(limit), static_cast<std::uint32_t>(burst), period, 0);
    Moment now{.mono = kHour, .wall = kWall};
    std::map<std::int64_t, std::int64_t> windows;
    std::vector<std::pair<std::int64_t, std::int64_t>> kept;  // when, how much
    for (int step = 0; step < 120; ++step) {
      const std::int64_t ahead = pick(4) == 0 ? pick(period) : pick(period / 50);
      now.mono += ahead;
      now.wall += ahead;
      const Taking taking = meter.Take(1 + pick(burst), now, period);
      if (!taking.taken) {
        EXPECT_GT(taking.wait, 0);
        continue;
      }
      std::int64_t used = taking.amount;
      if (pick(3) == 0) {
        used = pick(taking.amount);
        meter.GiveBack(taking, taking.amount - used);
      }
      windows[now.wall / period] += used;
      kept.emplace_back(now.mono, used);
      ASSERT_LE(windows[now.wall / period], limit) << "seed " << seed;
    }
    // Over any stretch of time: the burst and what the rate has refilled.
    for (std::size_t from = 0; from < kept.size(); ++from) {
      std::int64_t sum = 0;
      for (std::size_t to = from; to < kept.size(); ++to) {
        sum += kept[to].second;
        const std::int64_t refilled =
            (kept[to].first - kept[from].first) / std::max<std::int64_t>(period / limit, 1);
        ASSERT_LE(sum, burst + refilled + 1) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace signalbox::quota
