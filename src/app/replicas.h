// What this gateway shares with the other replicas of its installation, through the store that
// `store` names: slices of budgets, what rate limits have seen, and the news that keys, limits or
// budgets changed.
//
// Owner:   the Program; made after the records, stopped after the workers have ended.
// Threads: Open, Start and Stop the main thread's; what it does runs on a thread of its own, with
//          its own loop, and on a small pool of its own.
// Errors:  Open: an address that cannot be understood, a file with authorities that is no good, a
//          PostgreSQL that is not there. A Redis may come later.
// Cancel:  Stop gives back what is held, in two seconds at most; a kill costs what is held.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/lease_driver.h"
#include "app/news.h"
#include "app/rate_driver.h"
#include "app/store_options.h"
#include "base/async/pool.h"
#include "io/net/resolver.h"
#include "io/store/sql.h"
#include "pipeline/identity/directory.h"
#include "pipeline/quota/settings.h"

namespace signalbox::app {

class Replicas {
 public:
  struct Parts {
    const StoreSection& store;  // of which IsShared holds
    quota::Registry& registry;
    quota::Settings& settings;
    identity::Directory& directory;
    net::ResolverOptions dns;
  };

  // A PostgreSQL of the records has been brought into its form.
  static core::Result<std::unique_ptr<Replicas>> Open(const Parts& parts);
  ~Replicas();
  Replicas(const Replicas&) = delete;
  Replicas& operator=(const Replicas&) = delete;

  quota::SliceSource& slices() { return leases_; }
  void Start();
  void Stop();
  bool up() const { return driver_->up(); }  // any thread

 private:
  Replicas(const Parts& parts, std::unique_ptr<async::Loop> loop);
  core::Status OpenStore(const StoreSection& store);
  void Begin();
  async::Task<void> End();
  void ReadLimits();

  quota::Settings& settings_;
  identity::Directory& directory_;
  const std::string life_;  // of this process, among all replicas
  std::unique_ptr<async::Loop> loop_;
  net::Resolver resolver_;
  std::unique_ptr<store::Sql> sql_;  // outlives the pool
  async::Pool pool_;
  std::unique_ptr<store::Shared> shared_;
  quota::Leases leases_;
  quota::Tallies tallies_;
  std::unique_ptr<LeaseDriver> driver_;
  std::unique_ptr<RateDriver> rates_;
  std::unique_ptr<News> news_;
  async::Gate ending_;
  std::thread thread_;
};

}  // namespace signalbox::app
