#include "vendors/dialects/ollama/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace signalbox::ollama {
namespace {

constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999
constexpr std::size_t kShortest = std::string_view("2025-01-02T03:04:05Z").size();

// The number in exactly `digits` digits at `at`; -1 when there is none.
int NumberAt(std::string_view text, std::size_t at, std::size_t digits) {
  int number = -1;
  if (at + digits > text.size()) {
    return -1;
  }
  const char* const end = text.data() + at + digits;
  const auto [last, error] = std::from_chars(text.data() + at, end, number);
  return error == std::errc() && last == end ? number : -1;
}

// Seconds that the zone at the end of `zone` ("Z", "+02:00") is ahead of UTC.
std::optional<int> ReadZone(std::string_view zone) {
  if (zone == "Z" || zone == "z") {
    return 0;
  }
  const int hours = NumberAt(zone, 1, 2);
  const int minutes = NumberAt(zone, 4, 2);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || hours < 0 || minutes < 0) {
    return std::nullopt;
  }
  const int ahead = (hours * 60 + minutes) * 60;
  return zone[0] == '+' ? ahead : -ahead;
}

}  // namespace

std::optional<std::int64_t> ReadTime(std::string_view text) {
  if (text.size() < kShortest) {
    return std::nullopt;
  }
  const std::size_t zone_at = text.find_first_not_of(".0123456789", 19);
  const auto zone =
      zone_at == std::string_view::npos ? std::nullopt : ReadZone(text.substr(zone_at));
  const int year = NumberAt(text, 0, 4);
  const int month = NumberAt(text, 5, 2);
  const int day = NumberAt(text, 8, 2);
  const int hour = NumberAt(text, 11, 2);
  const int minute = NumberAt(text, 14, 2);
  const int second = NumberAt(text, 17, 2);
  if (!zone || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - *zone;
  return seconds >= 0 && seconds <= kLastSecond ? std::optional(seconds) : std::nullopt;
}

std::string WriteTime(std::int64_t seconds) {
  if (seconds < 0 || seconds > kLastSecond) {
    return {};
  }
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace signalbox::ollama
