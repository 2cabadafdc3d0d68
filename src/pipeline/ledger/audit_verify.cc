// Whether the audit trail is what was written.
#include <fmt/format.h>

#include <algorithm>

#include "pipeline/ledger/audit_rows.h"
#include "pipeline/ledger/audit_trail.h"

namespace signalbox::ledger {
namespace {

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

core::Result<std::vector<AuditChain>> VerifyAudit(store::Sql& sql, std::string_view head_replica,
                                                  const std::optional<AuditHead>& head) {
  Verifier verifier;
  verifier.Expect(head_replica, head);
  std::string replica;
  std::int64_t sequence = -1;
  // In parts, so that no long query holds anything.
  for (std::size_t found = kAuditRowsInAPart; found == kAuditRowsInAPart;) {
    found = 0;
    const std::string from = replica;
    SB_CHECK_OK(
        sql.Query("SELECT " SB_AUDIT_COLUMNS
                  " FROM audit_trail WHERE (replica, sequence) > ($1, $2) "
                  "ORDER BY replica, sequence LIMIT $3",
                  {std::string_view(from), sequence, static_cast<std::int64_t>(kAuditRowsInAPart)},
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
