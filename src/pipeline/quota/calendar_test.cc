#include "pipeline/quota/calendar.h"

#include <gtest/gtest.h>

#include "pipeline/quota/meter.h"

namespace signalbox::quota {
namespace {

// Seconds since 1970 of a moment in UTC.
std::int64_t Utc(int year, int month, int day, int hour = 0, int minute = 0) {
  const auto days = std::chrono::sys_days(std::chrono::year(year) / month / day);
  return (std::chrono::sys_seconds(days).time_since_epoch().count() + hour * 3600 + minute * 60) *
         kSecond;
}

Span At(Window window, const std::string& zone, std::int64_t wall) {
  return WindowAt(window, *LoadZone(zone), wall);
}

TEST(Calendar, DaysWeeksAndMonthsBeginInTheZone) {
  EXPECT_EQ(At(Window::kDay, "UTC", Utc(2027, 1, 15, 8)),
            (Span{Utc(2027, 1, 15), Utc(2027, 1, 16)}));
  EXPECT_EQ(At(Window::kDay, "Asia/Tokyo", Utc(2027, 1, 15, 16)),
            (Span{Utc(2027, 1, 15, 15), Utc(2027, 1, 16, 15)}));
  EXPECT_EQ(At(Window::kWeek, "UTC", Utc(2027, 1, 15, 8)),
            (Span{Utc(2027, 1, 11), Utc(2027, 1, 18)}));
  EXPECT_EQ(At(Window::kWeek, "UTC", Utc(2027, 1, 11)), (Span{Utc(2027, 1, 11), Utc(2027, 1, 18)}));
  EXPECT_EQ(At(Window::kMonth, "UTC", Utc(2028, 2, 29)), (Span{Utc(2028, 2, 1), Utc(2028, 3, 1)}));
  EXPECT_EQ(At(Window::kPrepaid, "UTC", Utc(2028, 2, 29)), Span{});
}

TEST(Calendar, ADayHas23Or25HoursWhereTheClocksChange) {
  const Span spring = At(Window::kDay, "Europe/Berlin", Utc(2027, 3, 28, 12));
  EXPECT_EQ(spring.end - spring.start, 23 * kHour);
  const Span autumn = At(Window::kDay, "Europe/Berlin", Utc(2027, 10, 31, 12));
  EXPECT_EQ(autumn.end - autumn.start, 25 * kHour);
}

TEST(Calendar, ADayBeginsAtItsFirstMomentWhereMidnightIsSkipped) {
  // In Beirut the clocks go from 00:00 to 01:00 on the last Sunday of March.
  const Span day = At(Window::kDay, "Asia/Beirut", Utc(2027, 3, 28, 12));
  EXPECT_EQ(day.start, Utc(2027, 3, 27, 22));
  EXPECT_EQ(day.end - day.start, 23 * kHour);
}

TEST(Calendar, EveryMomentIsInExactlyOneWindow) {
  for (const char* zone : {"UTC", "Europe/Berlin", "America/Havana", "Asia/Beirut",
                           "Australia/Lord_Howe", "America/Sao_Paulo"}) {
    for (const Window window : {Window::kDay, Window::kWeek, Window::kMonth}) {
      Span before = At(window, zone, Utc(2017, 1, 1));
      for (std::int64_t wall = Utc(2017, 1, 1); wall < Utc(2019, 1, 1); wall += kHour / 2) {
        const Span span = At(window, zone, wall);
        ASSERT_LE(span.start, wall) << zone;
        ASSERT_LT(wall, span.end) << zone;
        ASSERT_TRUE(span == before || span.start == before.end) << zone << " " << wall;
        before = span;
      }
    }
  }
}

TEST(Calendar, GoesOnByItselfToTheNextWindowAndNotFurther) {
  Calendar calendar(Window::kDay, *LoadZone("UTC"), Utc(2027, 1, 15, 8));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 15, 23, 59)), Utc(2027, 1, 15));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 16)), Utc(2027, 1, 16));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 19)), Utc(2027, 1, 15));
  calendar.Turn(Utc(2027, 1, 19, 1));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 19, 1)), Utc(2027, 1, 19));
  calendar.Turn(Utc(2027, 1, 18, 23, 30));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 18, 23, 30)), Utc(2027, 1, 19)) << "half an hour back";
  calendar.Turn(Utc(2027, 1, 15, 1));
  EXPECT_EQ(calendar.StartAt(Utc(2027, 1, 15, 1)), Utc(2027, 1, 15));
}

TEST(Calendar, RefusesAZoneThatNobodyKnows) {
  EXPECT_EQ(LoadZone("Mars/Olympus").error().param, "zone");
  EXPECT_FALSE(LoadZone(""));
}

}  // namespace
}  // namespace signalbox::quota
