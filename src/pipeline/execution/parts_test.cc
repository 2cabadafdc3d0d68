// The small pieces: draws, back-off, counts, options.
#include <gtest/gtest.h>

#include <map>

#include "base/core/random.h"
#include "pipeline/execution/backoff.h"
#include "pipeline/execution/draw.h"
#include "pipeline/execution/options.h"
#include "pipeline/execution/sliding_counts.h"

namespace signalbox::execution {
namespace {

using namespace std::chrono_literals;

TEST(Draw, WhatIsLeftAfterAChoiceIsStillUniformAndIndependent) {
  core::Random random(11);
  int hits = 0;
  std::array<int, 10> left{};
  std::array<int, 10> left_of_hits{};
  for (int i = 0; i < 100'000; ++i) {
    Draw draw(random.Draw());
    const bool hit = draw.Hits(1, 4);
    const auto bin = static_cast<std::size_t>(draw.value() * 10);
    hits += hit ? 1 : 0;
    ++left[bin];
    left_of_hits[bin] += hit ? 1 : 0;
  }
  EXPECT_NEAR(hits, 25'000, 700);
  for (std::size_t bin = 0; bin < left.size(); ++bin) {
    EXPECT_NEAR(left[bin], 10'000, 500);
    EXPECT_NEAR(left_of_hits[bin], 2'500, 250);
  }
}

TEST(Draw, StaysBelowOne) {
  for (const double value : {0.0, 0.25, 0.75, 0x1.fffffffffffffp-1}) {
    Draw draw(value);
    for (int i = 0; i < 100; ++i) {
      draw.Hits(1, 3);
      EXPECT_GE(draw.value(), 0);
      EXPECT_LT(draw.value(), 1);
      EXPECT_TRUE(draw.Hits(5, 5));
    }
  }
}

TEST(Backoff, DoublesUpToItsCapAndIsDrawnFromAllOfIt) {
  const std::map<std::uint32_t, std::chrono::nanoseconds> limits = {
      {1, 100ms}, {2, 200ms}, {3, 400ms}, {6, 3200ms}, {7, 5s}, {64, 5s}};
  for (const auto& [tries, limit] : limits) {
    EXPECT_EQ(Backoff(tries, 100ms, 5s, 0), 1ns);
    EXPECT_EQ(Backoff(tries, 100ms, 5s, 0.5), limit / 2 + 1ns) << tries;
    EXPECT_LE(Backoff(tries, 100ms, 5s, 0x1.fffffffffffffp-1), limit) << tries;
  }
}

TEST(SlidingCounts, ForgetWhatIsOlderThanTheWindow) {
  SlidingCounts counts;
  core::MonoTime now{1h};
  counts.AddMarked(now, 8s);
  counts.Add(now + 3s, 8s);
  EXPECT_EQ(counts.all(), 2U);
  EXPECT_EQ(counts.marked(), 1U);
  counts.Advance(now + 9s, 8s);
  EXPECT_EQ(counts.all(), 1U);
  EXPECT_EQ(counts.marked(), 0U);
  counts.Advance(now + 1h, 8s);
  EXPECT_EQ(counts.all(), 0U);
}

TEST(Options, EveryDefaultIsWithinItsOwnBounds) {
  const RetryOptions retry;
  const BreakerOptions breaker;
  for (const auto& [table, defaults] :
       {std::pair<std::shared_ptr<const config::TableData>, const void*>{RetryTable().data(),
                                                                         &retry},
        {BreakerTable().data(), &breaker}}) {
    for (const config::Row& row : table->rows) {
      const std::string text = row.codec->Write(row.spec, row.Value(defaults));
      RetryOptions retry_slot;
      BreakerOptions breaker_slot;
      void* slot = table == RetryTable().data() ? static_cast<void*>(&retry_slot) : &breaker_slot;
      EXPECT_FALSE(row.Read(text, slot)) << row.key << ": " << text;
    }
  }
}

}  // namespace
}  // namespace signalbox::execution
