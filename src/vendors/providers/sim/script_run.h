// A script at work: which rule answers this call, with the counters that nth, every, probability
// and rate limits need.
//
// Owner:   app/, one per simulated provider; shared by its workers.
// Threads: any. A script without rules touches nothing that is shared.
// Errors:  none.
// Cancel:  nothing waits.
//
// Equal scripts see equal calls in an equal order and decide equally.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/core/time.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

struct CallFacts {
  std::string_view model;  // without "sim/"
  std::string_view path;
  std::string_view message;
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  bool streamed = false;
};

struct Verdict {
  const Effects* effects = nullptr;  // null: no rule fired
  // Over a rate limit: until the next call would pass.
  std::optional<std::chrono::nanoseconds> retry_in;
};

class ScriptRun {
 public:
  explicit ScriptRun(Script script);

  Verdict Decide(const CallFacts& call, core::MonoTime now);
  const Script& script() const { return script_; }

 private:
  struct Counter {
    std::atomic<std::uint64_t> calls{0};  // that matched the rule's plain conditions
    std::mutex mutex;
    core::MonoTime next{};  // when an empty bucket would be full again
  };

  bool Fires(std::size_t rule);
  std::optional<std::chrono::nanoseconds> OverLimit(std::size_t rule, core::MonoTime now);

  Script script_;
  std::unique_ptr<Counter[]> counters_;
};

// * stands for any text, ? for one byte.
bool GlobMatches(std::string_view glob, std::string_view text);

// A well-mixed number out of two (SplitMix64's finaliser, Steele, Lea and Flood, 2014).
std::uint64_t Mix(std::uint64_t a, std::uint64_t b);
// FNV-1a over `text`, mixed with `seed`.
std::uint64_t HashText(std::string_view text, std::uint64_t seed);

}  // namespace signalbox::sim
