// When a budget's window begins and ends, in a named zone.
//
// Owner:   the Registry, for the process's life; shared by every budget of the same kind and zone.
// Threads: StartAt by any; Turn by one at a time (the registry's Tick).
// Errors:  LoadZone: kInvalidRequest for a name that nobody knows.
// Cancel:  nothing to undo. Budget: StartAt 1 ns; the zone's rules are only read by Turn.
//
// StartAt knows the window of the last Turn and the one after it. Later than both (the clock was
// put forward by days) it keeps to the first, until the next Turn.
#pragma once

#include <cctz/time_zone.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::quota {

enum class Window : std::uint8_t { kDay, kWeek, kMonth, kPrepaid };
inline constexpr std::size_t kWindows = 4;
std::string_view Name(Window window);
core::Result<Window> FindWindow(std::string_view name);

// "Europe/Berlin", "UTC". Reads the system's zone files: not on a worker.
core::Result<cctz::time_zone> LoadZone(const std::string& name);

// Nanoseconds since 1970, half-open.
struct Span {
  std::int64_t start = 0;
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  friend bool operator==(const Span&, const Span&) = default;
};

// The window that `wall` is in. Weeks begin on Monday; a day begins at its first moment, which is
// not midnight where the clocks are put forward then. kPrepaid: all time.
Span WindowAt(Window window, const cctz::time_zone& zone, std::int64_t wall);

class Calendar {
 public:
  Calendar(Window window, const cctz::time_zone& zone, std::int64_t wall);
  Window window() const { return window_; }
  const cctz::time_zone& zone() const { return zone_; }

  // Of the window that the last Turn found.
  std::int64_t start() const { return start_.load(std::memory_order_relaxed); }
  std::int64_t StartAt(std::int64_t wall) const {
    const std::int64_t next_end = next_end_.load(std::memory_order_acquire);
    const std::int64_t end = end_.load(std::memory_order_relaxed);
    return wall < end || wall >= next_end ? start_.load(std::memory_order_relaxed) : end;
  }
  Span At(std::int64_t wall) const { return WindowAt(window_, zone_, wall); }
  // Goes on to the window of `wall`; back only where the clock was put back by more than an hour.
  void Turn(std::int64_t wall);

 private:
  void Show(std::int64_t wall);

  const Window window_;
  const cctz::time_zone zone_;
  std::atomic<std::int64_t> start_;
  std::atomic<std::int64_t> end_;
  std::atomic<std::int64_t> next_end_;
};

}  // namespace signalbox::quota
