#include "pipeline/ledger/audit_rows.h"

#include <algorithm>

namespace signalbox::ledger {

std::string TenantText(const request::TenantId& tenant) {
  return tenant == request::TenantId{} ? std::string() : tenant.Text();
}

void TakeDigest(store::Bytes bytes, Digest& out) {
  if (bytes.size() == out.size()) {
    std::ranges::copy(bytes, out.begin());
  }
}

AuditRow ReadAudit(const store::Row& row) {
  AuditRow read;
  read.replica = row.Text(0);
  read.sequence = static_cast<std::uint64_t>(row.Int(1));
  read.created_at = core::WallTime(std::chrono::nanoseconds(row.Int(2)));
  read.entry = {.action = std::string(row.Text(3)),
                .entity_type = std::string(row.Text(4)),
                .entity_id = std::string(row.Text(5)),
                .user_id = std::string(row.Text(6)),
                .resource_name = std::string(row.Text(7)),
                .details = std::string(row.Text(8)),
                .severity = static_cast<Severity>(std::clamp<std::int64_t>(row.Int(9), 0, 2)),
                .tenant = request::TenantId::Parse(row.Text(10)).value_or(request::TenantId{})};
  TakeDigest(row.Bytes(11), read.previous);
  TakeDigest(row.Bytes(12), read.hash);
  return read;
}

}  // namespace signalbox::ledger
