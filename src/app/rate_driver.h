// Carries what quota::Tallies tells to the shared store and back, four times a second. Only what
// was asked meanwhile is told; with nothing to tell nothing is sent.
//
// Owner:   Replicas. Threads: its loop's.
// Errors:  none. While the store is away nothing is tried, and each replica goes on with what it
//          knows; LeaseDriver says that it is away, and that it is back.
// Cancel:  Close tells the last of it, in the time that it has.
#pragma once

#include <string>
#include <vector>

#include "app/lease_driver.h"
#include "base/async/gate.h"
#include "io/store/shared.h"
#include "pipeline/quota/tallies.h"

namespace signalbox::app {

class RateDriver {
 public:
  // `leases`: knows whether the store is there.
  RateDriver(async::Loop& loop, store::Shared& shared, quota::Tallies& tallies,
             const LeaseDriver& leases)
      : loop_(loop), shared_(shared), tallies_(tallies), leases_(leases), running_(loop) {}

  void Start() { running_.Spawn(Run()); }
  async::Task<void> Close(async::Deadline deadline);

 private:
  using Calls = std::vector<quota::Tallies::Call>;

  async::Task<void> Run();
  async::Task<void> Exchange(async::Deadline deadline);
  void Hear(const quota::Tallies::Call& call, const core::Result<std::int64_t>& sum);
  request::Instant Now() const { return {loop_.wall_now(), loop_.now()}; }

  async::Loop& loop_;
  store::Shared& shared_;
  quota::Tallies& tallies_;
  const LeaseDriver& leases_;
  async::Gate running_;
  std::string complaint_;  // the last that is not about the store being away
};

}  // namespace signalbox::app
