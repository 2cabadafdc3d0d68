// The simulated provider in process: an Upstream without sockets.
//
// Owner:   one per worker, like every Upstream; its ScriptRun is shared and outlives it.
// Threads: the worker's.
// Errors:  what a script asks for: kUpstreamFailed (reset, cut), kUpstreamProtocol (bad chunking),
//          kDeadlineExceeded (hang, or slower than the deadline); kCancelled.
// Cancel:  waits carry the deadline's cancellation; dropping an Exchange drops its answer.
#pragma once

#include <memory>

#include "base/async/loop.h"
#include "vendors/providers/sim/sim_service.h"
#include "vendors/providers/upstream.h"

namespace signalbox::sim {

class SimUpstream : public providers::Upstream {
 public:
  SimUpstream(async::Loop& loop, ScriptRun& run) : loop_(loop), service_(run) {}

  std::unique_ptr<providers::Exchange> Open() override;

 private:
  async::Loop& loop_;
  SimService service_;
};

}  // namespace signalbox::sim
