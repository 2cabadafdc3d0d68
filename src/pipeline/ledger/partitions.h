// PostgreSQL keeps ledger_requests in a part for each day of arrival, made ahead, so that what is
// old goes by dropping a part. SQLite needs none of it.
//
// Owner:   nobody; functions. Threads: any that may block.
// Errors:  the store's. Where a part cannot be made its rows go into the rest, which is told.
// Cancel:  each part is made or dropped whole.
#pragma once

#include <cstdint>

#include "base/core/time.h"
#include "io/store/sql.h"

namespace signalbox::ledger {

// The day of `time`, counted from 1970, UTC.
std::int64_t DayOf(core::WallTime time);

// Makes the parts for the days from `first` to `last` that are missing.
core::Status MakePartitions(store::Sql& sql, std::int64_t first, std::int64_t last);

// Drops the parts of days before `day`, one after the other; each waits for a second at most for
// its turn, and is left to the next time. Returns how many.
core::Result<std::uint64_t> DropPartitions(store::Sql& sql, std::int64_t day);

}  // namespace signalbox::ledger
