// The benchmark's clock: monotonic nanoseconds, the same for every process on the machine, so that
// the upstream can stamp a frame and the load generator can say how long it travelled.
#pragma once

#include <time.h>

#include <cstdint>

namespace signalbox::bench {

using Nanos = std::int64_t;

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

inline Nanos NowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<Nanos>(now.tv_sec) * kSecond + now.tv_nsec;
}

inline double Seconds(Nanos nanos) {
  return static_cast<double>(nanos) / 1e9;
}

}  // namespace signalbox::bench
