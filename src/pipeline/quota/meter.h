// One limit on how much per minute or per hour: a bucket that holds the burst and refills steadily,
// and a count per aligned window of the clock, so that no window ever sees more than the limit.
//
// Owner:   a LimitSet. Threads: any, any time; two atomic words, no lock.
// Errors:  a Taking that was not taken says how long to wait; never fails otherwise.
// Cancel:  GiveBack undoes a taking.
// Budget:  two exchanges each way; the goal is 25 ns (quota_bench.cc measures it).
//
// The bucket runs on the monotonic clock, the window on civil time. Where civil time steps back by
// one window, what is taken counts in the later one; where it steps back further, the count moves
// along with it. Where it steps forward a window begins, and the bucket still holds the rate.
//
// Source: the bucket is the generic cell rate algorithm, ITU-T I.371: one theoretical arrival time.
#pragma once

#include <atomic>
#include <cstdint>

#include "pipeline/request/admission.h"

namespace signalbox::quota {

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;

// Nanoseconds on both clocks.
struct Moment {
  std::int64_t mono = 0;
  std::int64_t wall = 0;
};
inline Moment MomentOf(const request::Instant& now) {
  return {now.mono.time_since_epoch().count(), now.wall.time_since_epoch().count()};
}

// What a taking came to. Kept by whoever may give it back.
struct Taking {
  bool taken = true;
  std::int64_t wait = 0;      // until it may fit; -1: it never does, it is more than the limit
  std::int64_t amount = 0;    // taken
  std::int64_t interval = 0;  // of one, in the bucket
  std::uint32_t window = 0;
};

class Meter {
 public:
  static constexpr std::uint32_t kUnlimited = ~0U;

  // `burst` above `limit` is `limit`. What was taken so far stays taken.
  void Set(std::uint32_t limit, std::uint32_t burst, std::int64_t period, std::int64_t mono);
  std::int64_t burst() const { return Burst(terms_.load(std::memory_order_relaxed)); }
  std::uint32_t limit() const { return Limit(terms_.load(std::memory_order_relaxed)); }

  Taking Take(std::int64_t amount, const Moment& now, std::int64_t period);
  void GiveBack(const Taking& taking, std::int64_t amount);
  // Counts what was used beyond a taking: it may go over the limit, and later takings wait for it.
  void Owe(const Taking& taking, std::int64_t amount);

  // What the running window has seen: by calls here, and as heard.
  struct Seen {
    std::uint32_t window = 0;
    std::int64_t count = 0;
  };
  Seen SeenAt(const Moment& now, std::int64_t period) const;
  // Counts what other replicas took of the same limit in `window`; less than nothing: gave back.
  // Tells whether that window is still the running one; else nothing is counted.
  bool Hear(std::uint32_t window, std::int64_t amount, const Moment& now, std::int64_t period);

  // What could be taken now, and how long until everything could be.
  std::int64_t Remaining(const Moment& now, std::int64_t period) const;
  std::int64_t UntilWhole(const Moment& now, std::int64_t period) const;

 private:
  // A window's number and what was taken in it, in one word.
  static constexpr unsigned kCountBits = 38;
  static constexpr std::uint64_t kMostCount = (1ULL << kCountBits) - 1;
  static std::uint32_t WindowOf(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> kCountBits);
  }
  static std::int64_t CountOf(std::uint64_t word) {
    return static_cast<std::int64_t>(word & kMostCount);
  }
  static std::uint64_t Word(std::uint32_t window, std::int64_t count);
  static std::uint64_t AsOf(std::uint64_t word, std::uint32_t now);
  static std::uint32_t Limit(std::uint64_t terms) { return static_cast<std::uint32_t>(terms); }
  static std::int64_t Burst(std::uint64_t terms) { return static_cast<std::int64_t>(terms >> 32U); }

  bool TakeWindow(std::int64_t amount, std::int64_t limit, std::int64_t wall, std::int64_t period,
                  Taking& taking);
  bool TakeBucket(std::int64_t amount, std::int64_t depth, std::int64_t mono, Taking& taking);
  void AddToWindow(std::uint32_t window, std::int64_t amount, bool any_window);
  static std::uint32_t WindowAt(std::int64_t wall, std::int64_t period) {
    return static_cast<std::uint32_t>(wall / period);
  }

  std::atomic<std::uint64_t> window_{0};  // exchanged in one order with pushes (pushed_list.h)
  std::atomic<std::int64_t> arrival_{0};  // when the bucket is whole again, monotonic
  std::atomic<std::uint64_t> terms_{kUnlimited};  // limit, and the burst above it
  std::atomic<std::int64_t> interval_{1};
};

}  // namespace signalbox::quota
