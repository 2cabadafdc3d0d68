#include "pipeline/quota/shape.h"

#include <algorithm>
#include <limits>

namespace signalbox::quota {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::uint32_t ApplyLimits(Subject& subject, const LimitRule& rule, std::int64_t mono, bool shared) {
  std::uint32_t holds = 0;
  for (std::size_t i = 0; i < kRates; ++i) {
    const std::uint32_t limit = rule.rates[i].value_or(Meter::kUnlimited);
    LimitSet* limits = subject.limits.load(kRelaxed);
    if (limit != Meter::kUnlimited && limits == nullptr) {
      limits = new LimitSet;
      subject.limits.store(limits, std::memory_order_release);
    }
    if (limits != nullptr) {
      const bool requests = ((1U << i) & Subject::kRequests) != 0;
      const std::uint32_t burst = requests ? rule.burst.value_or(limit) : limit;
      limits->meters[i].Set(limit, burst, kPeriods[i], mono);
    }
    holds |= limit != Meter::kUnlimited ? 1U << i : 0U;
  }
  holds |= holds != 0 && shared ? Subject::kShared : 0U;
  const std::uint32_t most = rule.concurrent.value_or(Meter::kUnlimited);
  constexpr std::uint32_t kMost = std::numeric_limits<std::int32_t>::max();
  subject.most_running.store(static_cast<std::int32_t>(std::min(most, kMost)), kRelaxed);
  return holds | (most != Meter::kUnlimited ? Subject::kConcurrent : 0U);
}

Budget* FindBudget(const Subject& subject, Window window) {
  Budget* budget = subject.budgets.load(kRelaxed);
  while (budget != nullptr && budget->window() != window) {
    budget = budget->next();
  }
  return budget;
}

std::uint32_t ApplyBudgets(Subject& subject, const Rule& rule, bool shared) {
  std::uint32_t holds = 0;
  for (std::size_t i = 0; i < kWindows; ++i) {
    const auto window = static_cast<Window>(i);
    Budget* budget = FindBudget(subject, window);
    if (rule.budgets[i] && budget == nullptr) {
      budget = new Budget(subject, window);
      budget->Set(*rule.budgets[i]);
      budget->Share(shared);
      budget->Link(subject.budgets.load(kRelaxed));
      subject.budgets.store(budget, std::memory_order_release);
    } else if (budget != nullptr) {
      budget->Set(rule.budgets[i].value_or(BudgetTerms{}));
    }
    holds |= rule.budgets[i] ? Subject::kBudgets : 0U;
  }
  return holds;
}

}  // namespace

void ApplyRule(Subject& subject, const Rule& rule, std::int64_t mono, bool shared) {
  std::uint32_t holds =
      ApplyLimits(subject, rule.limits, mono, shared) | ApplyBudgets(subject, rule, shared);
  subject.per_request.store(rule.per_request.value_or(kNoAmount), kRelaxed);
  if (rule.per_request) {
    holds |= Subject::kPerRequest;
    holds |= rule.known_prices_only.value_or(false) ? Subject::kKnownPrices : 0U;
  }
  subject.holds.store(holds, std::memory_order_release);
}

}  // namespace signalbox::quota
