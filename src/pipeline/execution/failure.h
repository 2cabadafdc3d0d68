// Why an attempt failed, whom that speaks against, and whether another try makes sense.
//
// Pure. This is R-40's list in one place; README.md has it as a table.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pipeline/execution/options.h"

namespace signalbox::execution {

enum class FailureKind : std::uint8_t {
  kConnect,         // no connection: name, TCP, TLS
  kTimeout,         // connected, but no head of an answer in time
  kBroke,           // connected, and broken off before a head
  kProtocol,        // answered with what HTTP or the dialect forbids
  kStatus,          // answered with an error status
  kContextTooLong,  // an error status whose body says that the prompt is too long
  kContentFilter,   // … that a filter of the vendor's refused the prompt
  kQuotaSpent,      // … that the key's money or quota is spent, as 429 insufficient_quota
  kOwnLimit,        // not sent: a limit or budget of ours for that provider or model is reached
};

struct Failure {
  FailureKind kind = FailureKind::kStatus;
  std::uint16_t status = 0;                               // of the answer; 0: there was none
  std::optional<std::chrono::nanoseconds> retry_after{};  // as RetryHints understood it
};

// Whom an outcome speaks against.
enum class Blame : std::uint8_t {
  kNobody,       // for nobody and against nobody: cancelled, or the caller's own error
  kProvider,     // it cannot be reached
  kModel,        // it was reached, and the model did not answer
  kKey,          // refused, or its money is spent
  kKeyForModel,  // this key may not use this model
  kKeyLimit,     // over a limit; it rests for a while
};

enum class Next : std::uint8_t {
  kPassOn,     // the caller's own error: it goes back as it is
  kElsewhere,  // another target, not this one again
  kLonger,     // a target that takes longer prompts
  kOtherKey,   // this target again at once with another key, or another target
  kAnywhere,   // another target, or this one again after a pause
};

struct Verdict {
  Blame blame = Blame::kNobody;
  Next next = Next::kPassOn;
};

Verdict Judge(const Failure& failure, const RetryOptions& options);

// "connect failed", "no answer in time", "answered 503", …
std::string_view Describe(FailureKind kind);

}  // namespace signalbox::execution
