#include "app/lease_driver.h"

#include <algorithm>

#include "base/telemetry/log.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;

constexpr std::chrono::milliseconds kLookEvery{100};
constexpr std::chrono::seconds kPatience{1};    // with one call
constexpr std::chrono::seconds kWatchEvery{1};  // while nothing else is asked
constexpr std::size_t kMostAtOnce = 256;        // accounts in one call

}  // namespace

LeaseDriver::LeaseDriver(async::Loop& loop, store::Shared& shared, quota::Leases& leases)
    : loop_(loop), shared_(shared), leases_(leases), wake_(loop), running_(loop), carrying_(loop) {}

void LeaseDriver::Start() {
  running_.Spawn(Run());
  running_.Spawn(Watch());
}

async::Task<void> LeaseDriver::Run() {
  while (!running_.closed()) {
    wake_.Reset();
    Calls calls;
    const core::MonoTime again = leases_.Step(Now(), calls);
    for (std::size_t first = 0; first < calls.size(); first += kMostAtOnce) {
      const auto begin = calls.begin() + static_cast<std::ptrdiff_t>(first);
      const auto count = std::min(kMostAtOnce, calls.size() - first);
      carrying_.Spawn(Carry(Calls(begin, begin + static_cast<std::ptrdiff_t>(count))));
    }
    const core::MonoTime until = std::min(again, loop_.now() + kLookEvery);
    (void)co_await wake_.Wait({until, &running_.cancellation()});
  }
}

async::Task<void> LeaseDriver::Carry(Calls calls) {
  std::vector<store::Draw> draws;
  for (const quota::Leases::Call& call : calls) {
    draws.push_back(call.draw);
  }
  auto answers = co_await shared_.DrawAll(std::move(draws), {loop_.now() + kPatience});
  for (std::size_t i = 0; i < calls.size(); ++i) {
    Heard(answers[i] ? nullptr : &answers[i].error());
    if (answers[i]) {
      leases_.Answered(calls[i], *answers[i], Now());
    } else {
      leases_.Failed(calls[i], Now());
    }
  }
  wake_.Set();
}

async::Task<void> LeaseDriver::Watch() {
  while (!running_.closed()) {
    (void)co_await loop_.SleepUntil({loop_.now() + kWatchEvery, &running_.cancellation()});
    if (running_.closed() || loop_.now() - heard_at_ < kWatchEvery) {
      continue;
    }
    const auto answer =
        co_await shared_.Get("alive", {loop_.now() + kPatience, &running_.cancellation()});
    if (!running_.closed()) {
      Heard(answer ? nullptr : &answer.error());
    }
  }
}

void LeaseDriver::Heard(const core::Error* error) {
  heard_at_ = loop_.now();
  const bool up = error == nullptr || !SaysAway(*error);
  if (error != nullptr && up && complaint_ != error->message) {
    complaint_ = error->message;
    Log(Level::kError, "the shared store does not take a budget's account",
        {{"store", shared_.Name()}, {"reason", error->message}});
  }
  if (up_.exchange(up) == up) {
    return;
  }
  leases_.SetReachable(up);
  wake_.Set();
  if (up) {
    Log(Level::kInfo, "the shared store answers again", {{"store", shared_.Name()}});
  } else {
    Log(Level::kWarn,
        "the shared store cannot be reached: hard budgets go on with what this gateway holds of "
        "them and then refuse, soft ones pass, and limits hold per gateway",
        {{"store", shared_.Name()}, {"reason", error->message}});
  }
}

async::Task<void> LeaseDriver::Close(async::Deadline deadline) {
  running_.Close();
  (void)co_await running_.Drained(deadline);
  (void)co_await carrying_.Drained(deadline);
  Calls calls;
  leases_.Close(Now(), calls);
  if (calls.empty()) {
    co_return;
  }
  std::vector<store::Draw> draws;
  for (const quota::Leases::Call& call : calls) {
    draws.push_back(call.draw);
  }
  const auto answers = co_await shared_.DrawAll(std::move(draws), deadline);
  const auto failed = std::ranges::count_if(answers, [](const auto& each) { return !each; });
  if (failed != 0) {
    Log(Level::kWarn, "what was held of shared budgets could not be given back; it counts as spent",
        {{"store", shared_.Name()}, {"budgets", failed}});
  }
}

}  // namespace signalbox::app
