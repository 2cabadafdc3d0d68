// The state of all targets at one moment, for GET /api/health/targets and the command line.
//
// Plain data, and nothing secret in it. Each worker has its own Health: Join makes one report of
// several, with the worse state where they differ.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "pipeline/execution/health.h"

namespace signalbox::execution {

struct HealthReport {
  struct State {
    BreakerState breaker = BreakerState::kClosed;
    std::chrono::milliseconds open_for{0};  // until the next probe that is due
    std::uint64_t calls = 0;                // in the breaker's window
    std::uint64_t failures = 0;
  };
  struct Model {
    std::string name;
    State state;
  };
  struct Key {
    std::string label;
    State state;
    std::chrono::milliseconds rests_for{0};  // for the model that is limited longest
    std::uint32_t in_flight = 0;
    KeyLimits limits;
  };
  struct Provider {
    std::string name;
    State state;
    std::vector<Model> models;
    std::vector<Key> keys;
  };

  std::vector<Provider> providers;
  std::uint32_t waiting = 0;  // requests that wait for a target
  double retries_left = 0;    // of the retry budget

  static HealthReport Of(Health& health, core::MonoTime now);
  // Adds what another worker says.
  void Join(const HealthReport& other);
  // {"providers":[{"name":…,"state":"closed",…}],"waiting":0,"retries_left":30}
  void Write(json::Writer& writer) const;
};

}  // namespace signalbox::execution
