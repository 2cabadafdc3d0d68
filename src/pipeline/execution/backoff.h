// How long to wait before the same target is tried again.
//
// Pure. Full jitter: uniform between nothing and a limit that doubles with each try, so that
// callers who failed together do not come back together (Brooker, "Exponential Backoff And Jitter",
// 2015).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace signalbox::execution {

// `tries` of this target have failed, at least one. Never zero: a repetition is never "at once".
inline std::chrono::nanoseconds Backoff(std::uint32_t tries, std::chrono::nanoseconds base,
                                        std::chrono::nanoseconds cap, double draw) {
  const std::uint32_t doublings = std::min(tries - 1, 20U);
  const double limit = std::min(static_cast<double>(base.count()) * (1U << doublings),
                                static_cast<double>(cap.count()));
  return std::chrono::nanoseconds(1 + static_cast<std::int64_t>(draw * limit));
}

}  // namespace signalbox::execution
