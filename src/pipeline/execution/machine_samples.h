// A machine with its plan, health and clock on the table. Test support.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "pipeline/execution/health_report.h"
#include "pipeline/execution/machine.h"

namespace signalbox::execution {

using namespace std::chrono_literals;
using core::MonoTime;
using std::chrono::nanoseconds;

inline Layout SampleLayout(std::uint32_t providers, std::uint32_t keys = 1, KeyLimits limits = {}) {
  Layout layout;
  for (std::uint32_t i = 0; i < providers; ++i) {
    layout.push_back({.name = fmt::format("p{}", i)});
    for (std::uint32_t k = 0; k < keys; ++k) {
      layout.back().keys.push_back({k + 1, fmt::format("{}", k + 1), limits});
    }
  }
  return layout;
}

// One target at each of `count` providers, each a stage of its own.
struct Bench {
  explicit Bench(std::uint32_t count, std::uint32_t keys = 1, RetryOptions retry = {},
                 KeyLimits limits = {}, BreakerOptions breaker = {})
      : health(SampleLayout(count, keys, limits), retry, breaker) {
    for (std::uint32_t i = 0; i < count; ++i) {
      targets.push_back({.provider = i,
                         .stage = static_cast<std::uint16_t>(i),
                         .model = "m",
                         .health = &health.Model(i, "m")});
    }
    Again();
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // A new request.
  void Again() {
    machine.reset();
    plan = {targets, now + 10min};
    machine.emplace(plan, health);
  }
  Action Tell(const Event& event, double draw = 0.5, nanoseconds later = 0ns) {
    now += later;
    return machine->Next(event, now, draw);
  }
  void BreakModel(std::uint32_t target) { targets[target].health->breaker.Open(now, {}); }

  MonoTime now{1h};
  Health health;
  std::vector<Target> targets;
  Plan plan;
  std::optional<Machine> machine;
};

}  // namespace signalbox::execution
