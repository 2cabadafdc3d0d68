// Entries of the audit trail as rows of the store. Internal to the trail.
//
// Owner: nobody; functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "io/store/value.h"
#include "pipeline/ledger/audit_entry.h"

#define SB_AUDIT_COLUMNS                                                                    \
  "replica, sequence, created_at, action, entity_type, entity_id, user_id, resource_name, " \
  "details, severity, tenant_id, previous, hash"

namespace signalbox::ledger {

// So many rows are asked for at once where all are wanted.
inline constexpr std::size_t kAuditRowsInAPart = 500;

// Empty: of no tenant.
std::string TenantText(const request::TenantId& tenant);
// Leaves `out` when the bytes are no digest.
void TakeDigest(store::Bytes bytes, Digest& out);
// A row of SB_AUDIT_COLUMNS.
AuditRow ReadAudit(const store::Row& row);

}  // namespace signalbox::ledger
