#include "pipeline/quota/meter.h"

#include <algorithm>

namespace signalbox::quota {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kOrdered = std::memory_order_seq_cst;

}  // namespace

std::uint64_t Meter::Word(std::uint32_t window, std::int64_t count) {
  const auto kept = std::clamp<std::int64_t>(count, 0, static_cast<std::int64_t>(kMostCount));
  return (static_cast<std::uint64_t>(window) << kCountBits) | static_cast<std::uint64_t>(kept);
}

// What `word` says in the window `now`.
std::uint64_t Meter::AsOf(std::uint64_t word, std::uint32_t now) {
  const std::uint32_t window = WindowOf(word);
  if (now == window || now + 1 == window) {
    return word;
  }
  return now > window ? Word(now, 0) : Word(now, CountOf(word));
}

void Meter::Set(std::uint32_t limit, std::uint32_t burst, std::int64_t period, std::int64_t mono) {
  burst = std::min(burst, limit);
  const std::int64_t interval = limit == 0 ? period : std::max<std::int64_t>(period / limit, 1);
  const std::int64_t before = interval_.exchange(interval, kRelaxed);
  terms_.store((static_cast<std::uint64_t>(burst) << 32U) | limit, kRelaxed);
  std::int64_t arrival = arrival_.load(kRelaxed);
  while (arrival > mono && before != interval) {
    const auto owed = static_cast<std::int64_t>(static_cast<__int128>(arrival - mono) * interval /
                                                std::max<std::int64_t>(before, 1));
    if (arrival_.compare_exchange_weak(arrival, mono + std::min(owed, period), kRelaxed)) {
      return;
    }
  }
}

bool Meter::TakeWindow(std::int64_t amount, std::int64_t limit, std::int64_t wall,
                       std::int64_t period, Taking& taking) {
  const std::uint32_t now = WindowAt(wall, period);
  std::uint64_t word = window_.load(kRelaxed);
  for (;;) {
    const std::uint64_t current = AsOf(word, now);
    if (CountOf(current) + amount > limit) {
      taking.wait = (static_cast<std::int64_t>(WindowOf(current)) + 1) * period - wall;
      return false;
    }
    if (window_.compare_exchange_weak(word, current + static_cast<std::uint64_t>(amount), kOrdered,
                                      kRelaxed)) {
      taking.window = WindowOf(current);
      return true;
    }
  }
}

bool Meter::TakeBucket(std::int64_t amount, std::int64_t depth, std::int64_t mono, Taking& taking) {
  const std::int64_t cost = amount * taking.interval;
  std::int64_t arrival = arrival_.load(kRelaxed);
  for (;;) {
    const std::int64_t next = std::max(arrival, mono) + cost;
    if (next - mono > depth) {
      taking.wait = next - mono - depth;
      return false;
    }
    if (arrival_.compare_exchange_weak(arrival, next, kRelaxed)) {
      return true;
    }
  }
}

Taking Meter::Take(std::int64_t amount, const Moment& now, std::int64_t period) {
  const std::uint64_t terms = terms_.load(kRelaxed);
  Taking taking{.amount = amount, .interval = interval_.load(kRelaxed)};
  if (Limit(terms) == kUnlimited || amount == 0) {
    taking.amount = 0;
    return taking;
  }
  if (amount > Burst(terms)) {
    return {.taken = false, .wait = -1};
  }
  taking.taken = TakeWindow(amount, Limit(terms), now.wall, period, taking);
  if (taking.taken && !TakeBucket(amount, Burst(terms) * taking.interval, now.mono, taking)) {
    AddToWindow(taking.window, -amount, false);
    taking.taken = false;
  }
  return taking;
}

void Meter::AddToWindow(std::uint32_t window, std::int64_t amount, bool any_window) {
  std::uint64_t word = window_.load(kRelaxed);
  while (any_window || WindowOf(word) == window) {
    if (window_.compare_exchange_weak(word, Word(WindowOf(word), CountOf(word) + amount), kOrdered,
                                      kRelaxed)) {
      return;
    }
  }
}

void Meter::GiveBack(const Taking& taking, std::int64_t amount) {
  if (taking.amount != 0 && amount > 0) {
    AddToWindow(taking.window, -amount, false);
    arrival_.fetch_sub(amount * taking.interval, kRelaxed);
  }
}

void Meter::Owe(const Taking& taking, std::int64_t amount) {
  const std::uint64_t terms = terms_.load(kRelaxed);
  if (taking.interval == 0 || amount <= 0 || Limit(terms) == kUnlimited) {
    return;
  }
  AddToWindow(taking.window, amount, true);
  arrival_.fetch_add(std::min<std::int64_t>(amount, Limit(terms)) * taking.interval, kRelaxed);
}

Meter::Seen Meter::SeenAt(const Moment& now, std::int64_t period) const {
  const std::uint64_t word = AsOf(window_.load(kOrdered), WindowAt(now.wall, period));
  return {WindowOf(word), CountOf(word)};
}

// In the bucket it counts as taken now, so that what was refilled since is not there: it errs by
// one exchange's time at most, and never towards more.
bool Meter::Hear(std::uint32_t window, std::int64_t amount, const Moment& now,
                 std::int64_t period) {
  std::uint64_t word = window_.load(kRelaxed);
  for (;;) {
    const std::uint64_t current = AsOf(word, WindowAt(now.wall, period));
    if (WindowOf(current) != window) {
      return false;
    }
    if (window_.compare_exchange_weak(word, Word(window, CountOf(current) + amount), kRelaxed)) {
      break;
    }
  }
  const auto most = static_cast<std::int64_t>(Limit(terms_.load(kRelaxed)));
  if (most == kUnlimited) {
    return true;
  }
  const std::int64_t cost = std::clamp(amount, -most, most) * interval_.load(kRelaxed);
  std::int64_t arrival = arrival_.load(kRelaxed);
  while (!arrival_.compare_exchange_weak(
      arrival, (cost > 0 ? std::max(arrival, now.mono) : arrival) + cost, kRelaxed)) {
  }
  return true;
}

std::int64_t Meter::Remaining(const Moment& now, std::int64_t period) const {
  const std::uint64_t terms = terms_.load(kRelaxed);
  const std::uint64_t word = AsOf(window_.load(kRelaxed), WindowAt(now.wall, period));
  const std::int64_t interval = interval_.load(kRelaxed);
  const std::int64_t ahead = std::max<std::int64_t>(arrival_.load(kRelaxed) - now.mono, 0);
  const std::int64_t bucket = (Burst(terms) * interval - ahead) / interval;
  return std::max<std::int64_t>(std::min<std::int64_t>(Limit(terms) - CountOf(word), bucket), 0);
}

std::int64_t Meter::UntilWhole(const Moment& now, std::int64_t period) const {
  const std::uint64_t word = AsOf(window_.load(kRelaxed), WindowAt(now.wall, period));
  const std::int64_t window = (static_cast<std::int64_t>(WindowOf(word)) + 1) * period - now.wall;
  return std::max(CountOf(word) == 0 ? 0 : window, arrival_.load(kRelaxed) - now.mono);
}

}  // namespace signalbox::quota
