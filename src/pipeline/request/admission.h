// The port through which a call is counted and paid for: limits before, reservations before each
// attempt, the truth after. Quota implements it; without one everything is admitted.
//
// Owner:   app/, one Admission per worker over what all workers share; a Pass belongs to one call.
// Threads: the worker's. Nothing in here takes another thread's lock, waits for a disk or allocates
//          once warm.
// Errors:  kRateLimited and kBudgetExceeded say which limit, of whom, and when to come again;
//          kForbidden for an unknown price under a hard budget. What was taken is given back.
// Cancel:  a Pass gives back everything that is still open when it goes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/async/task.h"
#include "base/async/wait.h"
#include "base/core/error.h"
#include "base/core/time.h"
#include "pipeline/request/attribution.h"
#include "pipeline/request/principal.h"

namespace signalbox::request {

// Now, on both clocks: buckets run on the monotonic one, windows on civil time.
struct Instant {
  core::WallTime wall{};
  core::MonoTime mono{};
};

// What is known of a call before it is tried.
struct Wanted {
  const Principal& principal;
  const Labels& labels;
  Instant now;
};

// What one attempt may use at most. Costs in 10^-9 dollars; -1: the price is not known.
struct WorstCase {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost_nano_usd = -1;
  // What it will use as far as one can guess: limits on tokens take that, and the truth afterwards.
  // -1: no guess, they take the most.
  std::int64_t likely_tokens = -1;
  // Of one input token within that cost, in 10^-12 dollars: what each one fewer takes off.
  std::int64_t input_pico_usd = 0;
};

// Where an attempt goes.
struct Destination {
  std::string_view provider;
  std::string_view model;  // as the provider knows it
};

// What an attempt has used; -1: not known, it stays booked at what was reserved.
struct Used {
  std::int64_t input_tokens = -1;
  std::int64_t output_tokens = -1;
  std::int64_t cost_nano_usd = -1;
};

// The limit that is nearest to its end, for the caller's headers; -1: there is none.
struct LimitState {
  std::int64_t limit = -1;
  std::int64_t remaining = -1;
  std::chrono::nanoseconds reset{0};  // until it is whole again
};

class Pass {
 public:
  virtual ~Pass() = default;

  // Takes the attempt's request, tokens and money from everything that holds for it; what an
  // earlier attempt has not settled is given back first. `exact`, called at most once and only near
  // a limit, counts the input instead of bounding it (-1: it cannot); it may be null.
  using CountInput = std::int64_t (*)(const void* context);
  virtual core::Status Reserve(const Destination& to, const WorstCase& most, const Instant& now,
                               CountInput exact, const void* context) = 0;
  // Whether Reserve failed for the destination alone, so that another one may do.
  virtual bool may_go_elsewhere() const = 0;
  // Whether Reserve failed for want of a slice that can be fetched from other replicas; then Fetch
  // and Reserve again.
  virtual bool needs_slice() const = 0;
  virtual async::Task<void> FetchSlice(async::Deadline deadline) = 0;
  // Books what the attempt used in place of what was reserved.
  virtual void Settle(const Used& used) = 0;
  // What is reserved now; 0: nothing.
  virtual std::int64_t reserved_nano_usd() const = 0;

  virtual LimitState requests(const Instant& now) const = 0;
  virtual LimitState tokens(const Instant& now) const = 0;
};

class Admission {
 public:
  struct Return {
    void operator()(Pass* pass) const;
    Admission* admission = nullptr;
  };
  using PassPtr = std::unique_ptr<Pass, Return>;

  // Checks every limit on calls in one pass. Null: nothing holds for this caller.
  virtual core::Result<PassPtr> Admit(const Wanted& wanted) = 0;

 protected:
  ~Admission() = default;
  // Takes a pass back that has given back everything.
  virtual void TakeBack(Pass* pass) = 0;
  friend struct Return;
};

inline void Admission::Return::operator()(Pass* pass) const {
  admission->TakeBack(pass);
}

}  // namespace signalbox::request
