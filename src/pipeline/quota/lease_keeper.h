// How much of a shared budget this replica holds, and when it asks for more, renews or gives back.
// One account, one window, as a machine without clock, sockets or threads.
//
// Owner:   whoever talks to the shared store (one per account and window). Threads: one at a time.
// Errors:  none; Failed says that a call had no answer, and changes nothing but the next try.
// Cancel:  nothing waits.
//
// Around it, again and again: Next with the budget as it stands; its ceiling goes into
// Budget::Grant before its call goes out; the answer goes into Answered or Failed, and then Next
// again. At most one call is out at a time.
//
// Why nothing is spent twice: this replica never reserves above `ceiling`, which is what it had
// spent when it asked and what it was then given to hold; and the store never gives out more than
// the limit less what is spent and held. All of a slice is told to be in use, so that the store
// counts it as spent when this replica falls silent, until it speaks again. What is to be given
// back is taken off the ceiling in one turn and offered in the next, when no reservation can be in
// it any more. A slice ends here kMargin before its lease ends there, measured from when the call
// was sent.
//
// Near the end of the money a slice is one request's worst case (what is asked for), so that the
// last dollar can be held by whoever needs it. What is left of a slice and is less than that goes
// back: two replicas that each hold a half would wait for each other for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/core/time.h"

namespace signalbox::quota {

// The budget here and now.
struct LocalBudget {
  std::int64_t limit = 0;     // of the account, with this window's credit
  std::int64_t spent = 0;     // by this process in this window, uncertain included
  std::int64_t reserved = 0;  // by calls under way
  std::int64_t asked = 0;     // by calls that were refused for want of a slice since the last Next
};

// What to say to the store: the parts of its Draw that are not names.
struct SliceCall {
  std::int64_t sequence = 0;
  std::int64_t limit = 0;
  std::int64_t spent = 0;
  std::int64_t in_use = 0;
  std::int64_t wanted = 0;
  std::chrono::milliseconds ttl{0};
};

// What it answers: of its Slice what matters here.
struct SliceAnswer {
  std::int64_t held = 0;
  std::int64_t settled = 0;
  std::int64_t held_by_others = 0;
  std::chrono::milliseconds lease{0};
};

struct LeaseTerms {
  std::chrono::milliseconds ttl{10'000};
  std::chrono::milliseconds least_pause{20};    // between two calls
  std::chrono::milliseconds most_pause{2'000};  // after calls that brought nothing
};

class LeaseKeeper {
 public:
  static constexpr std::chrono::milliseconds kMargin{250};

  explicit LeaseKeeper(const LeaseTerms& terms = {}) : terms_(terms) {}

  struct Step {
    std::int64_t ceiling = 0;       // what spent + reserved may come to here, now
    std::int64_t settled = 0;       // by all replicas, as last heard
    std::optional<SliceCall> call;  // to be made now
    core::MonoTime again{};         // when to come back, if nothing is asked for before
  };
  Step Next(const LocalBudget& local, core::MonoTime now);

  // What holds now, without asking for anything.
  Step Peek(core::MonoTime now) const { return {.ceiling = Ceiling(now), .settled = settled_}; }
  // The last call: keeps what is in use, gives back the rest.
  SliceCall Close(const LocalBudget& local, core::MonoTime now);

  void Answered(const SliceAnswer& answer, core::MonoTime now);
  // No answer: the call may have been carried out or not.
  void Failed(core::MonoTime now);
  bool calling() const { return calling_.has_value(); }
  // Whether an answer is to come, or something is asked for.
  bool waits() const { return calling_.has_value() || needed_ > 0; }
  // Nothing is held, and all that was spent was told.
  bool done(const LocalBudget& local) const {
    return !calling_ && local.reserved == 0 && local.spent == told_ && granted_ <= told_;
  }

 private:
  std::int64_t Ceiling(core::MonoTime now) const;
  std::int64_t Want(const LocalBudget& local) const;
  bool Useless(const LocalBudget& local, core::MonoTime now) const;
  bool Due(const LocalBudget& local, std::int64_t want, core::MonoTime now) const;
  void Learn(const LocalBudget& local, core::MonoTime now);
  SliceCall Call(const LocalBudget& local, std::int64_t want, core::MonoTime now);

  const LeaseTerms terms_;
  std::int64_t sequence_ = 0;
  std::optional<SliceCall> calling_;
  core::MonoTime sent_{};  // the call under way
  core::MonoTime quiet_until_{};
  std::chrono::nanoseconds pause_{0};
  std::int64_t granted_ = 0;    // the ceiling that the last answer allows
  std::int64_t cap_ = 0;        // at most, because the rest is being given back
  core::MonoTime lease_end_{};  // as it holds here
  core::MonoTime renew_at_{};
  std::int64_t free_ = 0;  // of the limit, neither spent nor held by others, as last heard
  std::int64_t told_ = 0;  // spent, as last answered
  std::int64_t settled_ = 0;
  std::int64_t needed_ = 0;  // asked for and not yet given
  std::int64_t unit_ = 0;    // what a request wants at most, lately; less than it is of no use
  bool short_ = false;       // the last answer brought less than was wanted
  bool returning_ = false;   // … so all that is not reserved goes back
  bool offering_ = false;    // what is above the cap goes back with the next call
  std::int64_t pace_ = 0;    // spent per ttl, lately
  core::MonoTime paced_at_{};
  std::int64_t paced_spent_ = 0;
};

}  // namespace signalbox::quota
