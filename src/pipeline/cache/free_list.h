// Numbers 1 to `count`, each held by one at a time: those that were given back first, then those
// that nobody has held. 0 is none.
//
// Owner:   Blocks, Flights.
// Threads: any; nobody waits for anybody. Whoever takes a number sees all that happened to what it
//          stands for before it was given back.
// Errors:  0 when all are held. Cancel: nothing waits.
//
// A stack whose head carries a count of its changes, so that a number which went and came back
// meanwhile is not taken for one that never left (Treiber 1986, with IBM's version tag). Links
// stand apart from what they link, so that they may be read at any time.
#pragma once

#include <atomic>
#include <cstdint>

namespace signalbox::cache {

class FreeList {
 public:
  explicit FreeList(std::uint32_t count) : count_(count) {}

  // `next(number)` is the link of a number.
  template <typename Next>
  std::uint32_t Take(Next next) {
    std::uint64_t head = head_.load(std::memory_order_acquire);
    while (const auto number = static_cast<std::uint32_t>(head)) {
      const std::uint64_t rest = After(head, next(number).load(std::memory_order_relaxed));
      if (head_.compare_exchange_weak(head, rest, std::memory_order_acquire)) {
        return number;
      }
    }
    if (fresh_.load(std::memory_order_relaxed) >= count_) {
      return 0;
    }
    const std::uint32_t fresh = fresh_.fetch_add(1, std::memory_order_relaxed) + 1;
    return fresh <= count_ ? fresh : 0;
  }

  // Gives back `first` to `last`, which are linked already.
  template <typename Next>
  void Give(std::uint32_t first, std::uint32_t last, Next next) {
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    do {
      next(last).store(static_cast<std::uint32_t>(head), std::memory_order_relaxed);
    } while (!head_.compare_exchange_weak(head, After(head, first), std::memory_order_release,
                                          std::memory_order_relaxed));
  }

  // The head that follows `head`, with `number` on top.
  static std::uint64_t After(std::uint64_t head, std::uint32_t number) {
    return (((head >> 32) + 1) << 32) | number;
  }

 private:
  const std::uint32_t count_;
  alignas(64) std::atomic<std::uint64_t> head_{0};  // number, and above it the count of changes
  std::atomic<std::uint32_t> fresh_{0};             // numbers that were held at least once
};

}  // namespace signalbox::cache
