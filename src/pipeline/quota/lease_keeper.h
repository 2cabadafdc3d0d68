// How much of a shared budget this replica holds, and when it asks for more, renews or gives back.
// One account, one window, as a machine without clock, sockets or threads: the holder's side of
// what io/store/slice.h describes.
//
// Owner:   Leases (one per account and window). Threads: one at a time.
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
// back: two replicas that each hold a half would wait for each other for ever. Where there is
// plenty, a slice holds what is spent in two leases' time, and at first several requests.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/core/time.h"
#include "io/store/slice.h"

namespace signalbox::quota {

// The budget here and now.
struct LocalBudget {
  std::int64_t limit = 0;     // of the account, with this window's credit
  std::int64_t spent = 0;     // by this process in this window, uncertain included
  std::int64_t reserved = 0;  // by calls under way
  std::int64_t asked = 0;     // by calls that were refused for want of a slice since the last Next
  std::int64_t largest = 0;   // of these
  bool hard = true;           // false: nothing is held, what is spent is told all the same
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
    std::int64_t ceiling = 0;         // what spent + reserved may come to here, now
    std::int64_t elsewhere = 0;       // spent by other holders, as last heard
    std::optional<store::Draw> draw;  // to be made now; without names and `keep`
    core::MonoTime again{};           // when to come back, if nothing is asked for before
  };
  Step Next(const LocalBudget& local, core::MonoTime now);

  // What holds now, without asking for anything.
  Step Peek(core::MonoTime now) const;
  // The last call: keeps what is in use, gives back the rest.
  store::Draw Close(const LocalBudget& local, core::MonoTime now);

  void Answered(const store::Slice& answer, core::MonoTime now);
  // No answer: the call may have been carried out or not.
  void Failed(core::MonoTime now);
  // The store is there again: what waited for that need not wait longer.
  void Retry() { quiet_until_ = {}; }
  bool calling() const { return calling_.has_value(); }
  // Whether an answer about what was asked for is to come at once.
  bool waits() const { return calling_.has_value() || (needed_ > 0 && !unsure_ && !short_); }
  // Nothing is held, and all that was spent was told.
  bool done(const LocalBudget& local) const {
    return !calling_ && !unsure_ && local.reserved == 0 && local.spent == told() && held() == 0;
  }

 private:
  std::int64_t told() const { return told_; }
  std::int64_t held() const { return granted_ - told_; }
  std::int64_t Ceiling(core::MonoTime now) const;
  std::int64_t Want(const LocalBudget& local) const;
  bool Useless(const LocalBudget& local, core::MonoTime now) const;
  bool Due(const LocalBudget& local, std::int64_t want, core::MonoTime now) const;
  void Learn(const LocalBudget& local, core::MonoTime now);
  void Rest(std::chrono::nanoseconds least, core::MonoTime now);
  store::Draw Call(const LocalBudget& local, std::int64_t want, core::MonoTime now);

  LeaseTerms terms_;
  std::int64_t sequence_ = 0;
  std::optional<store::Draw> calling_;
  std::optional<store::Slice> last_;
  core::MonoTime sent_{};  // the call under way
  core::MonoTime quiet_until_{};
  std::chrono::nanoseconds pause_{0};
  std::int64_t granted_ = 0;    // the ceiling that the last answer allows
  std::int64_t cap_ = 0;        // at most, because the rest is being given back
  core::MonoTime lease_end_{};  // as it holds here
  core::MonoTime renew_at_{};
  std::int64_t free_ = 0;    // of the limit, neither spent nor held by others, as last heard
  std::int64_t told_ = 0;    // spent, as last answered
  std::int64_t needed_ = 0;  // asked for and in no call yet
  std::int64_t unit_ = 0;    // what a request wants at most, lately; less than it is of no use
  bool unsure_ = false;      // the last call had no answer: the store may hold something for us
  bool short_ = false;       // the last answer brought less than was wanted
  bool over_ = false;        // more is spent and held than there is: the limit was lowered
  bool returning_ = false;   // all that is not reserved goes back
  bool offering_ = false;    // what is above the cap goes back with the next call
  std::int64_t pace_ = 0;    // spent per ttl, lately
  core::MonoTime paced_at_{};
  std::int64_t paced_spent_ = 0;
};

}  // namespace signalbox::quota
