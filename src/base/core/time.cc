#include "base/core/time.h"

#include <fmt/format.h>

#include <ctime>

namespace signalbox::core {

MonoTime MonoNow() {
  return std::chrono::steady_clock::now();
}

WallTime WallNow() {
  return std::chrono::system_clock::now();
}

std::string Iso8601(WallTime time) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(millis);
  const std::time_t whole = seconds.count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     (millis - seconds).count());
}

}  // namespace signalbox::core
