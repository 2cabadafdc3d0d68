// Things that a control thread is to look at, pushed by any thread without a lock; each is listed
// once until it is taken out.
//
// Owner:   the Registry; what is listed outlives it. Threads: Push by any, Pop by one at a time.
// Errors:  none. Cancel: nothing to undo.
//
// What is changed before Push is seen after Pop, in this list's turn or in the next. Where the
// change was a sequentially consistent exchange, and so is the read after Pop, that holds on every
// machine though Push mostly only looks: either it sees that the thing was taken out, or its reader
// the change.
#pragma once

#include <atomic>
#include <utility>

namespace signalbox::quota {

template <typename T>
struct PushedPlace {
  std::atomic<bool> listed{false};
  T* next = nullptr;
};

// `place`: where a T keeps that it is in this list.
template <typename T, PushedPlace<T> T::* place>
class PushedList {
 public:
  void Push(T& one) {
    PushedPlace<T>& at = one.*place;
    if (at.listed.load() || at.listed.exchange(true)) {
      return;
    }
    at.next = head_.load(std::memory_order_relaxed);
    while (!head_.compare_exchange_weak(at.next, &one, std::memory_order_release,
                                        std::memory_order_relaxed)) {
    }
  }

  // One by one until null; each may be pushed again once it was returned.
  T* Pop() {
    if (taken_ == nullptr) {
      taken_ = head_.exchange(nullptr, std::memory_order_acquire);
    }
    T* one = taken_;
    if (one != nullptr) {
      taken_ = std::exchange((one->*place).next, nullptr);
      (one->*place).listed.store(false);
    }
    return one;
  }

 private:
  std::atomic<T*> head_{nullptr};
  T* taken_ = nullptr;
};

}  // namespace signalbox::quota
