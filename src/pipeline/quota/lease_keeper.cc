#include "pipeline/quota/lease_keeper.h"

#include <algorithm>

namespace signalbox::quota {
namespace {

using std::chrono::nanoseconds;

// Between taking an amount off the ceiling and offering it: longer than a worker is ever stopped
// between reading the ceiling and reserving.
constexpr std::chrono::milliseconds kSettling{50};

}  // namespace

std::int64_t LeaseKeeper::Ceiling(core::MonoTime now) const {
  if (now >= lease_end_) {
    return 0;
  }
  const std::int64_t ceiling = std::min(granted_, cap_);
  return calling_ ? std::min(ceiling, calling_->spent + calling_->wanted) : ceiling;
}

// How fast money is spent: at once up, by quarters down.
void LeaseKeeper::Learn(const LocalBudget& local, core::MonoTime now) {
  needed_ = std::max(needed_, local.asked);
  unit_ = local.asked > 0 ? local.asked : unit_;
  if (now - paced_at_ < terms_.ttl / 4) {
    return;
  }
  const std::int64_t spent = std::max<std::int64_t>(local.spent - paced_spent_, 0);
  pace_ = std::max(paced_at_ == core::MonoTime{} ? 0 : spent * 4, pace_ / 4);
  paced_at_ = now;
  paced_spent_ = local.spent;
}

std::int64_t LeaseKeeper::Want(const LocalBudget& local) const {
  const std::int64_t left = std::max<std::int64_t>(free_ - (local.spent - told_), 0);
  const std::int64_t buffer = std::min(2 * pace_, left / 4);
  return local.reserved + needed_ + (buffer < unit_ ? 0 : buffer);
}

// Whether what is held and not reserved is too little for anybody here.
bool LeaseKeeper::Useless(const LocalBudget& local, core::MonoTime now) const {
  const std::int64_t idle = Ceiling(now) - local.spent - local.reserved;
  return short_ && idle > 0 && idle < unit_;
}

bool LeaseKeeper::Due(const LocalBudget& local, std::int64_t want, core::MonoTime now) const {
  if (now < quiet_until_) {
    return false;
  }
  const std::int64_t have = std::max<std::int64_t>(Ceiling(now) - local.spent, 0);
  const bool empty = needed_ > 0;
  const bool low = have > 0 && have - local.reserved < pace_ / 2 && want > have;
  const bool stale = now >= renew_at_ && (have > 0 || local.reserved > 0 || local.spent != told_);
  return empty || low || stale;
}

SliceCall LeaseKeeper::Call(const LocalBudget& local, std::int64_t want, core::MonoTime now) {
  want = std::max(want, local.reserved);
  sent_ = now;
  // All of a slice may be in use before the next call: a replica that dies costs its slice, and
  // what it has spent of it is never given to another one.
  calling_ = SliceCall{.sequence = ++sequence_,
                       .limit = local.limit,
                       .spent = local.spent,
                       .in_use = want,
                       .wanted = want,
                       .ttl = terms_.ttl};
  return *calling_;
}

LeaseKeeper::Step LeaseKeeper::Next(const LocalBudget& local, core::MonoTime now) {
  Learn(local, now);
  Step step{.ceiling = Ceiling(now), .settled = settled_, .again = std::min(renew_at_, lease_end_)};
  if (now >= lease_end_ || step.again <= now) {
    step.again = now + terms_.most_pause;
  }
  if (calling_) {
    return step;
  }
  const bool useless = returning_ || Useless(local, now);
  const std::int64_t want = useless ? local.reserved : Want(local);
  if (now < quiet_until_ || !(useless || Due(local, want, now))) {
    step.again = now < quiet_until_ && needed_ > 0 ? quiet_until_ : step.again;
    return step;
  }
  const std::int64_t have = std::max<std::int64_t>(step.ceiling - local.spent, 0);
  if (!offering_ && (useless || have > 2 * want)) {
    offering_ = true;
    returning_ = useless;
    cap_ = local.spent + std::max(want, local.reserved);
    quiet_until_ = now + kSettling;
    step.ceiling = Ceiling(now);
    step.again = quiet_until_;
    return step;
  }
  // What is above the cap is offered; `have` is what is left below it.
  offering_ = returning_ = false;
  step.call = Call(local, std::max(want, have), now);
  step.ceiling = Ceiling(now);
  return step;
}

SliceCall LeaseKeeper::Close(const LocalBudget& local, core::MonoTime now) {
  cap_ = local.spent + local.reserved;
  return Call(local, local.reserved, now);
}

void LeaseKeeper::Answered(const SliceAnswer& answer, core::MonoTime now) {
  if (!calling_) {
    return;
  }
  granted_ = cap_ = calling_->spent + answer.held;
  told_ = calling_->spent;
  settled_ = answer.settled;
  free_ = std::max<std::int64_t>(calling_->limit - answer.settled - answer.held_by_others, 0);
  lease_end_ = sent_ + std::max<nanoseconds>(answer.lease - kMargin, nanoseconds(0));
  renew_at_ = sent_ + terms_.ttl / 3;
  const bool enough = answer.held >= calling_->wanted;
  short_ = !enough;
  const nanoseconds longer = std::max<nanoseconds>(pause_ * 2, terms_.least_pause);
  pause_ = enough ? terms_.least_pause : std::min<nanoseconds>(longer, terms_.most_pause);
  quiet_until_ = now + pause_;
  needed_ = 0;
  calling_.reset();
}

// It may have been carried out: what was offered is gone, what was asked for is not had.
void LeaseKeeper::Failed(core::MonoTime now) {
  if (!calling_) {
    return;
  }
  cap_ = std::min(cap_, calling_->spent + calling_->wanted);
  pause_ = std::min<nanoseconds>(std::max<nanoseconds>(pause_ * 2, terms_.least_pause),
                                 terms_.most_pause);
  quiet_until_ = now + pause_;
  calling_.reset();
}

}  // namespace signalbox::quota
