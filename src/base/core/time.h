// Time, as the rest of the program sees it: values that are handed in.
//
// Only this folder reads the system's clocks. Decisions take `now` as a parameter; the edge (loops,
// workers) reads it here once per turn.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace signalbox::core {

// A point on the monotonic clock, for deadlines and durations. Never written to disk.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// A point in civil time, nanoseconds since 1970-01-01T00:00:00Z, for records.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

inline constexpr MonoTime kNever = MonoTime::max();

MonoTime MonoNow();
WallTime WallNow();

// "2026-11-21T09:30:00.123Z"
std::string Iso8601(WallTime time);

}  // namespace signalbox::core
