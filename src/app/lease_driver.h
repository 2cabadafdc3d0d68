// Carries what quota::Leases asks for to the shared store and back, and knows whether the store is
// there.
//
// Owner:   Replicas. Threads: its loop's, but up().
// Errors:  none; a store that is away is said once in the log, and once when it is back.
// Cancel:  Close gives back what is held, in the time that it has.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/async/event.h"
#include "base/async/gate.h"
#include "io/store/shared.h"
#include "pipeline/quota/leases.h"

namespace signalbox::app {

// Whether the store is away; else it refuses one thing of many.
inline bool SaysAway(const core::Error& error) {
  return error.code != core::ErrorCode::kConflict && error.code != core::ErrorCode::kInvalidRequest;
}

class LeaseDriver {
 public:
  LeaseDriver(async::Loop& loop, store::Shared& shared, quota::Leases& leases);

  void Start();
  // Somebody waits for a slice.
  void Wake() { wake_.Set(); }
  // Nothing is reserved any more: all goes back.
  async::Task<void> Close(async::Deadline deadline);
  // Whether the store answered when it was last asked. Any thread.
  bool up() const { return up_.load(std::memory_order_relaxed); }

 private:
  using Calls = std::vector<quota::Leases::Call>;

  async::Task<void> Run();
  async::Task<void> Carry(Calls calls);
  // Asks the store for anything when nothing else does: so that its return is seen.
  async::Task<void> Watch();
  void Heard(const core::Error* error);
  request::Instant Now() const { return {loop_.wall_now(), loop_.now()}; }

  async::Loop& loop_;
  store::Shared& shared_;
  quota::Leases& leases_;
  async::Event wake_;
  async::Gate running_;
  async::Gate carrying_;
  core::MonoTime heard_at_{};
  std::string complaint_;  // the last that is not about the store being away
  std::atomic<bool> up_{true};
};

}  // namespace signalbox::app
