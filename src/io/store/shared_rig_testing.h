// What the contract suite of Shared runs on. Test support.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/async/async_testing.h"
#include "io/store/shared.h"

namespace signalbox::store {

// One store for one test. Made and ended on the test's loop.
class SharedRig {
 public:
  explicit SharedRig(async::Loop& loop) : loop_(loop) {}
  virtual ~SharedRig() = default;

  virtual Shared& shared() = 0;
  // Empties the store behind everybody's back.
  virtual async::Task<void> Lose() = 0;

  async::Loop& loop() { return loop_; }
  async::Deadline Soon() const { return {loop_.now() + std::chrono::seconds(20)}; }

  // Lets so much time go by that a millisecond has ended by every clock.
  async::Task<void> Pass() {
    co_await loop_.SleepUntil({loop_.now() + std::chrono::milliseconds(4)});
  }
  async::Task<core::Result<Slice>> DrawOne(Draw draw) {
    std::vector<Draw> draws;
    draws.push_back(std::move(draw));
    auto slices = co_await shared().DrawAll(std::move(draws), Soon());
    co_return std::move(slices.at(0));
  }
  // One that succeeds.
  async::Task<Slice> Granted(Draw draw) {
    const auto slice = co_await DrawOne(std::move(draw));
    EXPECT_TRUE(slice.has_value()) << slice.error().message;
    co_return slice.value_or(Slice{});
  }
  // The sum; -1: it failed.
  async::Task<std::int64_t> Told(Tally tally) {
    std::vector<Tally> tallies;
    tallies.push_back(std::move(tally));
    const auto sums = co_await shared().TellAll(std::move(tallies), Soon());
    EXPECT_TRUE(sums.at(0).has_value()) << sums[0].error().message;
    co_return sums[0].value_or(-1);
  }
  async::Task<Standing> Look(AccountName name) {
    std::vector<AccountName> names;
    names.push_back(std::move(name));
    const auto standings = co_await shared().Peek(std::move(names), Soon());
    EXPECT_TRUE(standings.has_value()) << standings.error().message;
    co_return standings ? standings->at(0) : Standing{};
  }

 private:
  async::Loop& loop_;
};

// kInternal for a success, too: no test expects that one.
template <typename T>
core::ErrorCode CodeOf(const core::Result<T>& result) {
  return result ? core::ErrorCode::kInternal : result.error().code;
}

// A draw by `holder` on one account of 1000 in one window.
inline Draw DrawBy(std::string holder, std::int64_t sequence, std::int64_t wanted) {
  return {.name = {"budget", "2026-11"},
          .holder = std::move(holder),
          .sequence = sequence,
          .limit = 1000,
          .wanted = wanted,
          .ttl = std::chrono::hours(1)};
}

// A word of `teller` about a key that lives for an hour.
inline Tally TallyBy(std::string teller, std::int64_t sequence, std::int64_t amount,
                     std::string key = "rate") {
  return {.key = std::move(key),
          .teller = std::move(teller),
          .sequence = sequence,
          .amount = amount,
          .ttl = std::chrono::hours(1)};
}

}  // namespace signalbox::store
