// Tallies in a table.
//
// Owner:   values. Threads: any that may block.
// Errors:  the database's.
// Cancel:  a transaction is carried out whole or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "io/store/sql.h"
#include "io/store/tally.h"

namespace signalbox::store {

// Writes the words down and returns the sums of all tellers, in order. Each teller has rows of its
// own, so that no two of them wait for each other.
core::Result<std::vector<std::int64_t>> TellIn(Transaction& transaction,
                                               std::span<const Tally> tallies);

}  // namespace signalbox::store
