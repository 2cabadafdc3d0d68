#include "pipeline/ledger/audit_trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "pipeline/ledger/audit_rows.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;
using store::Param;

constexpr std::int64_t kNanos = 1'000'000'000;

// Of seconds since 1970; as far as 64 bits reach.
std::int64_t NanosOf(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kNanos;
  return std::clamp(seconds, -kMost, kMost) * kNanos;
}

core::Status CheckSame(store::Transaction& transaction, const AuditRow& row) {
  Digest stored{};
  SB_CHECK_OK(
      transaction.Query("SELECT hash FROM audit_trail WHERE replica = $1 AND sequence = $2",
                        {std::string_view(row.replica), static_cast<std::int64_t>(row.sequence)},
                        [&](const store::Row& columns) {
                          TakeDigest(columns.Bytes(0), stored);
                          return core::Status();
                        }));
  if (stored == row.hash) {
    return {};
  }
  return core::Fail(
      ErrorCode::kInternal,
      fmt::format("the audit trail of {} has another entry {} than was written here: two processes "
                  "write as one replica, or the trail was changed; see `signalbox audit verify`",
                  row.replica, row.sequence));
}

core::Status StoreOne(store::Transaction& transaction, const AuditRow& row) {
  const std::string tenant = TenantText(row.entry.tenant);
  SB_TRY(const std::int64_t written,
         transaction.Run(
             "INSERT INTO audit_trail (" SB_AUDIT_COLUMNS ") VALUES "
             "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
             "ON CONFLICT (replica, sequence) DO NOTHING",
             {std::string_view(row.replica), static_cast<std::int64_t>(row.sequence),
              row.created_at.time_since_epoch().count(), std::string_view(row.entry.action),
              std::string_view(row.entry.entity_type), std::string_view(row.entry.entity_id),
              std::string_view(row.entry.user_id), std::string_view(row.entry.resource_name),
              std::string_view(row.entry.details), static_cast<std::int64_t>(row.entry.severity),
              std::string_view(tenant), store::Bytes(row.previous), store::Bytes(row.hash)}));
  return written == 0 ? CheckSame(transaction, row) : core::Status();
}

Param IfSet(const std::string& text) {
  return text.empty() ? Param() : Param(std::string_view(text));
}

}  // namespace

core::Status StoreAudit(store::Sql& sql, std::span<const AuditRow> rows) {
  return sql.Write([&](store::Transaction& transaction) -> core::Status {
    for (const AuditRow& row : rows) {
      SB_CHECK_OK(StoreOne(transaction, row));
    }
    return {};
  });
}

core::Result<std::size_t> ListAudit(store::Sql& sql, const AuditQuery& query,
                                    const VisitAudit& visit) {
  const std::string tenant = query.scope.tenant ? TenantText(*query.scope.tenant) : std::string();
  const AuditQuery::Place place =
      query.after.value_or(AuditQuery::Place{std::numeric_limits<std::int64_t>::max(), {}, 0});
  std::size_t found = 0;
  SB_CHECK_OK(sql.Query(
      "SELECT " SB_AUDIT_COLUMNS
      " FROM audit_trail WHERE created_at >= $1 AND created_at < $2 "
      "AND (created_at, replica, sequence) < ($3, $4, $5) AND ($6 IS NULL OR tenant_id = $6) "
      "AND ($7 IS NULL OR action = $7) AND ($8 IS NULL OR entity_type = $8) "
      "AND ($9 IS NULL OR entity_id = $9) AND ($10 IS NULL OR user_id = $10) "
      "ORDER BY created_at DESC, replica DESC, sequence DESC LIMIT $11",
      {NanosOf(query.period.begin), NanosOf(query.period.end), place.created_at_ns,
       std::string_view(place.replica), static_cast<std::int64_t>(place.sequence),
       query.scope.tenant ? Param(std::string_view(tenant)) : Param(), IfSet(query.action),
       IfSet(query.entity_type), IfSet(query.entity_id), IfSet(query.user_id),
       static_cast<std::int64_t>(query.most)},
      [&](const store::Row& row) {
        ++found;
        return visit(ReadAudit(row));
      }));
  return found;
}

}  // namespace signalbox::ledger
