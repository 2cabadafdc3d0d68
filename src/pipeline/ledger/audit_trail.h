// The audit trail in the store: added to, listed, exported, verified.
//
// Owner:   nobody; functions. Threads: any that may block.
// Errors:  the store's. A row that is there already with another hash is kInternal: two processes
//          write as one replica, or somebody changed the trail. Cancel: nothing to undo.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/ledger/audit_log.h"
#include "pipeline/ledger/export.h"

namespace signalbox::ledger {

// Adds rows that are not there yet, all or none.
core::Status StoreAudit(store::Sql& sql, std::span<const AuditRow> rows);

struct AuditQuery {
  Scope scope;
  Period period;       // seconds since 1970
  std::string action;  // what is set has to be so
  std::string entity_type;
  std::string entity_id;
  std::string user_id;
  // Of the last row of the page before.
  struct Place {
    std::int64_t created_at_ns = 0;
    std::string replica;
    std::uint64_t sequence = 0;
  };
  std::optional<Place> after;
  std::size_t most = 50;
};

// The row is valid during the visit.
using VisitAudit = std::function<core::Status(const AuditRow&)>;

// Newest first; returns how many.
core::Result<std::size_t> ListAudit(store::Sql& sql, const AuditQuery& query,
                                    const VisitAudit& visit);

// All of a period and scope, newest first, in parts; returns how many.
core::Result<std::uint64_t> ExportAudit(store::Sql& sql, AuditQuery query, ExportFormat format,
                                        const WriteText& write);
// One JSON object: created_at, action, entity_type, entity_id, user_id, resource_name, severity,
// tenant, details, replica, sequence, hash.
void PrintAuditJson(const AuditRow& row, std::string& out);

// What is known of one replica's chain.
struct AuditChain {
  std::string replica;
  std::uint64_t first = 0;  // the oldest that is kept
  std::uint64_t last = 0;
  std::string flaw;  // empty: good; else what is wrong, with the first row's number
};

// Goes along every chain. `head`, where it is known, is how far that of `head_replica` has to
// reach: without it nobody sees that its end is missing.
core::Result<std::vector<AuditChain>> VerifyAudit(store::Sql& sql, std::string_view head_replica,
                                                  const std::optional<AuditHead>& head);

}  // namespace signalbox::ledger
