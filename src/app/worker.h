// One worker: a thread with its loop, its listener, its connections, its journal.
//
// Owner:   the Process. Start and Join from the main thread, the rest inside.
// Threads: everything a worker owns is touched by its own thread alone once it runs.
// Errors:  Create says what could not be set up; nothing fails later.
// Cancel:  Drain ends it in order.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/async/loop.h"
#include "io/net/resolver.h"
#include "io/net/server.h"
#include "pipeline/gateway/gateway.h"
#include "pipeline/gateway/meters.h"
#include "surface/api/api.h"
#include "surface/api/metrics_handler.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::app {

// What all workers share; made before them, gone after them.
struct Shared {
  const net::ServerOptions& server;
  const net::TlsContext* server_tls;
  const std::vector<const net::TlsContext*>& client_tls;  // by provider
  const request::Targets& targets;
  const api::AccessRules& access;
  gateway::MeterFamilies& families;
  std::function<std::string()> metrics_text;
  std::atomic<bool>& ready;
  std::string instance;
  sim::ScriptRun& sim_script;
};

class Worker {
 public:
  static core::Result<std::unique_ptr<Worker>> Create(const Shared& shared, std::uint32_t index,
                                                      ledger::Journal& journal,
                                                      net::Socket listener);
  ~Worker();

  // Serves /metrics alone on `listener` as well. Before Start.
  void AddMetricsPort(const Shared& shared, net::Socket listener);
  void Start();
  // Any thread. Requests may go on for `time`.
  void Drain(std::chrono::nanoseconds time);
  void Join();

 private:
  Worker(const Shared& shared, std::uint32_t index, ledger::Journal& journal,
         std::unique_ptr<async::Loop> loop, net::Socket listener);
  std::vector<std::unique_ptr<providers::Upstream>> MakeUpstreams(const Shared& shared);
  static async::Task<void> DrainThenStop(Worker* worker, std::chrono::nanoseconds time);
  void GiveMemoryBack();

  std::uint32_t index_;
  std::unique_ptr<async::Loop> loop_;
  net::Resolver resolver_;
  gateway::Meters meters_;
  gateway::Gateway gateway_;
  api::Api api_;
  net::Server server_;
  async::Gate gate_;
  net::Socket listener_;
  std::unique_ptr<api::MetricsHandler> metrics_handler_;  // on the worker that has the port
  std::unique_ptr<net::Server> metrics_server_;
  net::Socket metrics_listener_;
  std::thread thread_;
};

}  // namespace signalbox::app
