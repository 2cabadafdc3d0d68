#include "pipeline/ledger/audit_trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/json/writer.h"
#include "pipeline/ledger/csv.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;
using store::Param;

#define SB_AUDIT_COLUMNS                                                                    \
  "replica, sequence, created_at, action, entity_type, entity_id, user_id, resource_name, " \
  "details, severity, tenant_id, previous, hash"

constexpr std::int64_t kNanos = 1'000'000'000;

// Of seconds since 1970; as far as 64 bits reach.
std::int64_t NanosOf(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kNanos;
  return std::clamp(seconds, -kMost, kMost) * kNanos;
}
constexpr std::size_t kRowsInAPart = 500;

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

void PutCsv(const AuditRow& row, std::string& out) {
  CsvLine line(out);
  line.Plain(core::Iso8601(row.created_at)).Text(row.entry.action).Text(row.entry.entity_type);
  line.Text(row.entry.entity_id).Text(row.entry.user_id).Text(row.entry.resource_name);
  line.Plain(Name(row.entry.severity)).Plain(TenantText(row.entry.tenant)).Text(row.entry.details);
  line.Plain(row.replica).Int(static_cast<std::int64_t>(row.sequence)).Plain(HexOf(row.hash));
  line.End();
}

// Follows the chains, whose rows come replica by replica and in order.
class Verifier {
 public:
  void Take(const AuditRow& row) {
    if (chains_.empty() || chains_.back().replica != row.replica) {
      chains_.push_back({.replica = row.replica, .first = row.sequence, .last = 0, .flaw = {}});
    } else {
      if (row.sequence != last_.sequence + 1) {
        Flaw(fmt::format("entry {} is missing", last_.sequence + 1));
      } else if (row.previous != last_.hash) {
        Flaw(fmt::format("entry {} does not follow from the one before", row.sequence));
      }
    }
    if (HashOf(row) != row.hash) {
      Flaw(fmt::format("entry {} was changed", row.sequence));
    }
    last_ = {row.sequence, row.hash};
    chains_.back().last = row.sequence;
    if (row.replica == head_replica_ && head_ && row.sequence == head_->sequence) {
      reached_ = true;
      if (row.hash != head_->hash) {
        Flaw(fmt::format("entry {} is not the one that was written", row.sequence));
      }
    }
  }

  void Expect(std::string_view replica, const std::optional<AuditHead>& head) {
    head_replica_ = replica;
    head_ = head;
  }

  std::vector<AuditChain> Finish() {
    if (head_ && head_->sequence != 0 && !reached_) {
      auto chain = std::ranges::find(chains_, head_replica_, &AuditChain::replica);
      if (chain == chains_.end()) {
        chain = chains_.insert(chain, {.replica = std::string(head_replica_)});
      }
      if (chain->flaw.empty()) {
        chain->flaw = fmt::format("entry {} is missing", chain->last + 1);
      }
    }
    return std::move(chains_);
  }

 private:
  void Flaw(std::string what) {
    if (chains_.back().flaw.empty()) {
      chains_.back().flaw = std::move(what);
    }
  }

  std::vector<AuditChain> chains_;
  AuditHead last_;
  std::string_view head_replica_;
  std::optional<AuditHead> head_;
  bool reached_ = false;
};

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

void PrintAuditJson(const AuditRow& row, std::string& out) {
  json::Writer writer(out);
  writer.BeginObject().Key("created_at").String(core::Iso8601(row.created_at));
  writer.Key("action").String(row.entry.action);
  writer.Key("entity_type").String(row.entry.entity_type);
  writer.Key("entity_id").String(row.entry.entity_id);
  writer.Key("user_id").String(row.entry.user_id);
  writer.Key("resource_name").String(row.entry.resource_name);
  writer.Key("severity").String(Name(row.entry.severity));
  writer.Key("tenant").String(TenantText(row.entry.tenant));
  writer.Key("details");
  row.entry.details.empty() ? writer.Null() : writer.Raw(row.entry.details);
  writer.Key("replica").String(row.replica);
  writer.Key("sequence").Uint(row.sequence);
  writer.Key("hash").String(HexOf(row.hash));
  writer.EndObject();
}

core::Result<std::uint64_t> ExportAudit(store::Sql& sql, AuditQuery query, ExportFormat format,
                                        const WriteText& write) {
  query.most = kRowsInAPart;
  std::uint64_t written = 0;
  std::string text;
  if (format == ExportFormat::kCsv) {
    text =
        "created_at,action,entity_type,entity_id,user_id,resource_name,severity,tenant,details,"
        "replica,sequence,hash\r\n";
  }
  for (std::size_t found = kRowsInAPart; found == kRowsInAPart;) {
    SB_TRY(found, ListAudit(sql, query, [&](const AuditRow& row) {
             query.after = {row.created_at.time_since_epoch().count(), row.replica, row.sequence};
             if (format == ExportFormat::kCsv) {
               PutCsv(row, text);
             } else {
               PrintAuditJson(row, text);
               text += '\n';
             }
             return core::Status();
           }));
    written += found;
    SB_CHECK_OK(write(text));
    text.clear();
  }
  return written;
}

core::Result<std::vector<AuditChain>> VerifyAudit(store::Sql& sql, std::string_view head_replica,
                                                  const std::optional<AuditHead>& head) {
  Verifier verifier;
  verifier.Expect(head_replica, head);
  std::string replica;
  std::int64_t sequence = -1;
  // In parts, so that no long query holds anything.
  for (std::size_t found = kRowsInAPart; found == kRowsInAPart;) {
    found = 0;
    const std::string from = replica;
    SB_CHECK_OK(
        sql.Query("SELECT " SB_AUDIT_COLUMNS
                  " FROM audit_trail WHERE (replica, sequence) > ($1, $2) "
                  "ORDER BY replica, sequence LIMIT $3",
                  {std::string_view(from), sequence, static_cast<std::int64_t>(kRowsInAPart)},
                  [&](const store::Row& columns) {
                    const AuditRow row = ReadAudit(columns);
                    verifier.Take(row);
                    replica = row.replica;
                    sequence = static_cast<std::int64_t>(row.sequence);
                    ++found;
                    return core::Status();
                  }));
  }
  return verifier.Finish();
}

}  // namespace signalbox::ledger
