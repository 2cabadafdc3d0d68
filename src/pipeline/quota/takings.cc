#include "pipeline/quota/takings.h"

#include <algorithm>

namespace signalbox::quota {
namespace {

using Reason = Refusal::Reason;
constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::int64_t kRetryReserved = kSecond;  // a call takes about so long

Refusal Rated(const Subject& subject, std::size_t rate, const Meter& meter, std::int64_t wanted,
              const Taking& taking) {
  return {.reason = Reason::kRate,
          .whom = &subject,
          .what = static_cast<std::uint32_t>(rate),
          .limit = meter.limit(),
          .wanted = wanted,
          .wait = taking.wait};
}

Refusal Broke(Budget& budget, Budget::Verdict verdict, std::int64_t wanted, std::int64_t wall) {
  Refusal refusal{.whom = &budget.of(),
                  .budget = &budget,
                  .what = static_cast<std::uint32_t>(budget.window()),
                  .limit = budget.terms().limit,
                  .wanted = wanted,
                  .wait = kRetryReserved};
  switch (verdict) {
    case Budget::Verdict::kReserved:
      refusal.reason = Reason::kReserved;
      break;
    case Budget::Verdict::kNeedsSlice:
      refusal.reason = Reason::kSlice;
      break;
    default:
      refusal.reason = Reason::kSpent;
      refusal.wait = budget.UntilReset(wall);
  }
  return refusal;
}

}  // namespace

Refusal Turns::TakeOne(Subject& subject, const Moment& now) {
  const std::uint32_t holds = subject.holds.load(std::memory_order_acquire);
  if ((holds & Subject::kConcurrent) != 0) {
    const std::int32_t most = subject.most_running.load(kRelaxed);
    if (subject.running.fetch_add(1, kRelaxed) >= most) {
      subject.running.fetch_sub(1, kRelaxed);
      return {.reason = Reason::kConcurrent, .whom = &subject, .limit = most, .wait = kSecond};
    }
    slots_[slot_count_++] = &subject;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((holds & 1U << i) == 0) {
      continue;
    }
    Meter& meter = subject.limits.load(kRelaxed)->meters[i];
    const Taking taking = meter.Take(1, now, kPeriods[i]);
    if (!taking.taken) {
      return Rated(subject, i, meter, 1, taking);
    }
    requests_[request_count_++] = {&meter, taking};
  }
  return {};
}

Refusal Turns::Take(std::span<Subject* const> of, const Moment& now) {
  for (Subject* subject : of) {
    if (Refusal refusal = TakeOne(*subject, now)) {
      GiveBack();
      return refusal;
    }
  }
  return {};
}

void Turns::Release() {
  for (std::uint32_t i = 0; i < slot_count_; ++i) {
    slots_[i]->running.fetch_sub(1, kRelaxed);
  }
  slot_count_ = request_count_ = 0;
}

void Turns::GiveBack() {
  for (std::uint32_t i = 0; i < request_count_; ++i) {
    requests_[i].meter->GiveBack(requests_[i].taking, 1);
  }
  Release();
}

// A guess is never more than a limit lets through at once: the truth is owed afterwards.
Refusal Amounts::TakeTokens(Subject& subject, std::uint32_t holds, const request::WorstCase& most,
                            const Moment& now) {
  for (std::size_t i = 2; i < kRates; ++i) {
    if ((holds & 1U << i) == 0) {
      continue;
    }
    Meter& meter = subject.limits.load(kRelaxed)->meters[i];
    const std::int64_t tokens = most.likely_tokens >= 0
                                    ? std::min<std::int64_t>(most.likely_tokens, meter.burst())
                                    : most.input_tokens + most.output_tokens;
    const Taking taking = meter.Take(tokens, now, kPeriods[i]);
    if (!taking.taken) {
      return Rated(subject, i, meter, tokens, taking);
    }
    tokens_[token_count_++] = {&meter, taking};
  }
  return {};
}

Refusal Amounts::TakeMoney(Subject& subject, std::uint32_t holds, const request::WorstCase& most,
                           const Moment& now) {
  const bool known = most.cost_nano_usd >= 0;
  if (!known && (holds & Subject::kKnownPrices) != 0) {
    return {.reason = Reason::kUnknownPrice, .whom = &subject, .wait = -1};
  }
  if ((holds & Subject::kPerRequest) != 0) {
    const std::int64_t limit = subject.per_request.load(kRelaxed);
    if (most.cost_nano_usd > limit) {
      return {.reason = Reason::kPerRequest,
              .whom = &subject,
              .limit = limit,
              .wanted = most.cost_nano_usd,
              .wait = -1};
    }
  }
  for (Budget* budget = subject.budgets.load(std::memory_order_acquire); budget != nullptr;
       budget = budget->next()) {
    if (!budget->active()) {
      continue;
    }
    if (!known && budget->refuses_unknown()) {
      return {.reason = Reason::kUnknownPrice, .whom = &subject, .wait = -1};
    }
    const std::int64_t amount = std::max<std::int64_t>(most.cost_nano_usd, 0);
    Ticket& ticket = tickets_[ticket_count_];
    const Budget::Verdict verdict = budget->Reserve(amount, now.wall, ticket);
    if (verdict != Budget::Verdict::kTaken) {
      return Broke(*budget, verdict, amount, now.wall);
    }
    ++ticket_count_;
  }
  return {};
}

Refusal Amounts::Take(std::span<Subject* const> of, const request::WorstCase& most,
                      const Moment& now) {
  reserved_ = std::max<std::int64_t>(most.cost_nano_usd, 0);
  for (Subject* subject : of) {
    const std::uint32_t holds = subject->holds.load(std::memory_order_acquire);
    if ((holds & Subject::kTokens) != 0) {
      if (Refusal refusal = TakeTokens(*subject, holds, most, now)) {
        return refusal;
      }
    }
    if ((holds & (Subject::kBudgets | Subject::kPerRequest)) != 0) {
      if (Refusal refusal = TakeMoney(*subject, holds, most, now)) {
        return refusal;
      }
    }
  }
  return {};
}

void Amounts::Settle(std::int64_t tokens, std::int64_t cost, Lists& lists) {
  for (std::uint32_t i = 0; i < token_count_; ++i) {
    const auto& [meter, taking] = tokens_[i];
    if (tokens < 0 || tokens == taking.amount) {
      continue;
    }
    if (tokens < taking.amount) {
      meter->GiveBack(taking, taking.amount - tokens);
    } else {
      meter->Owe(taking, tokens - taking.amount);
    }
  }
  for (std::uint32_t i = 0; i < ticket_count_; ++i) {
    tickets_[i].budget->Settle(tickets_[i], cost, lists);
  }
  token_count_ = ticket_count_ = 0;
}

}  // namespace signalbox::quota
