#include <benchmark/benchmark.h>

#include <vector>

#include "base/core/random.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

constexpr request::WorstCase kMost{
    .input_tokens = 900, .output_tokens = 300, .cost_nano_usd = 4'000'000};
constexpr request::Used kUsed{
    .input_tokens = 200, .output_tokens = 100, .cost_nano_usd = 1'000'000};

// Requests and tokens a minute and a budget a day.
Rule Everything(World& world) {
  Rule rule = world.Money(Window::kDay, 1'000'000'000 * kUsd);
  rule.limits.rates[0] = 4'000'000'000;
  rule.limits.rates[2] = 4'000'000'000;
  return rule;
}

class Governed {
 public:
  explicit Governed(std::int64_t keys) {
    auto rules = std::make_unique<Rules>();
    for (const auto kind : {SubjectKind::kTenant, SubjectKind::kTeam, SubjectKind::kUser,
                            SubjectKind::kKey, SubjectKind::kTotal}) {
      rules->Default(kind) = Everything(world);
    }
    registry.SetRules(std::move(rules), world.now);
    for (std::int64_t i = 0; i < keys; ++i) {
      callers.push_back(
          Caller(registry, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i) / 100));
    }
  }
  World world;
  Registry registry{1'000'000};
  std::vector<request::Principal> callers;
};

void One(Admission& admission, const request::Principal& caller, const request::Instant& now) {
  const request::Labels labels;
  auto pass = admission.Admit({.principal = caller, .labels = labels, .now = now});
  benchmark::DoNotOptimize((*pass)->Reserve({"openai", "gpt-4o"}, kMost, now, nullptr, nullptr));
  (*pass)->Settle(kUsed);
}

// Limits and budgets on key, user, team, tenant and in all; keys in a random order.
void BM_Request(benchmark::State& state) {
  Governed governed(state.range(0));
  Admission admission(governed.registry);
  core::Random random(1);
  request::Instant now = governed.world.At();
  for (auto _ : state) {
    now.mono += std::chrono::microseconds(10);
    now.wall += std::chrono::microseconds(10);
    One(admission, governed.callers[random.Next() % governed.callers.size()], now);
  }
}
BENCHMARK(BM_Request)->Arg(10)->Arg(1'000)->Arg(100'000);

void BM_RequestWithNothingLimited(benchmark::State& state) {
  World world;
  Admission admission(world.registry);
  const auto caller = Caller(world.registry, 1);
  for (auto _ : state) {
    One(admission, caller, world.At());
  }
}
BENCHMARK(BM_RequestWithNothingLimited);

// A provider's and a user's limits at it beside those.
void BM_RequestWithAProvidersLimits(benchmark::State& state) {
  Governed governed(state.range(0));
  auto rules = std::make_unique<Rules>(governed.registry.rules());
  rules->Default(SubjectKind::kProviderUser) =
      World::Limited(Rate::kRequestsPerHour, 4'000'000'000);
  rules->Named(SubjectKind::kProvider)["openai"] = Everything(governed.world);
  governed.registry.SetRules(std::move(rules), governed.world.now);
  Admission admission(governed.registry);
  core::Random random(1);
  request::Instant now = governed.world.At();
  for (auto _ : state) {
    now.mono += std::chrono::microseconds(10);
    now.wall += std::chrono::microseconds(10);
    One(admission, governed.callers[random.Next() % governed.callers.size()], now);
  }
}
BENCHMARK(BM_RequestWithAProvidersLimits)->Arg(10)->Arg(100'000);

// Requests and tokens a minute on key, user, team, tenant and in all; shared with other replicas or
// not.
void BM_LimitedRequest(benchmark::State& state) {
  World world;
  Registry registry(1'000, state.range(0) != 0);
  auto rules = std::make_unique<Rules>();
  Rule rule = World::Limited(Rate::kRequestsPerMinute, 4'000'000'000);
  rule.limits.rates[2] = 4'000'000'000;
  for (const auto kind : {SubjectKind::kTenant, SubjectKind::kTeam, SubjectKind::kUser,
                          SubjectKind::kKey, SubjectKind::kTotal}) {
    rules->Default(kind) = rule;
  }
  registry.SetRules(std::move(rules), world.now);
  Admission admission(registry);
  const auto caller = Caller(registry, 1);
  request::Instant now = world.At();
  for (auto _ : state) {
    now.mono += std::chrono::microseconds(10);
    now.wall += std::chrono::microseconds(10);
    One(admission, caller, now);
  }
}
BENCHMARK(BM_LimitedRequest)->ArgName("shared")->Arg(0)->Arg(1);

void BM_OneBudget(benchmark::State& state) {
  static World world;
  static Budget& budget = [] -> Budget& {
    world.Set({}, world.Money(Window::kDay, kNoAmount - 1));
    return *world.registry.total().budgets.load();
  }();
  for (auto _ : state) {
    Ticket ticket;
    benchmark::DoNotOptimize(budget.Reserve(7, world.now.wall, ticket));
    budget.Settle(ticket, 5, world.registry.lists());
  }
}
BENCHMARK(BM_OneBudget)->Threads(1)->Threads(2)->UseRealTime();

void BM_Find(benchmark::State& state) {
  Registry registry(1'000'000);
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    registry.FindOrMake({SubjectKind::kKey, SampleUuid(static_cast<std::uint64_t>(i)), {}});
  }
  core::Random random(1);
  for (auto _ : state) {
    const auto id = SampleUuid(random.Next() % static_cast<std::uint64_t>(state.range(0)));
    benchmark::DoNotOptimize(registry.Find({SubjectKind::kKey, id, {}}));
  }
}
BENCHMARK(BM_Find)->Arg(10)->Arg(100'000);

void BM_Meter(benchmark::State& state) {
  Meter meter;
  meter.Set(4'000'000'000, 4'000'000'000, kMinute, 0);
  Moment now{.mono = kHour, .wall = kStart};
  for (auto _ : state) {
    now.mono += 100;
    now.wall += 100;
    const Taking taking = meter.Take(3, now, kMinute);
    meter.GiveBack(taking, 2);
  }
}
BENCHMARK(BM_Meter);

}  // namespace
}  // namespace signalbox::quota
