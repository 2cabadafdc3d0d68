#include "pipeline/quota/pass.h"

#include <algorithm>

#include "pipeline/quota/slice_source.h"

namespace signalbox::quota {
namespace {

// Puts the counted input in place of its bound; false where that changes nothing.
bool Lower(request::WorstCase& most, std::int64_t counted) {
  if (counted < 0 || counted >= most.input_tokens) {
    return false;
  }
  const std::int64_t fewer = most.input_tokens - counted;
  most.input_tokens = counted;
  if (most.cost_nano_usd > 0) {
    const auto less = static_cast<__int128>(fewer) * most.input_pico_usd / 1000;
    most.cost_nano_usd -= static_cast<std::int64_t>(std::min<__int128>(less, most.cost_nano_usd));
  }
  return true;
}

}  // namespace

void Pass::CollectParties(const request::Principal& principal) {
  tenant_ = payer_ = {};
  const Allowance* allowance = &desk_->everybody;
  Allowance looked_up;
  if (principal.grant != nullptr) {
    const request::Parties& parties = principal.grant->parties;
    tenant_ = parties.tenant.uuid;
    payer_ = PayerOf(parties);
    allowance = static_cast<const Allowance*>(principal.grant->allowance.get());
    if (allowance == nullptr) {  // of a grant that nobody resolved
      ResolveInto(desk_->registry, parties, looked_up);
      allowance = &looked_up;
    }
  }
  const std::span<Subject* const> subjects(allowance->subjects.data(), allowance->count);
  for (const Subject* subject : subjects) {
    __builtin_prefetch(subject);
  }
  subjects_.Clear();
  for (Subject* subject : subjects) {
    subjects_.Add(subject, kMostWho);
    __builtin_prefetch(subject->limits.load(std::memory_order_relaxed), 1);
    __builtin_prefetch(subject->budgets.load(std::memory_order_relaxed));
  }
}

core::Status Pass::Begin(Desk& desk, const request::Wanted& wanted) {
  desk_ = &desk;
  elsewhere_ = false;
  wants_slice_ = nullptr;
  CollectParties(wanted.principal);
  AddLabels(desk.registry, tenant_, wanted.labels, subjects_);
  who_ = subjects_.size();
  const Refusal refusal = entry_.Take(who(), MomentOf(wanted.now));
  Touch();
  if (refusal) {
    return Refuse(refusal);
  }
  return {};
}

void Pass::Touch() {
  if (!desk_->registry.shared()) {
    return;
  }
  for (Subject* subject : subjects_.all()) {
    if ((subject->holds.load(std::memory_order_relaxed) & Subject::kShared) != 0) {
      desk_->registry.lists().touched.Push(*subject);
    }
  }
}

void Pass::GiveBackAmounts() {
  if (amounts_.open()) {
    amounts_.Settle(0, 0, desk_->registry.lists());
    Touch();
  }
}

void Pass::End() {
  GiveBackAmounts();
  attempt_.Release();
  entry_.Release();
}

Refusal Pass::TakeAmounts(const request::WorstCase& most, const Moment& now, CountInput exact,
                          const void* context) {
  Lists& lists = desk_->registry.lists();
  Refusal refusal = amounts_.Take(subjects_.all(), most, now);
  request::WorstCase counted = most;
  const bool near = refusal && refusal.reason != Refusal::Reason::kUnknownPrice &&
                    refusal.reason != Refusal::Reason::kSlice;
  if (near && exact != nullptr) {
    amounts_.Settle(0, 0, lists);
    if (Lower(counted, exact(context))) {
      refusal = amounts_.Take(subjects_.all(), counted, now);
    }
  }
  if (refusal) {
    amounts_.Settle(0, 0, lists);
  }
  return refusal;
}

core::Status Pass::Reserve(const request::Destination& to, const request::WorstCase& most,
                           const request::Instant& now, CountInput exact, const void* context) {
  GiveBackAmounts();
  attempt_.Release();
  wants_slice_ = nullptr;
  elsewhere_ = false;
  subjects_.Clear(who_);
  AddPlaces(desk_->registry, payer_, to.provider, to.model, subjects_);
  const Moment moment = MomentOf(now);
  Refusal refusal = attempt_.Take(where(), moment);
  if (!refusal) {
    refusal = TakeAmounts(most, moment, exact, context);
    if (refusal) {
      attempt_.GiveBack();
    }
  }
  Touch();
  if (refusal) {
    return Refuse(refusal);
  }
  return {};
}

std::unexpected<core::Error> Pass::Refuse(const Refusal& refusal) {
  elsewhere_ = refusal.reason == Refusal::Reason::kUnknownPrice ||
               refusal.reason == Refusal::Reason::kPerRequest ||
               std::ranges::find(where(), refusal.whom) != where().end();
  const bool slice = refusal.reason == Refusal::Reason::kSlice;
  const bool reachable = desk_->slices == nullptr || desk_->slices->reachable();
  if (slice && reachable) {
    wants_slice_ = refusal.budget;
  }
  // What is spent may come back elsewhere, too.
  if (slice || (refusal.reason == Refusal::Reason::kSpent && desk_->registry.shared())) {
    refusal.budget->Ask(refusal.wanted);
    desk_->registry.wanted().Push(*refusal.budget);
  }
  Refusal told = refusal;
  told.reason = slice && !reachable ? Refusal::Reason::kStoreAway : refusal.reason;
  return std::unexpected(ErrorOf(told));
}

void Pass::Settle(const request::Used& used) {
  const bool counted = used.input_tokens >= 0 && used.output_tokens >= 0;
  amounts_.Settle(counted ? used.input_tokens + used.output_tokens : -1, used.cost_nano_usd,
                  desk_->registry.lists());
  Touch();
  attempt_.Release();
}

async::Task<void> Pass::FetchSlice(async::Deadline deadline) {
  Budget* budget = std::exchange(wants_slice_, nullptr);
  if (budget != nullptr && desk_->slices != nullptr) {
    co_await desk_->slices->Fetch(*budget, *desk_->loop, deadline);
  }
}

request::LimitState Pass::Nearest(std::size_t first, const Moment& now) const {
  request::LimitState nearest;
  for (const Subject* subject : subjects_.all()) {
    const std::uint32_t holds = subject->holds.load(std::memory_order_acquire);
    for (std::size_t i = first; i < first + 2; ++i) {
      if ((holds & 1U << i) == 0) {
        continue;
      }
      const Meter& meter = subject->limits.load(std::memory_order_relaxed)->meters[i];
      const std::int64_t remaining = meter.Remaining(now, kPeriods[i]);
      if (nearest.remaining < 0 || remaining < nearest.remaining) {
        nearest = {meter.limit(), remaining,
                   std::chrono::nanoseconds(meter.UntilWhole(now, kPeriods[i]))};
      }
    }
  }
  return nearest;
}

request::LimitState Pass::requests(const request::Instant& now) const {
  return Nearest(0, MomentOf(now));
}

request::LimitState Pass::tokens(const request::Instant& now) const {
  return Nearest(2, MomentOf(now));
}

}  // namespace signalbox::quota
