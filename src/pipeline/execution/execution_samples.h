// Upstreams and figures that the simulations share. Test support.
//
// SIGNALBOX_SIM_REQUESTS sets how many requests a scenario has (10 million for the full run); the
// default suits a build with sanitizers.
#pragma once

#include <fmt/format.h>

#include <cstdlib>

#include "pipeline/execution/execution_simulator.h"

namespace signalbox::execution {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

inline std::uint64_t Requests(std::uint64_t least = 0) {
  const char* text = std::getenv("SIGNALBOX_SIM_REQUESTS");
  const std::uint64_t wanted = text != nullptr ? std::strtoull(text, nullptr, 10) : 200'000;
  return std::max(wanted, least);
}

inline double Seconds(nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

inline Layout Providers(std::uint32_t count, std::uint32_t keys = 1) {
  Layout layout;
  for (std::uint32_t i = 0; i < count; ++i) {
    ProviderLayout& provider = layout.emplace_back();
    provider.name = fmt::format("p{}", i);
    for (std::uint32_t k = 0; k < keys; ++k) {
      provider.keys.push_back({.fingerprint = k, .label = fmt::format("{}", k)});
    }
  }
  return layout;
}

inline SimReply Good(core::Random& random) {
  return {.head = 20ms + nanoseconds(static_cast<std::int64_t>(random.Draw() * 2e8)),
          .body = nanoseconds(static_cast<std::int64_t>(random.Draw() * 3e8))};
}

inline SimReply Failing(int status, nanoseconds after = 30ms) {
  return {.head = after, .failure = Failure{.status = static_cast<std::uint16_t>(status)}};
}

inline SimReply Refusing() {
  return {.head = 1ms, .failure = Failure{.kind = FailureKind::kConnect}};
}

inline SimReply Hanging() {
  return {.head = 24h};
}

inline void Print(std::string_view name, const SimResult& r) {
  const auto share = [&r](std::uint64_t part) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(r.requests);
  };
  fmt::print(
      "{}: {} requests, client errors {} ({:.4f} %), extra calls {} ({:.3f} %), waits {}, "
      "hash {:016x}\n",
      name, r.requests, r.client_errors, share(r.client_errors), r.extra_calls,
      share(r.extra_calls), r.waits, r.hash);
}

}  // namespace signalbox::execution
