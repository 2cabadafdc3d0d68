#include "pipeline/gateway/failure_log.h"

#include <fmt/format.h>

#include "base/telemetry/log.h"

namespace signalbox::gateway {
namespace {

using execution::Failure;
using execution::FailureKind;

constexpr std::chrono::minutes kQuiet{1};
// Providers come and go with reloads; so many are remembered.
constexpr std::size_t kMostTold = 1000;

// What went wrong with the provider itself; empty: nothing that an operator must know of.
std::string_view Trouble(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::kConnect:
      return "a provider cannot be reached";
    case FailureKind::kTimeout:
      return "a provider is too slow";
    case FailureKind::kBroke:
    case FailureKind::kProtocol:
      return "a provider gives no answer that can be used";
    case FailureKind::kQuotaSpent:
      return "a provider's key has no quota left";
    case FailureKind::kContextTooLong:
    case FailureKind::kContentFilter:
    case FailureKind::kOwnLimit:
      return "";
    case FailureKind::kStatus:
      break;
  }
  if (failure.status == 401 || failure.status == 402 || failure.status == 403) {
    return "a provider refuses its key";
  }
  return failure.status == 429   ? "a provider's limit is reached"
         : failure.status >= 500 ? "a provider fails"
                                 : "";
}

}  // namespace

void FailureLog::Note(const FailedCall& call, core::MonoTime now) {
  const std::string_view trouble = Trouble(call.failure);
  if (trouble.empty()) {
    return;
  }
  const std::string name = fmt::format("{}\n{}", call.provider, trouble);
  if (!told_.contains(name) && told_.size() >= kMostTold) {
    told_.clear();
  }
  const auto [entry, first] = told_.try_emplace(name);
  Told& told = entry->second;
  if (!first && now < told.at + kQuiet) {
    ++told.silent;
    return;
  }
  const bool own_words = call.failure.status == 0;
  telemetry::Log(telemetry::Level::kWarn, trouble,
                 {{"provider", call.provider},
                  {"model", call.model},
                  {"key", call.key},
                  {"status", call.failure.status},
                  {"reason", own_words ? call.detail : std::string_view()},
                  {"more", told.silent}});
  told = {now, 0};
}

}  // namespace signalbox::gateway
