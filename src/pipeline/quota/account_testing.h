// A shared account for tests.
#pragma once

#include <algorithm>
#include <map>

#include "pipeline/quota/lease_keeper.h"

namespace signalbox::quota {

// The store's side of the contract, as plainly as it can be said.
class TestAccount {
 public:
  explicit TestAccount(std::int64_t limit) : limit_(limit) {}

  SliceAnswer Draw(int holder, const SliceCall& call, std::int64_t now) {
    EndLeases(now);
    Holder& mine = holders_[holder];
    if (call.sequence > mine.sequence) {
      const std::int64_t news = call.spent - mine.booked;
      settled_ += news - mine.uncertain;
      const std::int64_t have =
          std::max<std::int64_t>(mine.held + mine.uncertain - std::max<std::int64_t>(news, 0), 0);
      mine = {.sequence = call.sequence, .booked = call.spent, .in_use = call.in_use};
      const std::int64_t room = limit_ - settled_ - HeldByOthers(holder);
      mine.held = std::min(std::max(call.wanted, call.in_use), std::max(room, have));
      mine.end = now + call.ttl.count();
    }
    return {.held = mine.held,
            .settled = settled_,
            .held_by_others = HeldByOthers(holder),
            .lease = std::chrono::milliseconds(std::max<std::int64_t>(mine.end - now, 0))};
  }
  std::int64_t settled() const { return settled_; }

 private:
  struct Holder {
    std::int64_t sequence = 0;
    std::int64_t held = 0;
    std::int64_t booked = 0;
    std::int64_t in_use = 0;
    std::int64_t uncertain = 0;
    std::int64_t end = 0;
  };
  std::int64_t HeldByOthers(int holder) const {
    std::int64_t held = 0;
    for (const auto& [other, book] : holders_) {
      held += other == holder ? 0 : book.held;
    }
    return held;
  }
  void EndLeases(std::int64_t now) {
    for (auto& [name, holder] : holders_) {
      if (holder.end <= now && holder.held > 0) {
        holder.uncertain = std::min(holder.in_use, holder.held);
        settled_ += holder.uncertain;
        holder.held = 0;
      }
    }
  }

  const std::int64_t limit_;
  std::int64_t settled_ = 0;
  std::map<int, Holder> holders_;
};

}  // namespace signalbox::quota
