// What an operator can set about trying again and about breakers.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  those of the tables.
// Cancel:  nothing waits.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/config/table.h"
#include "pipeline/request/alias.h"

namespace signalbox::execution {

// More attempts than this are never made for one request, whatever is configured.
inline constexpr std::uint32_t kMostAttempts = 16;
using request::kMostTargets;  // in one plan

// The `retry` section.
struct RetryOptions {
  std::uint32_t attempts = 5;             // for one request in all
  std::uint32_t attempts_per_target = 2;  // a key that is refused or limited does not count
  std::chrono::nanoseconds base = std::chrono::milliseconds(200);
  std::chrono::nanoseconds cap = std::chrono::seconds(5);
  std::chrono::nanoseconds max_wait = std::chrono::seconds(20);
  std::chrono::nanoseconds max_rest = std::chrono::minutes(1);
  std::uint32_t waiting = 1000;
  double budget = 0.1;
  std::uint32_t budget_min = 10;
  std::chrono::nanoseconds budget_window = std::chrono::seconds(10);
  double attempt_share = 0.7;
  bool timeouts = true;
  bool context_too_long = true;
  bool content_filter = false;
};
const config::Table<RetryOptions>& RetryTable();

// The `breaker` section.
struct BreakerOptions {
  std::uint32_t failures = 5;  // in a row
  double failure_rate = 0.5;
  std::chrono::nanoseconds window = std::chrono::seconds(10);
  std::uint32_t min_calls = 20;
  std::chrono::nanoseconds open = std::chrono::seconds(1);
  std::chrono::nanoseconds open_max = std::chrono::seconds(60);
  std::uint32_t probes = 3;
  std::chrono::nanoseconds probe_every = std::chrono::seconds(1);
  std::chrono::nanoseconds key_rest = std::chrono::minutes(5);
};
const config::Table<BreakerOptions>& BreakerTable();

}  // namespace signalbox::execution
