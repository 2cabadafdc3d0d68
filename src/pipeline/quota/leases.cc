#include "pipeline/quota/leases.h"

#include <fmt/format.h>

namespace signalbox::quota {

// One coroutine that waits for an answer. What it shares with the control thread lives as long as
// either needs it.
struct Leases::Waiting {
  struct Shared {
    explicit Shared(async::Loop& loop) : home(loop), done(loop) {}
    async::Loop& home;
    async::Event done;
  };
  const Budget* budget = nullptr;
  std::shared_ptr<Shared> shared;
  Waiting* next = nullptr;
};

Leases::Leases(Registry& registry, const LeaseTerms& terms) : registry_(registry), terms_(terms) {}

Leases::~Leases() {
  for (Waiting* at = arrived_.load(); at != nullptr;) {
    const std::unique_ptr<Waiting> one(at);
    at = one->next;
  }
}

std::string Leases::AccountOf(const Budget& budget) {
  std::string name = fmt::format("budget:{}:", Name(budget.window()));
  for (const char c : budget.of().Code()) {
    if (c > ' ' && c < '\x7f' && c != '%') {
      name += c;
    } else {
      name += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

std::string Leases::WindowOf(const Draw& draw) {
  return draw.budget->window() == Window::kPrepaid ? "" : std::to_string(draw.start / kSecond);
}

LocalBudget Leases::LocalOf(const BudgetState& state, std::int64_t asked) {
  return {.limit = state.limit,
          .spent = state.spent - state.earlier,
          .reserved = state.reserved,
          .asked = asked};
}

// Whether the keeper is still needed.
bool Leases::StepOne(const Key& key, LeaseKeeper& keeper, const request::Instant& now,
                     std::vector<Draw>& calls) {
  Budget& budget = *key.first;
  const std::int64_t wall = now.wall.time_since_epoch().count();
  const bool current = budget.StateAt(wall).start == key.second;
  const auto state = budget.StateOf(key.second);
  if (!state) {
    return false;
  }
  const LocalBudget local = LocalOf(*state, current ? budget.TakeAsked() : 0);
  const LeaseKeeper::Step step = keeper.Next(local, now.mono);
  budget.Grant(key.second, state->earlier + step.ceiling, step.settled);
  if (step.call) {
    calls.push_back({&budget, key.second, *step.call});
  }
  return current || !keeper.done(local);
}

void Leases::Step(const request::Instant& now, std::vector<Draw>& calls) {
  const std::int64_t wall = now.wall.time_since_epoch().count();
  for (Budget* budget = registry_.wanted().Pop(); budget != nullptr;
       budget = registry_.wanted().Pop()) {
    keepers_.try_emplace({budget, budget->StateAt(wall).start}, terms_);
  }
  for (auto at = keepers_.begin(); at != keepers_.end();) {
    const bool needed = StepOne(at->first, at->second, now, calls);
    if (!at->second.waits()) {
      Wake(*at->first.first);  // who came after its answer
    }
    at = needed ? std::next(at) : keepers_.erase(at);
  }
}

void Leases::Answered(const Draw& draw, const SliceAnswer& answer, const request::Instant& now) {
  const auto found = keepers_.find({draw.budget, draw.start});
  if (found != keepers_.end()) {
    found->second.Answered(answer, now.mono);
    const auto state = draw.budget->StateOf(draw.start);
    if (state) {
      const auto step = found->second.Peek(now.mono);
      draw.budget->Grant(draw.start, state->earlier + step.ceiling, step.settled);
    }
  }
  Wake(*draw.budget);
}

void Leases::Failed(const Draw& draw, const request::Instant& now) {
  const auto found = keepers_.find({draw.budget, draw.start});
  if (found != keepers_.end()) {
    found->second.Failed(now.mono);
  }
  Wake(*draw.budget);
}

void Leases::Close(const request::Instant& now, std::vector<Draw>& calls) {
  for (auto& [key, keeper] : keepers_) {
    const auto state = key.first->StateOf(key.second);
    if (state && !keeper.calling()) {
      key.first->Grant(key.second, 0, 0);
      calls.push_back({key.first, key.second, keeper.Close(LocalOf(*state, 0), now.mono)});
    }
  }
}

void Leases::Wake(const Budget& budget) {
  if (waiting_.empty() && arrived_.load(std::memory_order_relaxed) == nullptr) {
    return;
  }
  for (Waiting* at = arrived_.exchange(nullptr, std::memory_order_acquire); at != nullptr;) {
    waiting_.emplace_back(at);
    at = waiting_.back()->next;
  }
  std::erase_if(waiting_, [&](const std::unique_ptr<Waiting>& one) {
    if (one->budget != &budget) {
      return false;
    }
    const std::shared_ptr<Waiting::Shared> shared = one->shared;
    shared->home.Post([shared] { shared->done.Set(); });
    return true;
  });
}

async::Task<void> Leases::Fetch(Budget& budget, async::Loop& home, async::Deadline deadline) {
  const auto shared = std::make_shared<Waiting::Shared>(home);
  auto* waiting = new Waiting{.budget = &budget, .shared = shared};
  waiting->next = arrived_.load(std::memory_order_relaxed);
  while (!arrived_.compare_exchange_weak(waiting->next, waiting, std::memory_order_release,
                                         std::memory_order_relaxed)) {
  }
  co_await shared->done.Wait(deadline);
}

}  // namespace signalbox::quota
