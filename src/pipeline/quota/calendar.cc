#include "pipeline/quota/calendar.h"

#include <cctz/civil_time.h>
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "pipeline/quota/meter.h"

namespace signalbox::quota {
namespace {

constexpr std::array<std::string_view, kWindows> kNames = {"day", "week", "month", "prepaid"};

cctz::civil_day FirstDay(Window window, cctz::civil_day day) {
  if (window == Window::kWeek) {
    return cctz::prev_weekday(day + 1, cctz::weekday::monday);
  }
  return window == Window::kMonth ? cctz::civil_day(cctz::civil_month(day)) : day;
}

cctz::civil_day NextFirst(Window window, cctz::civil_day first) {
  switch (window) {
    case Window::kWeek:
      return first + 7;
    case Window::kMonth:
      return cctz::civil_day(cctz::civil_month(first) + 1);
    default:
      return first + 1;
  }
}

std::int64_t StartOf(cctz::civil_day day, const cctz::time_zone& zone) {
  const auto found = zone.lookup(cctz::civil_second(day));
  const auto at = found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
  return at.time_since_epoch().count() * kSecond;
}

}  // namespace

std::string_view Name(Window window) {
  return kNames[static_cast<std::size_t>(window)];
}

core::Result<Window> FindWindow(std::string_view name) {
  for (std::size_t i = 0; i < kWindows; ++i) {
    if (kNames[i] == name) {
      return static_cast<Window>(i);
    }
  }
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    "a budget's window is one of day, week, month, prepaid", "window");
}

core::Result<cctz::time_zone> LoadZone(const std::string& name) {
  cctz::time_zone zone;
  if (name.empty() || !cctz::load_time_zone(name, &zone)) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      fmt::format("no time zone is called '{}'; write one such as Europe/Berlin or "
                                  "UTC",
                                  name),
                      "zone");
  }
  return zone;
}

Span WindowAt(Window window, const cctz::time_zone& zone, std::int64_t wall) {
  if (window == Window::kPrepaid) {
    return {};
  }
  const cctz::time_point<cctz::seconds> at{
      std::chrono::floor<cctz::seconds>(std::chrono::nanoseconds(wall))};
  cctz::civil_day first = FirstDay(window, cctz::civil_day(cctz::convert(at, zone)));
  Span span{StartOf(first, zone), StartOf(NextFirst(window, first), zone)};
  while (wall >= span.end) {  // a midnight that comes twice
    first = NextFirst(window, first);
    span = {span.end, StartOf(NextFirst(window, first), zone)};
  }
  return span;
}

Calendar::Calendar(Window window, const cctz::time_zone& zone, std::int64_t wall)
    : window_(window), zone_(zone) {
  Show(wall);
}

void Calendar::Show(std::int64_t wall) {
  const Span span = At(wall);
  start_.store(span.start, std::memory_order_relaxed);
  end_.store(span.end, std::memory_order_relaxed);
  next_end_.store(At(span.end).end, std::memory_order_release);
}

void Calendar::Turn(std::int64_t wall) {
  const std::int64_t start = start_.load(std::memory_order_relaxed);
  if (wall >= end_.load(std::memory_order_relaxed) || wall < start - kHour) {
    Show(wall);
  }
}

}  // namespace signalbox::quota
