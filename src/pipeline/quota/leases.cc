#include "pipeline/quota/leases.h"

#include <fmt/format.h>

namespace signalbox::quota {
namespace {

// A coroutine goes on without an answer then, and is refused.
constexpr std::chrono::seconds kMostWait{2};
constexpr std::chrono::hours kKeptAfterItsWindow{24};

LocalBudget LocalOf(const BudgetState& state) {
  return {.limit = state.limit,
          .spent = state.spent - state.earlier,
          .reserved = state.reserved,
          .hard = state.hard};
}

}  // namespace

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

struct Leases::Queue {
  std::vector<std::shared_ptr<Waiting::Shared>> all;
  std::size_t called = 0;  // of them, those for whom a call is out
};

Leases::Leases(Registry& registry, std::string life, const LeaseTerms& terms)
    : registry_(registry), life_(std::move(life)), terms_(terms) {}

Leases::~Leases() {
  for (Waiting* at = arrived_.load(); at != nullptr;) {
    const std::unique_ptr<Waiting> one(at);
    at = one->next;
  }
}

store::AccountName Leases::NameOf(const Budget& budget, std::int64_t start) {
  std::string name = fmt::format("budget:{}:", Name(budget.window()));
  for (const char c : budget.of().Code()) {
    if (c > ' ' && c < '\x7f' && c != '%') {
      name += c;
    } else {
      name += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return {.account = std::move(name),
          .window = budget.window() == Window::kPrepaid ? "" : std::to_string(start / kSecond)};
}

// What the keeper does not know of its call.
void Leases::Complete(const Key& key, const Entry& entry, const request::Instant& now,
                      store::Draw& draw) const {
  const auto& [budget, start] = key;
  draw.name = NameOf(*budget, start);
  draw.holder = entry.holder;
  if (budget->window() != Window::kPrepaid) {
    const std::chrono::nanoseconds left(budget->terms().calendar->At(start).end -
                                        now.wall.time_since_epoch().count());
    draw.keep = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(left, std::chrono::nanoseconds(0)) + kKeptAfterItsWindow);
  }
}

// Whether the keeper is still needed.
bool Leases::StepOne(const Key& key, Entry& entry, const request::Instant& now,
                     std::vector<Call>& calls) {
  Budget& budget = *key.first;
  const bool current = budget.StateAt(now.wall.time_since_epoch().count()).start == key.second;
  const auto state = budget.StateOf(key.second);
  if (!state) {
    return false;
  }
  LocalBudget local = LocalOf(*state);
  if (current) {
    const Budget::Asked asked = budget.TakeAsked();
    local.asked = asked.sum;
    local.largest = asked.largest;
  }
  LeaseKeeper::Step step = entry.keeper.Next(local, now.mono);
  budget.Grant(key.second, state->earlier + step.ceiling, step.elsewhere, registry_.lists());
  entry.due = step.again;
  if (step.draw) {
    Complete(key, entry, now, *step.draw);
    calls.push_back({&budget, key.second, *std::move(step.draw)});
  }
  if (current && step.draw) {
    if (const auto queue = waiting_.find(&budget); queue != waiting_.end()) {
      queue->second.called = queue->second.all.size();
    }
  } else if (current && !entry.keeper.waits()) {
    Wake(budget, true);  // who came after its answer
  }
  return current || !entry.keeper.done(local);
}

core::MonoTime Leases::Step(const request::Instant& now, std::vector<Call>& calls) {
  woken_.exchange(false, std::memory_order_acq_rel);
  Collect();  // first: what they asked for is then in the budgets
  const std::int64_t wall = now.wall.time_since_epoch().count();
  for (Budget* budget = registry_.wanted().Pop(); budget != nullptr;
       budget = registry_.wanted().Pop()) {
    Entry& entry = entries_[{budget, budget->StateAt(wall).start}];
    if (entry.holder.empty()) {
      entry = {.keeper = LeaseKeeper(terms_), .holder = fmt::format("{}-{}", life_, ++made_)};
    }
    entry.due = {};
  }
  core::MonoTime next = core::kNever;
  for (auto at = entries_.begin(); at != entries_.end();) {
    const bool needed = now.mono < at->second.due || StepOne(at->first, at->second, now, calls);
    next = needed ? std::min(next, at->second.due) : next;
    at = needed ? std::next(at) : entries_.erase(at);
  }
  return next;
}

void Leases::Answered(const Call& call, const store::Slice& answer, const request::Instant& now) {
  const auto found = entries_.find({call.budget, call.start});
  if (found == entries_.end()) {
    return;
  }
  found->second.keeper.Answered(answer, now.mono);
  found->second.due = {};
  if (const auto state = call.budget->StateOf(call.start)) {
    const auto step = found->second.keeper.Peek(now.mono);
    call.budget->Grant(call.start, state->earlier + step.ceiling, step.elsewhere,
                       registry_.lists());
  }
  Wake(*call.budget, false);
}

void Leases::Failed(const Call& call, const request::Instant& now) {
  const auto found = entries_.find({call.budget, call.start});
  if (found != entries_.end()) {
    found->second.keeper.Failed(now.mono);
    found->second.due = {};
  }
  Wake(*call.budget, true);
}

void Leases::SetReachable(bool reachable) {
  if (!reachable_.exchange(reachable, std::memory_order_relaxed) && reachable) {
    for (auto& [key, entry] : entries_) {
      entry.keeper.Retry();
      entry.due = {};
    }
  }
}

void Leases::Close(const request::Instant& now, std::vector<Call>& calls) {
  for (auto& [key, entry] : entries_) {
    const auto state = key.first->StateOf(key.second);
    if (state && !entry.keeper.calling()) {
      key.first->Grant(key.second, 0, 0, registry_.lists());
      Call call{key.first, key.second, entry.keeper.Close(LocalOf(*state), now.mono)};
      Complete(key, entry, now, call.draw);
      calls.push_back(std::move(call));
    }
  }
}

void Leases::Collect() {
  for (Waiting* at = arrived_.exchange(nullptr, std::memory_order_acquire); at != nullptr;) {
    const std::unique_ptr<Waiting> one(at);
    waiting_[one->budget].all.push_back(std::move(one->shared));
    at = one->next;
  }
}

void Leases::Wake(const Budget& budget, bool all) {
  const auto found = waiting_.find(&budget);
  if (found == waiting_.end()) {
    return;
  }
  Queue& queue = found->second;
  const auto end =
      queue.all.begin() + static_cast<std::ptrdiff_t>(all ? queue.all.size() : queue.called);
  for (auto at = queue.all.begin(); at != end; ++at) {
    (*at)->home.Post([shared = *at] { shared->done.Set(); });
  }
  queue.all.erase(queue.all.begin(), end);
  queue.called = 0;
  if (queue.all.empty()) {
    waiting_.erase(found);
  }
}

async::Task<void> Leases::Fetch(Budget& budget, async::Loop& home, async::Deadline deadline) {
  const auto shared = std::make_shared<Waiting::Shared>(home);
  auto* waiting = new Waiting{.budget = &budget, .shared = shared};
  waiting->next = arrived_.load(std::memory_order_relaxed);
  while (!arrived_.compare_exchange_weak(waiting->next, waiting, std::memory_order_release,
                                         std::memory_order_relaxed)) {
  }
  if (wake_ && !woken_.exchange(true, std::memory_order_acq_rel)) {
    wake_();
  }
  co_await shared->done.Wait(deadline.Earlier(home.now() + kMostWait));
}

}  // namespace signalbox::quota
