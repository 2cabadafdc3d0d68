#include "pipeline/quota/budget.h"

#include <algorithm>

#include "pipeline/quota/lists.h"

namespace signalbox::quota {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

Budget::Period& Budget::Current(std::int64_t wall, std::uint32_t& generation) {
  generation = generation_.load(std::memory_order_acquire);
  Period& period = periods_[generation & 1U];
  std::int64_t start = period.start.load(kRelaxed);
  const std::int64_t now = calendar_.load(kRelaxed)->StartAt(wall);
  if (now > start) [[unlikely]] {
    return Roll(now, generation);
  }
  if (now < start) [[unlikely]] {
    // The clock was put back: the same money, under the earlier window's name.
    period.start.compare_exchange_strong(start, now, kRelaxed);
  }
  return period;
}

// One thread at a time makes the next window; the others stay in the old one for that moment.
Budget::Period& Budget::Roll(std::int64_t start, std::uint32_t& generation) {
  Period& old = periods_[generation & 1U];
  if (rolling_.exchange(true, std::memory_order_acquire)) {
    return old;
  }
  if (generation_.load(kRelaxed) != generation) {
    rolling_.store(false, std::memory_order_release);
    generation = generation_.load(std::memory_order_acquire);
    return periods_[generation & 1U];
  }
  ++generation;
  Period& next = periods_[generation & 1U];
  next.taken.store(0, kRelaxed);
  next.reserved.store(0, kRelaxed);
  next.uncertain.store(0, kRelaxed);
  next.credit.store(0, kRelaxed);
  next.slice.store(0, kRelaxed);
  next.earlier.store(0, kRelaxed);
  next.elsewhere.store(0, kRelaxed);
  alerted_[generation & 1U].store(false, kRelaxed);
  next.start.store(start, kRelaxed);
  generation_.store(generation, std::memory_order_release);
  rolling_.store(false, std::memory_order_release);
  return next;
}

std::int64_t Budget::CeilingOf(const Period& period, std::uint32_t flags) const {
  return (flags & kShared) != 0 ? period.slice.load(kRelaxed)
                                : limit_.load(kRelaxed) + period.credit.load(kRelaxed);
}

Budget::Verdict Budget::WhyNot(const Period& period, std::int64_t amount,
                               std::uint32_t flags) const {
  if ((flags & kShared) != 0) {
    const std::int64_t limit = limit_.load(kRelaxed) + period.credit.load(kRelaxed);
    const Standing standing = StandingOf(period);
    const std::int64_t here = standing.spent - period.earlier.load(kRelaxed);
    const bool spent = standing.settled && here + period.elsewhere.load(kRelaxed) + amount > limit;
    return spent ? Verdict::kSpent : Verdict::kNeedsSlice;
  }
  const Standing standing = StandingOf(period);
  const bool spent = standing.settled && standing.spent + amount > CeilingOf(period, flags);
  return spent ? Verdict::kSpent : Verdict::kReserved;
}

// `reserved` is raised before `taken` and lowered after it: read at one moment, what is spent never
// seems more than it is. Both stood still between the reads if they are the same twice.
Budget::Standing Budget::StandingOf(const Period& period) {
  std::int64_t reserved = period.reserved.load(std::memory_order_acquire);
  std::int64_t taken = period.taken.load(std::memory_order_acquire);
  for (int i = 0; i < 8; ++i) {
    const std::int64_t reserved_again = period.reserved.load(std::memory_order_acquire);
    const std::int64_t taken_again = period.taken.load(std::memory_order_acquire);
    if (reserved == reserved_again && taken == taken_again) {
      return {.spent = taken - reserved, .reserved = reserved};
    }
    reserved = reserved_again;
    taken = taken_again;
  }
  return {.spent = taken - reserved, .reserved = reserved, .settled = false};
}

Budget::Verdict Budget::Reserve(std::int64_t amount, std::int64_t wall, Ticket& ticket) {
  Period& period = Current(wall, ticket.generation);
  const std::uint32_t flags = flags_.load(kRelaxed);
  amount = std::clamp<std::int64_t>(amount, 0, kNoAmount);
  ticket.budget = this;
  ticket.amount = amount;
  if (amount == 0) {
    return Verdict::kTaken;
  }
  std::int64_t taken = period.taken.load(kRelaxed);
  const bool bounded = (flags & kHard) != 0;
  if (bounded && taken + amount > CeilingOf(period, flags)) {
    return WhyNot(period, amount, flags);
  }
  period.reserved.fetch_add(amount, kRelaxed);
  while (!period.taken.compare_exchange_weak(taken, taken + amount, std::memory_order_release,
                                             kRelaxed)) {
    if (bounded && taken + amount > CeilingOf(period, flags)) {
      period.reserved.fetch_sub(amount, std::memory_order_release);
      return WhyNot(period, amount, flags);
    }
  }
  return Verdict::kTaken;
}

void Budget::Settle(const Ticket& ticket, std::int64_t cost, Lists& lists) {
  if (generation_.load(std::memory_order_acquire) - ticket.generation > 1) {
    return;
  }
  Period& period = periods_[ticket.generation & 1U];
  if (cost < 0) {
    period.uncertain.fetch_add(ticket.amount, kRelaxed);
    cost = ticket.amount;
  }
  if (cost != ticket.amount) {
    period.taken.fetch_add(std::min(cost, kNoAmount) - ticket.amount, std::memory_order_release);
  }
  if (ticket.amount != 0) {
    period.reserved.fetch_sub(ticket.amount, std::memory_order_release);
  }
  CheckAlert(ticket.generation, lists);
  if ((flags_.load(kRelaxed) & (kShared | kHard)) == kShared && cost > 0) {
    lists.wanted.Push(*this);  // nothing is asked for: the others are to know
  }
}

// By everybody; nothing is known of the others where it is not shared.
std::int64_t Budget::AllOf(const Period& period, std::int64_t spent) {
  const std::int64_t elsewhere = period.elsewhere.load(kRelaxed);
  return std::max(spent, spent - period.earlier.load(kRelaxed) + elsewhere);
}

void Budget::CheckAlert(std::uint32_t generation, Lists& lists) {
  const Period& period = periods_[generation & 1U];
  std::atomic<bool>& alerted = alerted_[generation & 1U];
  const std::int64_t alert_at = alert_at_.load(kRelaxed);
  if (AllOf(period, period.taken.load(kRelaxed)) < alert_at || alerted.load(kRelaxed)) {
    return;
  }
  if (AllOf(period, StandingOf(period).spent) >= alert_at && !alerted.exchange(true, kRelaxed)) {
    lists.alerts.Push(*this);
  }
}

std::int64_t Budget::UntilReset(std::int64_t wall) const {
  const Calendar* calendar = calendar_.load(kRelaxed);
  return window_ == Window::kPrepaid ? -1 : calendar->At(wall).end - wall;
}

void Budget::Set(const BudgetTerms& terms) {
  if (terms.calendar != nullptr) {
    const Calendar* before = calendar_.exchange(terms.calendar, kRelaxed);
    Period& period = periods_[generation_.load(kRelaxed) & 1U];
    if (before != nullptr && before != terms.calendar && period.start.load(kRelaxed) >= 0) {
      period.start.store(terms.calendar->start(), kRelaxed);  // another zone: the money stays
    }
  }
  alert_at_.store(terms.alert_at, kRelaxed);
  const std::uint32_t shared = flags_.load(kRelaxed) & kShared;
  flags_.store((terms.hard ? kHard : 0) | (terms.known_prices_only ? kKnown : 0) | shared,
               kRelaxed);
  limit_.store(terms.limit, kRelaxed);
}

BudgetTerms Budget::terms() const {
  return {.limit = limit_.load(kRelaxed),
          .alert_at = alert_at_.load(kRelaxed),
          .hard = hard(),
          .known_prices_only = refuses_unknown(),
          .calendar = calendar_.load(kRelaxed)};
}

BudgetState Budget::StateOf(const Period& period) const {
  const Standing standing = StandingOf(period);
  return {.start = period.start.load(kRelaxed),
          .limit = limit_.load(kRelaxed) + period.credit.load(kRelaxed),
          .spent = standing.spent,
          .reserved = standing.reserved,
          .uncertain = period.uncertain.load(kRelaxed),
          .credit = period.credit.load(kRelaxed),
          .earlier = period.earlier.load(kRelaxed),
          .elsewhere = period.elsewhere.load(kRelaxed),
          .hard = hard()};
}

BudgetState Budget::StateAt(std::int64_t wall) {
  std::uint32_t generation = 0;
  return StateOf(Current(wall, generation));
}

std::optional<BudgetState> Budget::StateOf(std::int64_t start) const {
  for (const Period& period : periods_) {
    if (period.start.load(kRelaxed) == start) {
      return StateOf(period);
    }
  }
  return std::nullopt;
}

Budget::Period* Budget::Find(std::int64_t start) {
  const auto found = std::ranges::find_if(
      periods_, [&](const Period& period) { return period.start.load(kRelaxed) == start; });
  return found == periods_.end() ? nullptr : &*found;
}

void Budget::Restore(std::int64_t start, std::int64_t spent, std::int64_t uncertain,
                     std::int64_t wall) {
  std::uint32_t generation = 0;
  Period& period = Current(wall, generation);
  if (spent != 0 && period.start.load(kRelaxed) == start) {
    period.taken.fetch_add(spent, kRelaxed);
    period.uncertain.fetch_add(uncertain, kRelaxed);
    period.earlier.fetch_add(spent, kRelaxed);
    const std::int64_t alert_at = alert_at_.load(kRelaxed);
    alerted_[generation & 1U].store(spent >= alert_at, kRelaxed);  // it was told before
  }
}

void Budget::SetCredit(std::int64_t start, std::int64_t credit, std::int64_t wall) {
  std::uint32_t generation = 0;
  Current(wall, generation);
  if (Period* period = Find(start); period != nullptr) {
    period->credit.store(credit, kRelaxed);
  }
}

void Budget::Correct(std::int64_t start, std::int64_t uncertain, std::int64_t cost) {
  if (Period* period = Find(start); period != nullptr) {
    period->uncertain.fetch_sub(uncertain, kRelaxed);
    period->taken.fetch_add(cost - uncertain, std::memory_order_release);
  }
}

void Budget::Share(bool shared) {
  if (shared) {
    flags_.fetch_or(kShared, kRelaxed);
  } else {
    flags_.fetch_and(~kShared, kRelaxed);
  }
}

void Budget::Grant(std::int64_t start, std::int64_t ceiling, std::int64_t elsewhere, Lists& lists) {
  if (Period* period = Find(start); period != nullptr) {
    period->slice.store(ceiling, kRelaxed);
    if (period->elsewhere.exchange(elsewhere, kRelaxed) < elsewhere) {
      const std::uint32_t generation = generation_.load(std::memory_order_acquire);
      CheckAlert(period == &periods_[generation & 1U] ? generation : generation - 1, lists);
    }
  }
}

void Budget::Ask(std::int64_t amount) {
  asked_.fetch_add(amount, kRelaxed);
  std::int64_t largest = largest_asked_.load(kRelaxed);
  while (largest < amount &&
         !largest_asked_.compare_exchange_weak(largest, amount, kRelaxed, kRelaxed)) {
  }
}

Budget::Asked Budget::TakeAsked() {
  return {.sum = asked_.exchange(0, kRelaxed), .largest = largest_asked_.exchange(0, kRelaxed)};
}

}  // namespace signalbox::quota
