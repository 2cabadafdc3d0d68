// An account with its slices, as a machine without a clock: what memory and SQL run, and what the
// script for Redis is measured against.
//
// Owner:   whoever has loaded it. Threads: one at a time.
// Errors:  kConflict: an earlier call of a holder came after a later one; nothing was changed.
// Cancel:  nothing waits.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/core/error.h"
#include "io/store/slice.h"

namespace signalbox::store {

// What is written down of a holder. All times are milliseconds of the store's clock.
struct HolderBook {
  std::int64_t sequence = 0;
  std::int64_t held = 0;
  std::int64_t in_use = 0;
  std::int64_t booked = 0;     // of it, in the account's `settled`
  std::int64_t uncertain = 0;  // booked besides, because it fell silent
  std::int64_t lease_end = 0;
  bool silent = false;  // its lease ended while it held something

  friend bool operator==(const HolderBook&, const HolderBook&) = default;
};

// What is written down of an account.
struct AccountBook {
  std::int64_t settled = 0;
  std::int64_t life = 0;     // 0: not there
  std::int64_t told = 0;     // of an earlier life, by the latest answer a holder had then
  std::int64_t told_at = 0;  // 0: nothing
  std::int64_t recovers_until = 0;
  std::map<std::string, HolderBook, std::less<>> holders;

  friend bool operator==(const AccountBook&, const AccountBook&) = default;
};

// Carries `draw` out. `life` names the account's life if it begins here: from 1 to kMostAmount,
// another one each time. The draw was checked.
core::Result<Slice> Apply(AccountBook& book, const Draw& draw, std::int64_t now, std::int64_t life);

// How the account stands at `now`; changes nothing.
Standing StandingOf(const AccountBook& book, std::int64_t now);

}  // namespace signalbox::store
