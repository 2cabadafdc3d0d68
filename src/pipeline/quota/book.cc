#include "pipeline/quota/book.h"

#include <algorithm>

#include "pipeline/quota/allowance.h"
#include "pipeline/quota/places.h"

namespace signalbox::quota {

template <typename Visit>
void Book::VisitBudgets(const Booking& booking, Visit visit) {
  Allowance allowance;
  ResolveInto(registry_, booking.parties, allowance);
  Subjects<kMostWho + kMostWhere> subjects;
  for (std::uint32_t i = 0; i < allowance.count; ++i) {
    subjects.Add(allowance.subjects[i], kMostWho);
  }
  AddLabels(registry_, booking.parties.tenant.uuid, booking.labels, subjects);
  AddPlaces(registry_, PayerOf(booking.parties), booking.provider, booking.model, subjects);
  for (const Subject* subject : subjects.all()) {
    for (Budget* budget = subject->budgets.load(std::memory_order_acquire); budget != nullptr;
         budget = budget->next()) {
      if (budget->active()) {
        visit(*budget);
      }
    }
  }
}

Book::Total* Book::Find(Budget& budget, std::int64_t wall) {
  Totals& totals = totals_[&budget];
  const auto holds = [&](const Total& total) {
    return wall >= total.span.start && wall < total.span.end;
  };
  const bool fresh = totals.latest.span == Span{} && budget.window() != Window::kPrepaid;
  if (!fresh && holds(totals.latest)) {
    return &totals.latest;
  }
  if (!fresh && wall < totals.latest.span.start) {
    if (!holds(totals.before)) {
      const Span span = budget.terms().calendar->At(wall);
      if (totals.before.span != Span{} && span.start < totals.before.span.start) {
        return nullptr;  // of a window that nobody asks for any more
      }
      totals.before = {.span = span};
    }
    return &totals.before;
  }
  totals.before = fresh ? Total{} : totals.latest;
  totals.latest = {.span = budget.terms().calendar->At(wall)};
  return &totals.latest;
}

void Book::Add(const Booking& booking) {
  const std::int64_t wall = booking.reserved_at.time_since_epoch().count();
  const bool known = booking.cost_nano_usd >= 0;
  const std::int64_t cost = known ? booking.cost_nano_usd : booking.reserved_nano_usd;
  if (cost == 0) {
    return;
  }
  VisitBudgets(booking, [&](Budget& budget) {
    if (Total* total = Find(budget, wall); total != nullptr) {
      total->spent += cost;
      total->uncertain += known ? 0 : cost;
    }
  });
}

void Book::Correct(const Booking& booking, std::int64_t cost) {
  const std::int64_t wall = booking.reserved_at.time_since_epoch().count();
  VisitBudgets(booking, [&](Budget& budget) {
    Total* total = Find(budget, wall);
    if (total != nullptr && total->uncertain >= booking.reserved_nano_usd) {
      total->spent += cost - booking.reserved_nano_usd;
      total->uncertain -= booking.reserved_nano_usd;
      budget.Correct(total->span.start, booking.reserved_nano_usd, cost);
    }
  });
}

void Book::Restore(std::int64_t wall) {
  for (const auto& [budget, totals] : totals_) {
    for (const Total& total : {totals.latest, totals.before}) {
      budget->Restore(total.span.start, total.spent, total.uncertain, wall);
    }
  }
}

Book::Total Book::TotalOf(Budget& budget, std::int64_t wall) const {
  const auto found = totals_.find(&budget);
  if (found == totals_.end()) {
    return {};
  }
  for (const Total& total : {found->second.latest, found->second.before}) {
    if (wall >= total.span.start && wall < total.span.end) {
      return total;
    }
  }
  return {};
}

}  // namespace signalbox::quota
