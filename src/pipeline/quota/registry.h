// Everything that limits apply to, found by key from any thread without a lock.
//
// Owner:   app/, one per process; outlives the workers and every Allowance.
// Threads: Find, FindOrMake and Holding by any, lock-free, without allocation once a subject is
//          there. What is below `control` by any thread that may wait: a mutex that no worker
//          takes.
// Errors:  none; when it is full, what is new shares one subject per kind, so that a limit holds
//          for all of them together instead of for none.
// Cancel:  nothing to undo. Budget: Find, the goal is 15 ns warm (quota_bench.cc).
//
// Subjects are only ever added: one keeps its counts for the process's life, and pointers to it
// stay good. Bounds: `most` in all, kMostNamed per tenant of those that callers name (agents, tags,
// end users). A subject without limits takes 192 bytes, with limits 128 more, a budget 256.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/quota/lists.h"
#include "pipeline/quota/rules.h"

namespace signalbox::quota {

inline constexpr std::uint32_t kMostNamed = 50'000;

class Registry {
 public:
  // `shared`: budgets and rates are shared with other replicas (leases.h, tallies.h).
  explicit Registry(std::size_t most = 1'000'000, bool shared = false);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Subject* Find(const SubjectKey& key) const;
  Subject& FindOrMake(const SubjectKey& key);
  // The subject if anything holds for it; null: nothing does.
  Subject* Holding(const SubjectKey& key);
  // Whether anything holds for some subject of the kind.
  bool Holds(SubjectKind kind) const {
    return (kinds_.load(std::memory_order_relaxed) >> static_cast<unsigned>(kind) & 1U) != 0;
  }
  Subject& total() { return *total_; }
  const Rules& rules() const { return *rules_.load(std::memory_order_acquire); }
  Lists& lists() { return lists_; }
  Budget::Alerts& alerts() { return lists_.alerts; }
  Budget::Wanted& wanted() { return lists_.wanted; }
  bool shared() const { return shared_; }
  std::size_t size() const { return count_.load(std::memory_order_relaxed); }

  // Control.
  void SetRules(std::unique_ptr<const Rules> rules, const Moment& now);
  // What is set for one subject alone, above the rules; counts at once, what was spent is kept.
  void SetSetting(const SubjectKey& key, const Rule& setting, const Moment& now);
  // The calendar of a kind of window in a zone that is known.
  core::Result<Calendar*> CalendarFor(Window window, const std::string& zone, std::int64_t wall);
  // At least once a second: calendars go on, rules reach subjects that were just being made.
  void Tick(const Moment& now);
  void Visit(const std::function<void(Subject&)>& visit) const;
  // Budgets whose alert came since the last call: each once per window.
  void VisitAlerts(std::int64_t wall,
                   const std::function<void(const Budget&, const BudgetState&)>& visit);

 private:
  Subject& Insert(std::unique_ptr<Subject> made);
  Subject& Overflow(const SubjectKey& key);
  bool TakePlace(const SubjectKey& key);
  void MarkKinds(const Rules& rules);
  void Shape(Subject& subject, const Moment& now);

  const std::size_t most_;
  std::size_t mask_ = 0;
  std::atomic<Subject*>* slots_ = nullptr;  // twice as many as there may be subjects
  std::atomic<std::size_t> count_{0};
  std::atomic<std::uint32_t> kinds_{0};  // of which anything holds for some subject
  std::atomic<const Rules*> rules_;
  std::vector<std::unique_ptr<Subject>> others_;  // by kind, when it is full
  Subject* total_ = nullptr;
  Lists lists_;
  const bool shared_;

  mutable std::mutex control_;
  std::vector<std::unique_ptr<const Rules>> all_rules_;  // earlier ones may still be read
  std::unordered_map<const Subject*, Rule> settings_;
  std::unordered_map<std::string, std::unique_ptr<Calendar>> calendars_;
  int sweeps_ = 0;
};

}  // namespace signalbox::quota
