// The truth about a call that was booked as uncertain, once it is known: from the vendor's bill, or
// from a settlement that came late.
//
// Owner:   nobody; functions. Threads: any that may block. Errors: the store's.
// Cancel:  all of it or nothing.
#pragma once

#include "io/store/sql.h"
#include "pipeline/ledger/rollups.h"

namespace signalbox::ledger {

// Gives the row of truth.request and truth.attempt the truth's outcome, usage, cost and times if it
// is uncertain, and adds the difference to `rollups`, which the caller writes in the same
// transaction. False: there is no such row, or it is settled.
core::Result<bool> SettleUncertain(store::Transaction& transaction, const Record& truth,
                                   core::WallTime now, Rollups& rollups);

// The same with the rollups, in a transaction of its own. The caller writes it into the audit
// trail.
core::Result<bool> Reconcile(store::Sql& sql, const Record& truth, core::WallTime now);

}  // namespace signalbox::ledger
