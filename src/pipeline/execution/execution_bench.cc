// What the execution stage costs a request. The budget is machine.h's: 100 ns for a request that
// succeeds at once, with one target, one key and closed breakers.
#include <benchmark/benchmark.h>

#include "base/core/random.h"
#include "pipeline/execution/machine.h"

namespace signalbox::execution {
namespace {

constexpr core::MonoTime kNow{std::chrono::hours(1)};

Layout Providers(std::uint32_t count, std::uint32_t keys) {
  Layout layout;
  for (std::uint32_t i = 0; i < count; ++i) {
    layout.push_back({.name = std::to_string(i)});
    for (std::uint32_t k = 0; k < keys; ++k) {
      layout.back().keys.push_back({.fingerprint = k, .label = std::to_string(k)});
    }
  }
  return layout;
}

// range(0): targets of one weighted stage, range(1): keys of each.
void SucceedsAtOnce(benchmark::State& state) {
  const auto targets = static_cast<std::uint32_t>(state.range(0));
  Health health(Providers(targets, static_cast<std::uint32_t>(state.range(1))), {}, {});
  std::vector<Target> list;
  for (std::uint32_t i = 0; i < targets; ++i) {
    list.push_back({.provider = i, .model = "m", .health = &health.Model(i, "m")});
  }
  core::Random random(1);
  core::MonoTime now = kNow;
  for (auto _ : state) {
    now += std::chrono::microseconds(10);
    const Plan plan{list, now + std::chrono::seconds(60)};
    Machine machine(plan, health);
    benchmark::DoNotOptimize(machine.Next(Event::Begin(), now, random.Draw()));
    benchmark::DoNotOptimize(machine.Next(Event::Answered(), now, random.Draw()));
    benchmark::DoNotOptimize(machine.Next(Event::Ended(true), now, random.Draw()));
  }
}
BENCHMARK(SucceedsAtOnce)->Args({1, 1})->Args({1, 4})->Args({4, 1})->Args({4, 4});

void FallsBackOnce(benchmark::State& state) {
  BreakerOptions breaker{.failures = 10'000, .failure_rate = 1, .min_calls = 1'000'000'000};
  RetryOptions retry{.budget = 10};
  Health health(Providers(2, 1), retry, breaker);
  const Target list[] = {
      {.provider = 0, .model = "m", .health = &health.Model(0, "m")},
      {.provider = 1, .stage = 1, .model = "m", .health = &health.Model(1, "m")}};
  core::MonoTime now = kNow;
  for (auto _ : state) {
    now += std::chrono::microseconds(10);
    const Plan plan{list, now + std::chrono::seconds(60)};
    Machine machine(plan, health);
    benchmark::DoNotOptimize(machine.Next(Event::Begin(), now, 0.5));
    benchmark::DoNotOptimize(machine.Next(Event::Failed({.status = 409}), now, 0.5));
    benchmark::DoNotOptimize(machine.Next(Event::Answered(), now, 0.5));
    benchmark::DoNotOptimize(machine.Next(Event::Ended(true), now, 0.5));
  }
}
BENCHMARK(FallsBackOnce);

}  // namespace
}  // namespace signalbox::execution
