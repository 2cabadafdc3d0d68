#include "base/core/time.h"

#include <gtest/gtest.h>

namespace signalbox::core {
namespace {

using std::chrono::nanoseconds;

WallTime At(std::int64_t nanos) {
  return WallTime(nanoseconds(nanos));
}

TEST(Time, IsWrittenAsIso8601InUtcWithMilliseconds) {
  EXPECT_EQ(Iso8601(At(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(Iso8601(At(951'782'400'000'000'000)), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(Iso8601(At(1'795'253'400'123'000'000)), "2026-11-21T09:30:00.123Z");
}

TEST(Time, IsCutToMillisecondsNeverRoundedUp) {
  EXPECT_EQ(Iso8601(At(1'999'999'999)), "1970-01-01T00:00:01.999Z");
  EXPECT_EQ(Iso8601(At(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Time, TheMonotonicClockNeverGoesBack) {
  MonoTime last = MonoNow();
  for (int i = 0; i < 10'000; ++i) {
    const MonoTime now = MonoNow();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_LT(last, kNever);
}

TEST(Time, TheWallClockStandsAfterThisProgramWasWritten) {
  EXPECT_GT(Iso8601(WallNow()), "2025-01-01");
}

}  // namespace
}  // namespace signalbox::core
