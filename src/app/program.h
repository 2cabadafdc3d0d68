// Everything that lives as long as the program serves: what the workers share, the workers, and the
// configuration in effect.
//
// Owner:   Serve. Threads: the main thread's, but for what is said to be any worker's.
// Errors:  Open says what could not be set up. A reload that cannot be done changes nothing.
// Cancel:  Run ends with the drain.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/health_board.h"
#include "app/inheritance.h"
#include "app/records.h"
#include "app/replicas.h"
#include "app/snapshot.h"
#include "app/successor.h"
#include "app/wishes.h"
#include "app/worker.h"
#include "base/config/history.h"
#include "base/config/watch_thread.h"
#include "base/telemetry/metrics.h"
#include "pipeline/ledger/ledger.h"

namespace signalbox::app {

class Program {
 public:
  // `prepared` is without problems; `request` and `discovery` are what it was prepared with.
  Program(Prepared prepared, config::Request request, DiscoverySettings discovery);

  core::Status Open(Inheritance inheritance);
  // Serves until it is asked to stop and everything has ended.
  void Run(Wishes& wishes);

 private:
  core::Status OpenLedger(bool beside);
  core::Status OpenRecords();
  core::Status OpenReplicas();
  core::Status OpenWorkers(Inheritance inheritance);
  core::Result<std::vector<net::Socket>> TakeListeners(std::vector<net::Socket>& inherited);
  void Serve(Wishes& wishes);
  void Upgrade(Wishes& wishes);
  bool HearSuccessor(Wishes& wishes);
  void UpgradeFailed(const std::string& reason);
  void Tend();
  void Announce();
  void GiveUpLateSuccessor(Wishes& wishes);
  void ReloadAndSay(std::string_view why);
  bool Reload(std::string_view why);
  void Publish(std::shared_ptr<const Snapshot> next);
  void Refuse(const std::vector<config::Problem>& problems, std::string_view why);
  void MarkInEffect();
  void Keep(const config::Loaded<Options>& loaded, std::string_view why);
  void Drain(Wishes& wishes);
  std::string MetricsText();
  telemetry::Cell& Gauge(std::string name, std::string help);

  const config::Request request_;
  const DiscoverySettings discovery_;
  config::Loaded<Options> loaded_;  // of the configuration in effect
  std::shared_ptr<const Snapshot> snapshot_;
  const std::uint32_t workers_;
  const config::History history_;

  telemetry::Registry registry_;
  gateway::MeterFamilies families_;
  telemetry::Cell& journal_fill_;  // these are set when somebody looks
  telemetry::Cell& archive_failing_;
  telemetry::Cell& waiting_bytes_;
  telemetry::Cell& waiting_records_;
  telemetry::Cell& store_failing_;
  telemetry::Cell& log_dropped_;
  telemetry::Cell& cache_entries_;
  telemetry::Cell& cache_bytes_;
  telemetry::Cell& cache_evictions_;
  telemetry::Cell& shared_up_;
  telemetry::Cell& reload_good_;
  telemetry::Cell& reload_time_;
  const tokens::Counter counter_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<Records> records_;
  std::unique_ptr<Replicas> replicas_;  // null: nothing is shared
  sim::ScriptRun sim_script_{sim::Script{}};
  cache::ExactCache cache_;
  std::atomic<bool> ready_{false};
  HealthBoard health_;
  std::optional<async::Pool> pool_;  // gone before the workers' loops
  std::optional<Shared> shared_;
  std::vector<std::unique_ptr<Worker>> running_;
  config::HostPort address_;
  std::vector<int> listening_;  // as long as the workers serve; those for metrics behind the others
  std::size_t serving_count_ = 0;  // of them for requests
  bool given_ = false;             // by the service manager
  std::optional<net::Channel> predecessor_;
  const Origin origin_ = Origin::OfThisProcess();
  std::optional<Successor> successor_;
  core::MonoTime successor_until_ = core::kNever;
  bool succeeded_ = false;  // the successor serves
  std::optional<config::WatchThread> watch_;
};

}  // namespace signalbox::app
