#include "pipeline/execution/summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace signalbox::execution {
namespace {

using core::ErrorCode;
using core::MonoTime;

constexpr std::size_t kLongestDetail = 240;
constexpr std::string_view kOnlyKey = "key";  // the label of a provider's `key:`

std::string NameOf(const Machine& machine, std::size_t target) {
  const Target& t = machine.plan().targets[target];
  return fmt::format("{}/{}", machine.health().ProviderName(t.provider), t.model);
}

std::string What(const Attempted& attempt) {
  const Failure& failure = attempt.failure;
  if (failure.status == 401 || failure.status == 402 || failure.status == 403 ||
      failure.kind == FailureKind::kQuotaSpent) {
    return fmt::format("answered {} to its key{}", failure.status,
                       attempt.key == kOnlyKey ? "" : " " + attempt.key);
  }
  if (failure.kind == FailureKind::kStatus) {
    return fmt::format("answered {}", failure.status);
  }
  return std::string(Describe(failure.kind));
}

std::string Describe(const Machine& machine, const Attempted& attempt) {
  std::string text = NameOf(machine, attempt.target) + " " + What(attempt);
  if (!attempt.detail.empty()) {
    text += fmt::format(" ({})", std::string_view(attempt.detail).substr(0, kLongestDetail));
  }
  return text;
}

std::int64_t SecondsUntil(MonoTime at, MonoTime now) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(at - now).count());
}

std::string_view Why(Hindrance hindrance) {
  switch (hindrance) {
    case Hindrance::kOpen:
      return "is left alone after it failed (its breaker is open)";
    case Hindrance::kLimited:
      return "is at its limit";
    case Hindrance::kNone:
    case Hindrance::kKeyRefused:  // hinders nobody who has no other way left
      break;
  }
  return "was not tried";
}

// Attempts that failed in the same way one after the other are told once: "… (…), 2 times".
void JoinEqual(std::vector<std::string>& parts) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < parts.size();) {
    std::size_t same = i + 1;
    while (same < parts.size() && parts[same] == parts[i]) {
      ++same;
    }
    out.push_back(same == i + 1 ? parts[i] : fmt::format("{}, {} times", parts[i], same - i));
    i = same;
  }
  parts = std::move(out);
}

void AddOnce(std::string text, std::vector<std::string>& out) {
  if (!text.empty() && std::ranges::find(out, text) == out.end()) {
    out.push_back(std::move(text));
  }
}

bool WasTried(const Machine& machine, std::size_t target) {
  return std::ranges::any_of(machine.failed(),
                             [&](const Attempted& a) { return a.target == target; });
}

// Targets that nothing was sent to, with what stood against them.
void AddUntried(const Machine& machine, MonoTime now, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < machine.plan().targets.size(); ++i) {
    const Target& target = machine.plan().targets[i];
    const Opening opening =
        machine.health().When(target.provider, *target.health, now, Urgency::kLastWay);
    if (WasTried(machine, i) || opening.at <= now) {
      continue;
    }
    std::string text = NameOf(machine, i) + " " + std::string(Why(opening.hindrance));
    if (opening.at != core::kNever) {
      text += fmt::format(", again in {} s", SecondsUntil(opening.at, now));
    }
    out.push_back(std::move(text));
  }
}

bool AllLimited(const Machine& machine, MonoTime now) {
  const auto limited = [&](const Target& target) {
    return machine.health()
               .When(target.provider, *target.health, now, Urgency::kLastWay)
               .hindrance == Hindrance::kLimited;
  };
  return std::ranges::all_of(machine.plan().targets, limited);
}

ErrorCode CodeOf(const Attempted& attempt) {
  switch (attempt.failure.kind) {
    case FailureKind::kConnect:
      return ErrorCode::kConnectFailed;
    case FailureKind::kTimeout:
      return ErrorCode::kDeadlineExceeded;
    case FailureKind::kProtocol:
      return ErrorCode::kUpstreamProtocol;
    default:
      break;
  }
  // Those that clients' libraries have a type of error for.
  switch (attempt.failure.status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kForbidden;
    case 429:
      return ErrorCode::kRateLimited;
    default:
      return ErrorCode::kUpstreamFailed;
  }
}

ErrorCode CodeOf(const Machine& machine, Reason reason, MonoTime now) {
  const auto failed = machine.failed();
  if (failed.empty()) {
    return reason == Reason::kDeadline ? ErrorCode::kDeadlineExceeded
           : AllLimited(machine, now)  ? ErrorCode::kRateLimited
                                       : ErrorCode::kUnavailable;
  }
  const ErrorCode first = CodeOf(failed.front());
  const bool agree =
      std::ranges::all_of(failed, [first](const Attempted& a) { return CodeOf(a) == first; });
  return agree ? first : ErrorCode::kUpstreamFailed;
}

std::string_view Ending(Reason reason) {
  switch (reason) {
    case Reason::kDeadline:
      return "; the request's time is over";
    case Reason::kBudget:
      return "; nothing more is tried while so many requests fail";
    default:
      return "";
  }
}

// Where a key was written: `key:`, one of `keys:`, or $VARIABLE.
std::string Place(const std::string& provider, const std::string& key) {
  if (key.starts_with('$')) {
    return key;
  }
  return fmt::format("providers.{}.{}{}", provider, key == kOnlyKey ? "" : "keys.", key);
}

// What whoever looks after the provider can do; empty: nothing but wait.
std::string Advice(const Machine& machine, const Attempted& attempt) {
  const std::string provider(
      machine.health().ProviderName(machine.plan().targets[attempt.target].provider));
  switch (attempt.failure.kind) {
    case FailureKind::kConnect:
    case FailureKind::kBroke:
    case FailureKind::kProtocol:
      if (attempt.detail.find("tls: ") != attempt.detail.npos ||
          attempt.detail.find("; check ") != attempt.detail.npos) {
        return "";  // the detail says what to do
      }
      return fmt::format(
          "check providers.{}.base_url, and with signalbox doctor whether anything "
          "answers there",
          provider);
    case FailureKind::kTimeout:
      return fmt::format("wait, or raise providers.{}.timeouts", provider);
    case FailureKind::kQuotaSpent:
      return fmt::format("the account of {} has nothing left", Place(provider, attempt.key));
    default:
      break;
  }
  return attempt.failure.status == 401 || attempt.failure.status == 403
             ? "check " + Place(provider, attempt.key)
             : "";
}

std::string Beginning(std::size_t attempts) {
  return attempts == 0   ? "no target can be called now: "
         : attempts == 1 ? "the attempt failed: "
                         : fmt::format("all {} attempts failed: ", attempts);
}

}  // namespace

core::Error Summarise(const Machine& machine, const Action& action, MonoTime now) {
  std::vector<std::string> parts;
  std::vector<std::string> advice;
  for (const Attempted& attempt : machine.failed()) {
    parts.push_back(Describe(machine, attempt));
    AddOnce(Advice(machine, attempt), advice);
  }
  JoinEqual(parts);
  AddUntried(machine, now, parts);
  core::Error error;
  error.code = CodeOf(machine, action.reason, now);
  error.message = Beginning(machine.failed().size()) + fmt::format("{}", fmt::join(parts, "; "));
  error.message += Ending(action.reason);
  for (const std::string& each : advice) {
    error.message += "; " + each;
  }
  if (action.until != core::kNever) {
    error.retry_after = std::chrono::seconds(SecondsUntil(action.until, now));
  }
  return error;
}

}  // namespace signalbox::execution
