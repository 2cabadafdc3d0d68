#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

bool SameName(std::string_view lower, std::string_view name) {
  return std::ranges::equal(lower, name, [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
  });
}

bool HeadersMatch(const Pairs& wanted, const CallFacts& call) {
  return std::ranges::all_of(wanted, [&](const auto& want) {
    return std::ranges::any_of(call.headers, [&](const auto& header) {
      return SameName(want.first, header.first) && GlobMatches(want.second, header.second);
    });
  });
}

bool Matches(const Match& match, const CallFacts& call) {
  return GlobMatches(match.model, call.model) && GlobMatches(match.path, call.path) &&
         GlobMatches(match.message, call.message) &&
         (!match.streamed || *match.streamed == call.streamed) && HeadersMatch(match.headers, call);
}

}  // namespace

bool GlobMatches(std::string_view glob, std::string_view text) {
  if (glob.empty()) {
    return true;
  }
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

std::uint64_t Mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9e3779b97f4a7c15ULL * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t HashText(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return Mix(hash, seed);
}

ScriptRun::ScriptRun(Script script)
    : script_(std::move(script)), counters_(std::make_unique<Counter[]>(script_.rules.size())) {}

Verdict ScriptRun::Decide(const CallFacts& call, core::MonoTime now) {
  for (std::size_t i = 0; i < script_.rules.size(); ++i) {
    const Rule& rule = script_.rules[i];
    if (!Matches(rule.match, call) || !Fires(i)) {
      continue;
    }
    if (!rule.effects.rate_limit) {
      return {&rule.effects, std::nullopt};
    }
    if (const auto retry_in = OverLimit(i, now)) {
      return {&rule.effects, retry_in};
    }
  }
  return {};
}

bool ScriptRun::Fires(std::size_t rule) {
  const Match& match = script_.rules[rule].match;
  const std::uint64_t call = 1 + counters_[rule].calls.fetch_add(1, std::memory_order_relaxed);
  if (!match.nth.empty() && std::ranges::find(match.nth, call) == match.nth.end()) {
    return false;
  }
  if (match.every != 0 && call % match.every != 0) {
    return false;
  }
  constexpr double kTwoTo53 = 9007199254740992.0;
  const std::uint64_t draw = Mix(Mix(script_.seed, rule), call) >> 11;
  return static_cast<double>(draw) / kTwoTo53 < match.probability;
}

// Generic cell rate algorithm (ATM Forum TM 4.0): `next` is when the bucket would be full again.
std::optional<std::chrono::nanoseconds> ScriptRun::OverLimit(std::size_t rule, core::MonoTime now) {
  const RateLimit& limit = *script_.rules[rule].effects.rate_limit;
  const auto interval = limit.per / limit.requests;
  Counter& counter = counters_[rule];
  const std::lock_guard lock(counter.mutex);
  const auto next = std::max(counter.next, now) + interval;
  if (next - now > limit.per) {
    return next - now - limit.per;
  }
  counter.next = next;
  return std::nullopt;
}

}  // namespace signalbox::sim
