// Accounts with slices in tables: the machine of account.h between reading and writing its rows.
//
// Owner:   values. Threads: any that may block.
// Errors:  the database's.
// Cancel:  a transaction is carried out whole or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "io/store/slice.h"
#include "io/store/sql.h"

namespace signalbox::store {

// By the database's clock, in milliseconds.
core::Result<std::int64_t> ReadClock(Reader& reader, Engine engine);

// The draws in order, with their answers; all have been checked. `life` names an account's life
// that begins here, the next one the next number.
core::Status DrawIn(Transaction& transaction, std::span<const Draw> draws, std::int64_t life,
                    std::vector<core::Result<Slice>>& slices);

core::Result<std::vector<Standing>> PeekIn(Sql& sql, std::span<const AccountName> names);

}  // namespace signalbox::store
