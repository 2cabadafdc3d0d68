#include "pipeline/quota/lease_keeper.h"

#include <algorithm>

namespace signalbox::quota {
namespace {

using std::chrono::nanoseconds;

// Between taking an amount off the ceiling and offering it: longer than a worker is ever stopped
// between reading the ceiling and reserving.
constexpr std::chrono::milliseconds kSettling{50};
// How often a slice in use is looked at, whether it lasts.
constexpr std::chrono::milliseconds kLookEvery{200};
// Who asks while there is plenty gets so many times as much: the next requests need not ask.
constexpr std::int64_t kGenerosity = 8;

std::int64_t Amount(std::int64_t amount) {
  return std::clamp(amount, -store::kMostAmount, store::kMostAmount);
}

}  // namespace

std::int64_t LeaseKeeper::Ceiling(core::MonoTime now) const {
  if (now >= lease_end_) {
    return 0;
  }
  const std::int64_t ceiling = std::min(granted_, cap_);
  return calling_ ? std::min(ceiling, calling_->spent + calling_->wanted) : ceiling;
}

LeaseKeeper::Step LeaseKeeper::Peek(core::MonoTime now) const {
  return {.ceiling = Ceiling(now), .elsewhere = last_ ? last_->settled - last_->booked : 0};
}

// How fast money is spent: at once up, by quarters down.
void LeaseKeeper::Learn(const LocalBudget& local, core::MonoTime now) {
  // Whoever asked before was refused already where there was nothing to be had.
  const bool kept_waiting = !unsure_ && !short_;
  needed_ = kept_waiting ? Amount(needed_ + local.asked) : std::max(needed_, local.asked);
  unit_ = local.asked > 0 ? std::max<std::int64_t>(local.largest, 1) : unit_;
  if (now - paced_at_ < terms_.ttl / 4) {
    return;
  }
  const std::int64_t spent = std::max<std::int64_t>(local.spent - paced_spent_, 0);
  pace_ = std::max(paced_at_ == core::MonoTime{} ? 0 : spent * 4, pace_ / 4);
  paced_at_ = now;
  paced_spent_ = local.spent;
}

std::int64_t LeaseKeeper::Want(const LocalBudget& local) const {
  if (!local.hard) {
    return 0;
  }
  const std::int64_t left = std::max<std::int64_t>(free_ - (local.spent - told_), 0);
  const std::int64_t buffer = std::min(std::max(2 * pace_, kGenerosity * needed_), left / 4);
  return Amount(local.reserved + needed_ + (buffer < unit_ ? 0 : buffer));
}

// Whether what is held and not reserved is too little for anybody here, or should not be held.
bool LeaseKeeper::Useless(const LocalBudget& local, core::MonoTime now) const {
  const std::int64_t idle = Ceiling(now) - local.spent - local.reserved;
  return idle > 0 && (over_ || !local.hard || (short_ && idle < unit_));
}

bool LeaseKeeper::Due(const LocalBudget& local, std::int64_t want, core::MonoTime now) const {
  const std::int64_t have = std::max<std::int64_t>(Ceiling(now) - local.spent, 0);
  const bool empty = needed_ > 0;
  const bool low = have > 0 && have - local.reserved < pace_ / 2 && want > have;
  const bool told = held() == 0 && local.spent == told_ && (local.reserved == 0 || !local.hard);
  return empty || low || unsure_ || (now >= renew_at_ && !told);
}

store::Draw LeaseKeeper::Call(const LocalBudget& local, std::int64_t want, core::MonoTime now) {
  sent_ = now;
  needed_ = 0;
  // All of a slice may be in use before the next call: a replica that dies costs its slice, and
  // what it has spent of it is never given to another one.
  calling_ = store::Draw{.sequence = ++sequence_,
                         .limit = Amount(local.limit),
                         .spent = Amount(local.spent),
                         .in_use = want,
                         .wanted = want,
                         .ttl = terms_.ttl,
                         .last = last_};
  return *calling_;
}

LeaseKeeper::Step LeaseKeeper::Next(const LocalBudget& local, core::MonoTime now) {
  Learn(local, now);
  Step step = Peek(now);
  step.again = held() > 0 ? now + kLookEvery : std::max(renew_at_, now + kLookEvery);
  if (now < lease_end_) {
    step.again = std::min(step.again, lease_end_);
  }
  if (calling_) {
    return step;
  }
  if (now < quiet_until_) {
    step.again = std::min(step.again, quiet_until_);
    return step;
  }
  const bool useless = returning_ || Useless(local, now);
  const std::int64_t reserved = local.hard ? local.reserved : 0;
  const std::int64_t want = useless ? reserved : Want(local);
  if (!useless && !Due(local, want, now)) {
    return step;
  }
  const std::int64_t have = std::max<std::int64_t>(step.ceiling - local.spent, 0);
  if (!offering_ && (useless || have > 2 * want)) {
    offering_ = true;
    returning_ = useless;
    cap_ = local.spent + std::max(want, reserved);
    quiet_until_ = now + kSettling;
    step.ceiling = Ceiling(now);
    step.again = quiet_until_;
    return step;
  }
  // What is above the cap is offered; `have` is what is left below it.
  offering_ = returning_ = false;
  step.draw = Call(local, std::max({want, have, reserved}), now);
  step.ceiling = Ceiling(now);
  return step;
}

store::Draw LeaseKeeper::Close(const LocalBudget& local, core::MonoTime now) {
  const std::int64_t reserved = local.hard ? local.reserved : 0;
  cap_ = local.spent + reserved;
  return Call(local, reserved, now);
}

void LeaseKeeper::Answered(const store::Slice& answer, core::MonoTime now) {
  if (!calling_) {
    return;
  }
  last_ = answer;
  unsure_ = false;
  told_ = calling_->spent;
  granted_ = cap_ = told_ + std::min(answer.held, calling_->wanted);
  const std::int64_t taken = answer.settled + answer.held_by_others;
  free_ = std::max<std::int64_t>(calling_->limit - taken, 0);
  over_ = taken + answer.held > calling_->limit;
  short_ = answer.held < calling_->wanted;
  lease_end_ = sent_ + std::max<nanoseconds>(answer.lease - kMargin, nanoseconds(0));
  renew_at_ = sent_ + terms_.ttl / 3;
  pause_ = short_ ? pause_ : nanoseconds(0);
  Rest(terms_.least_pause, now);
  calling_.reset();
}

// It may have been carried out: what was offered is gone, what was asked for is not had. Whoever
// asked has been refused and asks again.
void LeaseKeeper::Failed(core::MonoTime now) {
  if (!calling_) {
    return;
  }
  cap_ = std::min(cap_, calling_->spent + calling_->wanted);
  unsure_ = true;
  Rest(terms_.least_pause, now);
  calling_.reset();
}

void LeaseKeeper::Rest(nanoseconds least, core::MonoTime now) {
  pause_ = std::clamp<nanoseconds>(pause_ * 2, least, terms_.most_pause);
  quiet_until_ = now + pause_;
}

}  // namespace signalbox::quota
