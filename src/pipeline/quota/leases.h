// The slices of every budget that is shared with other replicas: which accounts are to be called,
// with what, and what the answers mean for the budgets here. Without clock, sockets or threads.
//
// Owner:   app/, one per process, beside what talks to the shared store. Threads: the control
//          thread's, but Fetch and reachable, which are any worker's.
// Errors:  none. Cancel: through Fetch's deadline.
//
// The loop around it: when Step's time has come, and when OnFetch's word comes, Step; each call
// goes out; its answer comes back by Answered, or Failed.
//
// A coroutine that fetches waits for the answer of a call that went out after it asked, and for no
// other; where none is to come at once it goes on, and is refused by the budget.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/async/event.h"
#include "pipeline/quota/lease_keeper.h"
#include "pipeline/quota/registry.h"
#include "pipeline/quota/slice_source.h"
#include "pipeline/request/admission.h"

namespace signalbox::quota {

class Leases final : public SliceSource {
 public:
  // `life` names this life of this process, and no other one ever.
  Leases(Registry& registry, std::string life, const LeaseTerms& terms = {});
  ~Leases();
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;

  struct Call {
    Budget* budget = nullptr;
    std::int64_t start = 0;  // of the window
    store::Draw draw;
  };
  // Appends the calls that are due; returns when to come back. Each call is answered once before
  // another one for its account comes.
  core::MonoTime Step(const request::Instant& now, std::vector<Call>& calls);
  void Answered(const Call& call, const store::Slice& answer, const request::Instant& now);
  void Failed(const Call& call, const request::Instant& now);
  void SetReachable(bool reachable);

  // At the end, when no call is under way any more: what is held goes back.
  void Close(const request::Instant& now, std::vector<Call>& calls);

  // `wake` is called by Fetch when somebody waits for the next Step. Before the first Fetch.
  void OnFetch(std::function<void()> wake) { wake_ = std::move(wake); }
  async::Task<void> Fetch(Budget& budget, async::Loop& home, async::Deadline deadline) override;
  bool reachable() const override { return reachable_.load(std::memory_order_relaxed); }

  // Names for the store: printable ASCII, the same in every replica.
  static store::AccountName NameOf(const Budget& budget, std::int64_t start);

 private:
  using Key = std::pair<Budget*, std::int64_t>;
  struct Entry {
    LeaseKeeper keeper;
    std::string holder;
    core::MonoTime due{};
  };
  struct Waiting;
  struct Queue;

  void Collect();
  bool StepOne(const Key& key, Entry& entry, const request::Instant& now, std::vector<Call>& calls);
  void Complete(const Key& key, const Entry& entry, const request::Instant& now,
                store::Draw& draw) const;
  // Those that waited when the last call went out; or all.
  void Wake(const Budget& budget, bool all);

  Registry& registry_;
  const std::string life_;
  const LeaseTerms terms_;
  std::uint64_t made_ = 0;  // keepers
  std::map<Key, Entry> entries_;
  std::function<void()> wake_;
  std::atomic<bool> reachable_{true};
  std::atomic<bool> woken_{false};
  std::atomic<Waiting*> arrived_{nullptr};  // coroutines that came since
  std::map<const Budget*, Queue> waiting_;
};

}  // namespace signalbox::quota
