// A storm of 429s in virtual time, with Retry-After of all kinds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/execution/execution_samples.h"
#include "pipeline/execution/retry_after.h"

namespace signalbox::execution {
namespace {

constexpr core::WallTime kWallBeginning{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
constexpr nanoseconds kTold = 30ms;  // until a 429 is there

std::string HttpDate(core::WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("Sat, {:02} Nov {} {:02}:{:02}:{:02} GMT", unsigned(date.day()),
                     int(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

// One of the ways in which servers say when to come back, and its field.
struct Said {
  std::string name = "Retry-After";
  std::string value;
};
Said SayWhen(core::WallTime now, core::Random& random) {
  const double draw = random.Draw();
  if (draw < 0.40) {
    return {.value = fmt::format("{}", 1 + random.Next() % 3)};
  }
  if (draw < 0.60) {
    return {.value = HttpDate(now + 3s)};
  }
  if (draw < 0.70) {
    return {.value = HttpDate(now - 1h)};
  }
  if (draw < 0.80) {
    return {.value = "soon"};
  }
  if (draw < 0.99) {
    return {.name = "retry-after-ms", .value = fmt::format("{}", 200 + random.Next() % 3000)};
  }
  return {.value = "99999999999999999999"};
}

// What a limited provider lets through and what it said, key by key.
class LimitedProvider {
 public:
  LimitedProvider(std::uint32_t keys, double per_second) : keys_(keys), per_second_(per_second) {}

  SimReply Take(const SimCall& call, core::Random& random, bool storm) {
    Key& key = keys_[call.key];
    std::erase_if(key.told, [&](const Told& told) { return told.until <= call.at; });
    for (const Told& told : key.told) {
      early_ += told.from <= call.at ? 1 : 0;
    }
    ++calls_by_tenth_[call.at / 100ms];
    key.tokens = std::min(20.0, key.tokens + Seconds(call.at - key.last) * per_second_);
    key.last = call.at;
    if (!storm || key.tokens >= 1) {
      key.tokens -= storm ? 1 : 0;
      return Good(random);
    }
    ++limited_;
    RetryHints hints(kWallBeginning + call.at + kTold);
    const Said said = SayWhen(kWallBeginning + call.at + kTold, random);
    hints.Take(said.name, said.value);
    if (const auto wait = hints.Wait(); wait && call.at + kTold <= call.until) {
      const nanoseconds from = call.at + kTold;
      key.told.push_back({from, from + std::min<nanoseconds>(*wait, RetryOptions{}.max_rest)});
    }
    return {.head = kTold, .failure = Failure{.status = 429, .retry_after = hints.Wait()}};
  }

  std::uint64_t early() const { return early_; }      // calls that a Retry-After forbade
  std::uint64_t limited() const { return limited_; }  // 429s
  std::uint64_t MostInATenth() const {
    std::uint64_t most = 0;
    for (const auto& [tenth, calls] : calls_by_tenth_) {
      most = std::max(most, calls);
    }
    return most;
  }

 private:
  struct Told {
    nanoseconds from;
    nanoseconds until;
  };
  struct Key {
    double tokens = 20;
    nanoseconds last{0};
    std::vector<Told> told;
  };

  std::vector<Key> keys_;
  double per_second_;
  std::uint64_t early_ = 0;
  std::uint64_t limited_ = 0;
  std::map<std::int64_t, std::uint64_t> calls_by_tenth_;
};

// Times from a failure to the next attempt, in powers of two of 10 ms.
class Histogram {
 public:
  void Add(nanoseconds time) {
    std::size_t bucket = 0;
    for (nanoseconds edge = 10ms; time > edge && bucket + 1 < counts_.size(); edge *= 2) {
      ++bucket;
    }
    ++counts_[bucket];
  }
  void Print() const {
    std::uint64_t most = 1;
    for (const std::uint64_t count : counts_) {
      most = std::max(most, count);
    }
    nanoseconds edge = 10ms;
    for (const std::uint64_t count : counts_) {
      fmt::print("  <= {:6.2f} s {:8} {}\n", Seconds(edge), count,
                 std::string(static_cast<std::size_t>(50 * count / most), '#'));
      edge *= 2;
    }
  }

 private:
  std::array<std::uint64_t, 12> counts_{};
};

void ExpectHonoured(std::string_view name, std::uint32_t keys, bool fallback) {
  constexpr double kPerSecond = 1000;
  Scenario scenario{.layout = Providers(2, keys),
                    .targets = {{.provider = 0}},
                    .requests = Requests(200'000),
                    .per_second = kPerSecond,
                    .deadline = 30s};
  if (fallback) {
    scenario.targets.push_back({.provider = 1, .stage = 1});
  }
  const nanoseconds length(
      static_cast<std::int64_t>(static_cast<double>(scenario.requests) / kPerSecond * 1e9));
  const nanoseconds begin = length / 10;
  const nanoseconds end = length / 2;
  LimitedProvider limited(keys, 200);
  scenario.upstream = [&](const SimCall& call, core::Random& random) {
    return call.target == 0 ? limited.Take(call, random, call.at > begin && call.at < end)
                            : Good(random);
  };
  const nanoseconds max_rest = scenario.retry.max_rest;
  Simulator simulator(std::move(scenario));
  Histogram retries;
  std::uint64_t late_errors = 0;
  simulator.on_start = [&](const SimCall&, std::uint32_t number, nanoseconds since) {
    number > 1 || since > 0ns ? retries.Add(since) : void();
  };
  simulator.on_end = [&](const SimEnd& e) {
    late_errors += e.arrived > end + max_rest && e.outcome != SimOutcome::kOk ? 1 : 0;
  };
  const SimResult result = simulator.Run();
  Print(name, result);
  fmt::print("  {} times 429; at most {} calls in 100 ms of {} asked; until the next attempt:\n",
             limited.limited(), limited.MostInATenth(), kPerSecond / 10);
  retries.Print();
  EXPECT_EQ(limited.early(), 0U);
  EXPECT_GT(limited.limited(), 0U);
  EXPECT_EQ(late_errors, 0U);
  EXPECT_LE(static_cast<double>(limited.MostInATenth()), 3 * kPerSecond / 10);
  EXPECT_EQ(result.violations, 0U);
  if (fallback) {
    EXPECT_LT(static_cast<double>(result.client_errors),
              0.001 * static_cast<double>(result.requests));
  }
}

TEST(RateLimitStorm, IsHonouredAndWaitedForWithoutAHerd) {
  ExpectHonoured("429 storm, one key", 1, false);
  ExpectHonoured("429 storm, three keys", 3, false);
}

TEST(RateLimitStorm, OtherTargetsAreUsedMeanwhile) {
  ExpectHonoured("429 storm, one key, with a fallback", 1, true);
}

}  // namespace
}  // namespace signalbox::execution
