// One entry of the audit trail: who changed what, from what to what.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/time.h"
#include "pipeline/ledger/digest.h"
#include "pipeline/request/attribution.h"

namespace signalbox::ledger {

enum class Severity : std::uint8_t { kInfo = 0, kWarning = 1, kCritical = 2 };
std::string_view Name(Severity severity);

// Never holds a prompt or a secret: what is masked elsewhere is masked before it comes here.
struct AuditEntry {
  std::string action;         // "key.create", "budget.change", "MODEL_ROUTING_DECISION"
  std::string entity_type;    // "key"
  std::string entity_id;      // "key_…"
  std::string user_id;        // who did it; empty: Signalbox itself
  std::string resource_name;  // what people call the entity
  std::string details;        // JSON: {"before": …, "after": …}; empty: none
  Severity severity = Severity::kInfo;
  request::TenantId tenant;  // zero: of no tenant
};

inline constexpr std::size_t kMaxAuditDetails = 256U * 1024;

// An entry in its place. Every replica has a chain of its own; the hash covers the whole row and
// the hash of the row before.
struct AuditRow {
  std::string replica;  // its archive's id
  std::uint64_t sequence = 0;
  core::WallTime created_at{};
  AuditEntry entry;
  Digest previous{};
  Digest hash{};
};
Digest HashOf(const AuditRow& row);

// A row as bytes, and back: nullopt when they are not whole or the hash is another.
void EncodeAuditRow(const AuditRow& row, std::vector<std::byte>& out);
std::optional<AuditRow> DecodeAuditRow(std::span<const std::byte> bytes);

}  // namespace signalbox::ledger
