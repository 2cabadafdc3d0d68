#include "app/rate_driver.h"

#include <algorithm>

#include "base/telemetry/log.h"

namespace signalbox::app {
namespace {

constexpr std::chrono::milliseconds kEvery{250};
constexpr std::chrono::seconds kPatience{1};  // with one call
constexpr std::size_t kMostAtOnce = 256;      // in one call

}  // namespace

// Where an exchange takes longer it is half of the time at most: a store that is busy is left alone
// for as long as it took.
async::Task<void> RateDriver::Run() {
  while (!running_.closed()) {
    const core::MonoTime begun = loop_.now();
    if (leases_.up()) {
      co_await Exchange({core::kNever, &running_.cancellation()});
    }
    const core::MonoTime ended = loop_.now();
    const core::MonoTime next = std::max(begun + kEvery, ended + (ended - begun));
    (void)co_await loop_.SleepUntil({next, &running_.cancellation()});
  }
}

async::Task<void> RateDriver::Exchange(async::Deadline deadline) {
  Calls calls;
  tallies_.Step(Now(), calls);
  for (std::size_t first = 0; first < calls.size(); first += kMostAtOnce) {
    const std::size_t count = std::min(kMostAtOnce, calls.size() - first);
    std::vector<store::Tally> told;
    for (std::size_t i = first; i < first + count; ++i) {
      told.push_back(calls[i].tally);
    }
    const auto sums =
        co_await shared_.TellAll(std::move(told), deadline.Earlier(loop_.now() + kPatience));
    for (std::size_t i = 0; i < count; ++i) {
      Hear(calls[first + i], sums[i]);
    }
  }
}

void RateDriver::Hear(const quota::Tallies::Call& call, const core::Result<std::int64_t>& sum) {
  if (sum) {
    tallies_.Answered(call, *sum, Now());
  } else if (SaysAway(sum.error())) {
    tallies_.Failed(call);
  } else if (complaint_ != sum.error().message) {
    complaint_ = sum.error().message;
    telemetry::Log(telemetry::Level::kError, "the shared store does not take a rate limit's tally",
                   {{"store", shared_.Name()}, {"reason", sum.error().message}});
  }
}

async::Task<void> RateDriver::Close(async::Deadline deadline) {
  running_.Close();
  (void)co_await running_.Drained(deadline);
  if (leases_.up()) {
    co_await Exchange(deadline);
  }
}

}  // namespace signalbox::app
