// A stretch of traffic in virtual time: what is configured, who asks how often, and what upstreams
// do. Test support for execution_simulator.h. Plain data.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/core/random.h"
#include "pipeline/execution/machine.h"

namespace signalbox::execution {

// What an upstream does with a call.
struct SimReply {
  std::chrono::nanoseconds head = std::chrono::milliseconds(100);  // until head or failure
  std::optional<Failure> failure{};
  std::chrono::nanoseconds body = std::chrono::milliseconds(100);  // from head to end
  bool breaks = false;                                             // in the body
};

struct SimTarget {
  std::uint32_t provider = 0;
  std::uint16_t stage = 0;
  std::uint16_t weight = 1;
  std::string model = "m";
  std::chrono::nanoseconds head_timeout = std::chrono::seconds(60);
};

// A call as an upstream sees it; times are since the beginning.
struct SimCall {
  std::uint8_t target;
  std::uint32_t key;
  std::chrono::nanoseconds at;
  std::chrono::nanoseconds until;  // nobody waits for the head any longer
};

struct Scenario {
  Layout layout;
  std::vector<SimTarget> targets;
  RetryOptions retry{};
  BreakerOptions breaker{};
  std::uint64_t requests = 0;
  double per_second = 1000;
  std::chrono::nanoseconds deadline = std::chrono::seconds(10);  // of each request
  double cancelled = 0;  // share of requests whose caller leaves before the answer
  std::uint64_t seed = 1;
  std::function<SimReply(const SimCall&, core::Random&)> upstream;
};

enum class SimOutcome : std::uint8_t { kOk, kBroken, kPassedOn, kGaveUp, kCancelled };

struct SimEnd {
  SimOutcome outcome;
  Reason reason;
  std::uint32_t attempts;
  std::chrono::nanoseconds arrived;  // both since the beginning
  std::chrono::nanoseconds ended;
};

struct SimResult {
  std::uint64_t requests = 0;
  std::uint64_t ok = 0;
  std::uint64_t client_errors = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t calls = 0;
  std::uint64_t extra_calls = 0;  // beyond each request's first
  std::uint64_t waits = 0;
  std::uint64_t violations = 0;                // promises of the machine that were broken
  std::uint64_t hash = 14695981039346656037U;  // of all outcomes in order
};

}  // namespace signalbox::execution
