// What one configuration means to a worker: its providers ready to be called, its names as targets
// of plans, what is known of their health, and what their models cost.
//
// Owner:   the gateway holds the newest; every run keeps the one that it began with (shared_ptr).
// Threads: the worker's. What it refers to is shared by all workers and read only.
// Errors:  none. Cancel: nothing waits.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "pipeline/cache/options.h"
#include "pipeline/execution/plan.h"
#include "pipeline/quota/worst_case.h"
#include "pipeline/request/target.h"
#include "vendors/catalog/catalog.h"
#include "vendors/providers/upstream.h"

namespace signalbox::gateway {

class Lineup {
 public:
  struct Parts {
    std::shared_ptr<const request::Targets> targets;
    std::shared_ptr<const catalog::Catalog> catalog;
    std::vector<std::shared_ptr<providers::Upstream>> upstreams;  // as targets->providers()
    execution::RetryOptions retry;
    execution::BreakerOptions breaker;
    cache::ExactOptions cache = {};
    std::uint64_t epoch = 0;  // of what decides on answers: the same for the same configuration
  };
  // What `before` knows of providers, models and keys that are still there lives on.
  explicit Lineup(Parts parts, const Lineup* before = nullptr);
  Lineup(const Lineup&) = delete;
  Lineup& operator=(const Lineup&) = delete;

  const request::Targets& targets() const { return *parts_.targets; }
  const providers::Provider& provider(std::uint32_t index) const {
    return parts_.targets->providers()[index];
  }
  const std::shared_ptr<providers::Upstream>& upstream(std::uint32_t index) const {
    return parts_.upstreams[index];
  }
  execution::Health& health() const { return *health_; }
  const cache::ExactOptions& cache() const { return parts_.cache; }
  std::uint64_t epoch() const { return parts_.epoch; }

  // The targets of a plan: an alias's, or the one model. A model that was asked for before is
  // ready; beyond so many names it is made ready in `alone`. A view of `resolved`, `alone` and
  // this.
  std::span<const execution::Target> Ready(const request::Resolved& resolved,
                                           execution::Target& alone);
  // What `target` may cost at most, at the prices of the day of `now`; `priority`: served before
  // others.
  const quota::CostBound& BoundOf(const execution::Target& target, core::WallTime now,
                                  bool priority);
  // As long as the most patient of the targets' providers may take.
  std::chrono::nanoseconds MostPatient(std::span<const execution::Target> targets) const;

  // The worker has nothing to do: frees what is kept for the next calls.
  void GiveMemoryBack();

 private:
  // Nodes: what is ready stays where it is.
  using Pinned = std::map<std::string, execution::Target, std::less<>>;

  execution::Target MakeReady(std::uint32_t provider, std::string_view model, std::uint16_t stage,
                              std::uint16_t weight) const;
  // The catalogue's row of a model at a provider; null: not known.
  const catalog::Model* FindModel(std::uint32_t provider, std::string_view model) const;

  struct DayBound {
    std::chrono::sys_days day;
    std::array<quota::CostBound, 2> bounds;  // of a usual call, and of one that goes first
  };

  Parts parts_;
  std::unordered_map<const catalog::Model*, DayBound> bounds_;  // by row; null: models not known
  std::shared_ptr<execution::Health> health_;
  std::vector<std::vector<execution::Target>> routes_;  // as targets().routes()
  std::vector<Pinned> pinned_;                          // by provider and model
};

}  // namespace signalbox::gateway
