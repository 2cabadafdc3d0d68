// The bad days of the gateway, in virtual time.
#include "pipeline/execution/execution_simulator.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pipeline/execution/execution_samples.h"

namespace signalbox::execution {
namespace {

Scenario HalfFailing() {
  return {.layout = Providers(2),
          .targets = {{.provider = 0, .stage = 0}, {.provider = 1, .stage = 1}},
          .requests = Requests(),
          .upstream = [](const SimCall& call, core::Random& random) {
            return call.target == 0 && random.Draw() < 0.5 ? Failing(500) : Good(random);
          }};
}

TEST(ExecutionSim, OneProviderFailingHalfIsCarriedByTheOther) {
  for (const double per_second : {5.0, 50.0, 1000.0}) {
    Scenario scenario = HalfFailing();
    scenario.per_second = per_second;
    const SimResult result = Simulator(std::move(scenario)).Run();
    Print(fmt::format("one of two fails 50 %, {}/s", per_second), result);
    EXPECT_LT(static_cast<double>(result.client_errors),
              0.001 * static_cast<double>(result.requests));
    EXPECT_LE(static_cast<double>(result.extra_calls), 0.1 * static_cast<double>(result.requests));
    EXPECT_EQ(result.violations, 0U);
  }
}

TEST(ExecutionSim, EqualSeedsGiveEqualDays) {
  Scenario scenario = HalfFailing();
  scenario.layout = Providers(2, 3);
  scenario.cancelled = 0.05;
  const SimResult first = Simulator(scenario).Run();
  const SimResult second = Simulator(scenario).Run();
  scenario.seed = 2;
  const SimResult other = Simulator(scenario).Run();
  EXPECT_EQ(first.hash, second.hash);
  EXPECT_EQ(first.calls, second.calls);
  EXPECT_NE(first.hash, other.hash);
  EXPECT_GT(first.cancelled, 0U);
}

// Everything is down for the second third of the time.
struct Outage {
  nanoseconds from;
  nanoseconds to;
};

void ExpectRecovery(std::string_view name, std::uint32_t providers, double per_second,
                    const std::function<SimReply()>& down) {
  Scenario scenario{
      .layout = Providers(providers),
      .requests = std::max<std::uint64_t>(std::min<std::uint64_t>(Requests(), 1'000'000),
                                          static_cast<std::uint64_t>(per_second * 300)),
      .per_second = per_second};
  const double seconds = static_cast<double>(scenario.requests) / per_second;
  const Outage outage{nanoseconds(static_cast<std::int64_t>(seconds * 1e9 / 3)),
                      nanoseconds(static_cast<std::int64_t>(seconds * 2e9 / 3))};
  for (std::uint32_t i = 0; i < providers; ++i) {
    scenario.targets.push_back({.provider = i, .stage = static_cast<std::uint16_t>(i)});
  }
  std::uint64_t calls_while_down = 0;
  scenario.upstream = [&](const SimCall& call, core::Random& random) {
    const bool is_down = call.at >= outage.from && call.at < outage.to;
    calls_while_down += is_down ? 1 : 0;
    return is_down ? down() : Good(random);
  };
  Simulator simulator(std::move(scenario));
  nanoseconds last_error{0};
  simulator.on_end = [&](const SimEnd& end) {
    if (end.outcome != SimOutcome::kOk && end.arrived > outage.to) {
      last_error = std::max(last_error, end.arrived - outage.to);
    }
  };
  const SimResult result = simulator.Run();
  Print(name, result);
  const double down_seconds = Seconds(outage.to - outage.from);
  fmt::print(
      "  down for {:.0f} s: {:.2f} calls/s while down of {}/s asked; recovered {:.2f} s "
      "after the return\n",
      down_seconds, static_cast<double>(calls_while_down) / down_seconds, per_second,
      Seconds(last_error));
  EXPECT_LT(last_error, 5s);
  // What was under way when it began, each with one fallback (10 s is the deadline); then probes.
  EXPECT_LT(static_cast<double>(calls_while_down),
            2 * 10 * per_second + 3.0 * providers * down_seconds);
  EXPECT_EQ(result.violations, 0U);
}

TEST(ExecutionSim, RecoversSoonAfterAnOutageOfEverything) {
  ExpectRecovery("two refuse connections", 2, 1000, Refusing);
  ExpectRecovery("two refuse connections, few requests", 2, 10, Refusing);
  ExpectRecovery("one refuses connections", 1, 200, Refusing);
  ExpectRecovery("three answer 503", 3, 1000, [] { return Failing(503); });
}

TEST(ExecutionSim, RecoversSoonAfterEverythingHung) {
  ExpectRecovery("two take calls and never answer", 2, 200, Hanging);
  ExpectRecovery("one takes calls and never answers", 1, 50, Hanging);
}

void ExpectOneOfThreeIsNotMissed(std::string_view name, const std::function<SimReply()>& down,
                                 double per_second) {
  Scenario scenario{
      .layout = Providers(3),
      .targets = {{.provider = 0}, {.provider = 1}, {.provider = 2}},
      .requests = Requests(),
      .per_second = per_second,
      .upstream = [&](const SimCall& call, core::Random& random) {
        return call.target == 0 ? down() : random.Draw() < 0.01 ? Failing(500) : Good(random);
      }};
  const SimResult result = Simulator(std::move(scenario)).Run();
  Print(name, result);
  EXPECT_GE(static_cast<double>(result.ok), 0.9999 * static_cast<double>(result.requests));
  EXPECT_EQ(result.violations, 0U);
}

TEST(ExecutionSim, OneOfThreeDownIsNotMissed) {
  ExpectOneOfThreeIsNotMissed("one of three refuses", Refusing, 1000);
  ExpectOneOfThreeIsNotMissed("one of three answers 500", [] { return Failing(500); }, 1000);
  ExpectOneOfThreeIsNotMissed(
      "one of three cannot be connected to in 5 s",
      [] { return SimReply{.head = 5s, .failure = Refusing().failure}; }, 100);
}

}  // namespace
}  // namespace signalbox::execution
