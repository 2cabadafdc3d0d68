// One batch of settlements written into the store: its rows, what they add to usage, and the cursor
// of its archive, in one transaction. So a batch is in the store whole or not at all, and what is
// shipped again, by a kill or by a second shipper, changes nothing.
//
// Owner:   nobody; functions. Threads: any that may block. Errors: the store's.
// Cancel:  a kill takes the whole batch back.
// Budget:  20 µs per record (a goal, not measured yet).
#pragma once

#include "io/store/sql.h"
#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/batch.h"

namespace signalbox::ledger {

// How far the archive has been shipped into this store; nothing yet is Position{}.
core::Result<Position> ReadCursor(store::Sql& sql, ArchiveId archive);

enum class Shipped : std::uint8_t {
  kDone,
  kMoved,  // the cursor is not at the batch's begin: somebody else ships, too; nothing was written
};
core::Result<Shipped> Ship(store::Sql& sql, ArchiveId archive, const Batch& batch,
                           core::WallTime now);

}  // namespace signalbox::ledger
