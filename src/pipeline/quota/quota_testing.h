// A registry with a clock that is moved by hand, and calls through it.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "pipeline/quota/admission.h"

namespace signalbox::quota {

inline constexpr std::int64_t kUsd = 1'000'000'000;
// 2027-01-15 08:00:00 UTC, a Friday.
inline constexpr std::int64_t kStart = 1'800'000'000 * kSecond;

inline core::Uuid SampleUuid(std::uint64_t number) {
  core::Uuid id;
  for (unsigned i = 0; i < 8; ++i) {
    id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8U * i));
  }
  id.bytes[0] = 1;
  return id;
}

class World {
 public:
  explicit World(std::size_t most = 10'000) : registry(most) { registry.Tick(now); }

  BudgetTerms Terms(Window window, std::int64_t limit, bool hard = true) {
    return {.limit = limit,
            .alert_at = limit * 8 / 10,
            .hard = hard,
            .known_prices_only = hard,
            .calendar = *registry.CalendarFor(window, "UTC", now.wall)};
  }
  Rule Money(Window window, std::int64_t limit, bool hard = true) {
    Rule rule;
    rule.budgets[static_cast<std::size_t>(window)] = Terms(window, limit, hard);
    return rule;
  }
  static Rule Limited(Rate rate, std::uint32_t limit) {
    Rule rule;
    rule.limits.rates[static_cast<std::size_t>(rate)] = limit;
    return rule;
  }
  void Set(const SubjectKey& key, const Rule& rule) { registry.SetSetting(key, rule, now); }
  void SetDefault(SubjectKind kind, const Rule& rule) {
    auto rules = std::make_unique<Rules>(registry.rules());
    rules->Default(kind) = rule;
    registry.SetRules(std::move(rules), now);
  }
  void Pass(std::int64_t nanoseconds) {
    now.wall += nanoseconds;
    now.mono += nanoseconds;
    registry.Tick(now);
  }
  request::Instant At() const {
    return {core::WallTime(std::chrono::nanoseconds(now.wall)),
            core::MonoTime(std::chrono::nanoseconds(now.mono))};
  }

  Registry registry;
  Moment now{.mono = 7 * kHour, .wall = kStart};
};

// A caller with a key, a user, a team and a tenant.
inline request::Principal Caller(Registry& registry, std::uint64_t number,
                                 std::uint64_t tenant = 1) {
  auto grant = std::make_shared<request::Grant>();
  grant->parties.tenant.uuid = SampleUuid(1'000'000 + tenant);
  grant->parties.team.uuid = SampleUuid(2'000'000 + tenant);
  grant->parties.user.uuid = SampleUuid(3'000'000 + number);
  grant->parties.key.uuid = SampleUuid(4'000'000 + number);
  grant->allowance = Resolve(registry, grant->parties);
  return {grant->parties.key.Text(), grant};
}

inline SubjectKey KeyOf(const request::Principal& caller) {
  return {SubjectKind::kKey, caller.grant->parties.key.uuid, {}};
}

}  // namespace signalbox::quota
