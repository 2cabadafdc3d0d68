// Why something was not let through, as an error that its caller can act on.
//
// Owner: nobody. Threads: any. Errors: it makes them. Cancel: nothing to undo.
#pragma once

#include <cstdint>

#include "base/core/error.h"
#include "pipeline/quota/subject.h"

namespace signalbox::quota {

struct Refusal {
  enum class Reason : std::uint8_t {
    kNone,
    kRate,  // `what` says which
    kConcurrent,
    kReserved,      // a budget, for what calls under way have reserved
    kSpent,         // a budget
    kSlice,         // a budget that is shared, for the part of it that is here
    kStoreAway,     // the same, while nobody can say how much is left
    kPerRequest,    // more than one request may cost
    kUnknownPrice,  // under a hard budget
  };

  Reason reason = Reason::kNone;
  const Subject* whom = nullptr;
  Budget* budget = nullptr;  // kReserved, kSpent, kSlice, kStoreAway
  std::uint32_t what = 0;    // of a rate: its number; of a budget: its window
  std::int64_t limit = 0;    // of it
  std::int64_t wanted = 0;   // of tokens or money
  std::int64_t wait = 0;     // nanoseconds; -1: waiting does not help

  explicit operator bool() const { return reason != Reason::kNone; }
};

core::Error ErrorOf(const Refusal& refusal);

}  // namespace signalbox::quota
