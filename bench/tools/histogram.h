// A log-linear histogram of durations in nanoseconds: 128 buckets per power of two, so a
// percentile is at most 0.8 % too high. Adding is a few instructions and never allocates.
#pragma once

#include <cstdint>
#include <vector>

#include "clock.h"

namespace signalbox::bench {

class Histogram {
 public:
  Histogram();

  void Add(Nanos value);

  // The smallest recorded bucket's upper end that `fraction` (0..1) of the values do not exceed;
  // 0 when nothing was recorded.
  Nanos Percentile(double fraction) const;
  Nanos Max() const { return max_; }
  std::uint64_t Count() const { return count_; }

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Nanos max_ = 0;
};

}  // namespace signalbox::bench
