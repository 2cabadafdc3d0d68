// One worker: a thread with its loop, its listener, its connections, its journal.
//
// Owner:   the Program. Start and Join from the main thread, the rest inside.
// Threads: everything a worker owns is touched by its own thread alone once it runs.
// Errors:  Create says what could not be set up; nothing fails later.
// Cancel:  Drain ends it in order.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/health_board.h"
#include "app/snapshot.h"
#include "base/async/loop.h"
#include "io/net/resolver.h"
#include "io/net/server.h"
#include "pipeline/gateway/gateway.h"
#include "pipeline/gateway/meters.h"
#include "pipeline/quota/admission.h"
#include "pipeline/quota/slice_source.h"
#include "surface/api/api.h"
#include "surface/api/key_verifier.h"
#include "surface/api/metrics_handler.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::app {

// What all workers share; made before them, gone after them.
struct Shared {
  gateway::MeterFamilies& families;
  const tokens::Counter& counter;
  std::function<std::string()> metrics_text;
  HealthBoard& health;
  identity::Directory& directory;
  quota::Registry& registry;
  quota::SliceSource* slices;  // null: nothing is shared with other gateways
  async::Pool& pool;
  api::Services services;  // what the management API works on
  std::atomic<bool>& ready;
  std::string instance;
  sim::ScriptRun& sim_script;
  cache::ExactCache& cache;
};

class Worker {
 public:
  static core::Result<std::unique_ptr<Worker>> Create(Shared& shared,
                                                      std::shared_ptr<const Snapshot> snapshot,
                                                      std::uint32_t index,
                                                      ledger::Journal& journal);
  ~Worker();

  // Before Start: serves on `listener`; serves /metrics alone on `listener`.
  void AddListener(net::Socket listener);
  void AddMetricsPort(net::Socket listener);
  void Start();
  // Any thread. Requests that begin from then on are served by `snapshot`; it is then set.
  std::future<void> Adopt(std::shared_ptr<const Snapshot> snapshot);
  // Any thread. Requests may go on for `time`, and idle connections may still send one for
  // `linger`.
  void Drain(std::chrono::nanoseconds time, std::chrono::nanoseconds linger);
  void Join();

 private:
  Worker(Shared& shared, std::shared_ptr<const Snapshot> snapshot, std::uint32_t index,
         ledger::Journal& journal, std::unique_ptr<async::Loop> loop);
  std::shared_ptr<gateway::Lineup> MakeLineup(const Snapshot& next, const Snapshot* before);
  std::shared_ptr<providers::Upstream> MakeUpstream(const Snapshot& next, std::size_t index);
  void AdoptNow(std::shared_ptr<const Snapshot> snapshot);
  static async::Task<void> DrainThenStop(Worker* worker, std::chrono::nanoseconds time,
                                         std::chrono::nanoseconds linger);
  void GiveMemoryBack();

  Shared& shared_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::uint32_t index_;
  std::unique_ptr<async::Loop> loop_;
  net::Resolver resolver_;
  gateway::Meters meters_;
  quota::Admission admission_;
  gateway::Gateway gateway_;
  identity::DirectoryView keys_;
  api::KeyVerifier verifier_;
  api::Api api_;
  net::Server server_;
  async::Gate gate_;
  std::vector<net::Socket> listeners_;                    // until Start
  std::unique_ptr<api::MetricsHandler> metrics_handler_;  // on the worker that has the port
  std::unique_ptr<net::Server> metrics_server_;
  net::Socket metrics_listener_;
  std::thread thread_;
};

}  // namespace signalbox::app
