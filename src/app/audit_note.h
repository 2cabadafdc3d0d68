// A change made through the API as an entry of the audit trail.
//
// Pure. Owner: nobody. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/ledger/audit_entry.h"
#include "surface/api/deed.h"

namespace signalbox::app {

ledger::AuditEntry EntryOf(const api::Deed& deed);

}  // namespace signalbox::app
