// How many, and how many of them marked, over the last `window`: calls and failures of a breaker,
// requests and repetitions of the retry budget.
//
// Plain data. The window moves on by eighths, so it is exact to an eighth of its length.
#pragma once

#include <array>
#include <cstdint>

#include "base/core/time.h"

namespace signalbox::execution {

class SlidingCounts {
 public:
  void Add(core::MonoTime now, std::chrono::nanoseconds window) {
    Advance(now, window);
    ++slots_[at_].all;
    ++sum_.all;
  }
  void AddMarked(core::MonoTime now, std::chrono::nanoseconds window) {
    Add(now, window);
    Mark();
  }
  // Marks one more without counting it again; after Advance or Add in the same turn.
  void Mark() {
    ++slots_[at_].marked;
    ++sum_.marked;
  }

  // Forgets what is older than `window`.
  void Advance(core::MonoTime now, std::chrono::nanoseconds window) {
    if (now >= slot_end_) {
      Rotate(now, window / kSlots);
    }
  }
  void Clear() { *this = {}; }

  std::uint64_t all() const { return sum_.all; }
  std::uint64_t marked() const { return sum_.marked; }

 private:
  static constexpr std::uint32_t kSlots = 8;
  struct Counts {
    std::uint32_t all = 0;
    std::uint32_t marked = 0;
  };

  void Rotate(core::MonoTime now, std::chrono::nanoseconds slot) {
    for (std::uint32_t turns = 0; now >= slot_end_ && turns < kSlots; ++turns) {
      at_ = (at_ + 1) % kSlots;
      sum_.all -= slots_[at_].all;
      sum_.marked -= slots_[at_].marked;
      slots_[at_] = {};
      slot_end_ += slot;
    }
    if (now >= slot_end_) {
      slot_end_ = now + slot;  // nothing happened for a whole window
    }
  }

  std::array<Counts, kSlots> slots_{};
  Counts sum_;
  core::MonoTime slot_end_{};
  std::uint32_t at_ = 0;
};

}  // namespace signalbox::execution
