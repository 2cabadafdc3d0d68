// The slices of every budget that is shared with other replicas: which accounts are to be called,
// with what, and what the answers mean for the budgets here. Without clock, sockets or threads.
//
// Owner:   app/, one per process, beside what talks to the shared store. Threads: the control
//          thread's, but Fetch, which any worker's coroutine awaits.
// Errors:  none. Cancel: through Fetch's deadline.
//
// The loop around it: every few milliseconds, and when registry.wanted() has something, Step; each
// call goes out as a Draw of the account; its answer comes back by Answered, or Failed; then Wake.
#pragma once

#include <atomic>
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
  explicit Leases(Registry& registry, const LeaseTerms& terms = {});
  ~Leases();
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;

  struct Draw {
    Budget* budget = nullptr;
    std::int64_t start = 0;  // of the window
    SliceCall call;
  };
  // Appends the calls that are due. Each is answered once before another one for it comes.
  void Step(const request::Instant& now, std::vector<Draw>& calls);
  void Answered(const Draw& draw, const SliceAnswer& answer, const request::Instant& now);
  void Failed(const Draw& draw, const request::Instant& now);

  // At the end, when no call is under way any more: what is held goes back.
  void Close(const request::Instant& now, std::vector<Draw>& calls);

  // Names for the store: printable ASCII, the same in every replica.
  static std::string AccountOf(const Budget& budget);
  static std::string WindowOf(const Draw& draw);

  async::Task<void> Fetch(Budget& budget, async::Loop& home, async::Deadline deadline) override;

 private:
  using Key = std::pair<Budget*, std::int64_t>;
  struct Waiting;

  static LocalBudget LocalOf(const BudgetState& state, std::int64_t asked);
  bool StepOne(const Key& key, LeaseKeeper& keeper, const request::Instant& now,
               std::vector<Draw>& calls);
  void Wake(const Budget& budget);

  Registry& registry_;
  const LeaseTerms terms_;
  std::map<Key, LeaseKeeper> keepers_;
  std::atomic<Waiting*> arrived_{nullptr};  // coroutines that came since
  std::vector<std::unique_ptr<Waiting>> waiting_;
};

}  // namespace signalbox::quota
