// The audit trail: read, exported, verified. Nothing here changes it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/chain.h"
#include "pipeline/ledger/ledger.h"
#include "surface/api/all_routes.h"
#include "surface/api/field_types.h"
#include "surface/api/period_form.h"

namespace signalbox::api {
namespace {

using config::Table;
using ledger::AuditQuery;
using ledger::AuditRow;
using ledger::ExportFormat;
using net::Method;
using request::Role;

constexpr std::size_t kMostExport = 32U << 20U;  // bytes of one answer

core::Status TooMuch() {
  return core::Fail(core::ErrorCode::kPayloadTooLarge,
                    "more than 32 MiB of it; ask for shorter stretches with since and until");
}

struct AuditForm {
  std::string tenant;
  std::string action;
  std::string entity_type;
  std::string entity_id;
  std::string user_id;
  std::string since;
  std::string until;
  std::string after;
  std::uint32_t limit = 50;

  static const Table<AuditForm>& Members() {
    static const auto table =
        Table<AuditForm>("AuditQuery", "A part of the trail, newest first.")
            .Add("tenant", &AuditForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("action", &AuditForm::action, {.doc = "Such as key.create.", .max = 100})
            .Add("entity_type", &AuditForm::entity_type, {.doc = "Such as key.", .max = 100})
            .Add("entity_id", &AuditForm::entity_id, {.doc = "What was changed.", .max = 200})
            .Add("user_id", &AuditForm::user_id, {.doc = "Who did it.", .max = 200})
            .Add("since", &AuditForm::since, {.doc = kSinceDoc, .max = 40})
            .Add("until", &AuditForm::until, {.doc = kUntilDoc, .max = 40})
            .Add("after", &AuditForm::after, {.doc = "`next` of the part before.", .max = 200})
            .Add("limit", &AuditForm::limit, {.doc = "At most so many.", .min = 1, .max = 500});
    return table;
  }
};

struct AuditExportForm {
  std::string tenant;
  std::string since;
  std::string until;
  ExportFormat format = ExportFormat::kJsonLines;

  static const Table<AuditExportForm>& Members() {
    static const auto table =
        Table<AuditExportForm>("AuditExportQuery", "A stretch of the trail.")
            .Add("tenant", &AuditExportForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("since", &AuditExportForm::since, {.doc = kSinceDoc, .max = 40})
            .Add("until", &AuditExportForm::until, {.doc = kUntilDoc, .max = 40})
            .Add("format", &AuditExportForm::format,
                 {.doc = "JSON Lines or CSV.",
                  .names = {{"jsonl", ExportFormat::kJsonLines}, {"csv", ExportFormat::kCsv}}});
    return table;
  }
};

struct AuditView {
  Moment created_at;
  std::string action;
  std::string entity_type;
  std::string entity_id;
  std::string user_id;
  std::string resource_name;
  std::string severity;
  std::optional<request::TenantId> tenant;
  std::optional<JsonObject> details;
  std::string replica;
  std::int64_t sequence = 0;
  std::string hash;

  static const Table<AuditView>& Members() {
    static const auto table =
        Table<AuditView>("AuditEntry", "Who did what, when, with what was before and after.")
            .Add("created_at", &AuditView::created_at, {.doc = "When."})
            .Add("action", &AuditView::action, {.doc = "What was done."})
            .Add("entity_type", &AuditView::entity_type, {.doc = "To what kind of thing."})
            .Add("entity_id", &AuditView::entity_id, {.doc = "To which."})
            .Add("user_id", &AuditView::user_id, {.doc = "By whom; empty: by Signalbox itself."})
            .Add("resource_name", &AuditView::resource_name, {.doc = "What people call it."})
            .Add("severity", &AuditView::severity, {.doc = "info, warning or critical."})
            .Add("tenant", &AuditView::tenant, {.doc = "Whose it was; null: the installation's."})
            .Add("details", &AuditView::details, {.doc = "Before and after."})
            .Add("replica", &AuditView::replica, {.doc = "Which chain it is in."})
            .Add("sequence", &AuditView::sequence, {.doc = "Its number in the chain."})
            .Add("hash", &AuditView::hash, {.doc = "Over itself and the entry before."});
    return table;
  }
  static AuditView Of(const AuditRow& row) {
    const ledger::AuditEntry& entry = row.entry;
    return {
        .created_at = {row.created_at},
        .action = entry.action,
        .entity_type = entry.entity_type,
        .entity_id = entry.entity_id,
        .user_id = entry.user_id,
        .resource_name = entry.resource_name,
        .severity = std::string(ledger::Name(entry.severity)),
        .tenant = IfAny(entry.tenant),
        .details = entry.details.empty() ? std::nullopt : std::optional(JsonObject{entry.details}),
        .replica = row.replica,
        .sequence = static_cast<std::int64_t>(row.sequence),
        .hash = ledger::HexOf(row.hash)};
  }
};

struct ChainView {
  std::string of = "audit";
  std::string replica;
  std::int64_t first = 0;
  std::int64_t last = 0;
  bool good = true;
  std::string flaw;

  static const Table<ChainView>& Members() {
    static const auto table =
        Table<ChainView>("AuditChain", "One replica's chain of entries, or of the ledger's files.")
            .Add(
                "of", &ChainView::of,
                {.doc = "audit: entries of the trail; ledger: segments of this process's archive."})
            .Add("replica", &ChainView::replica, {.doc = "Whose."})
            .Add("first", &ChainView::first, {.doc = "The oldest one that is kept."})
            .Add("last", &ChainView::last, {.doc = "The newest."})
            .Add("good", &ChainView::good, {.doc = "Whether every hash is as it has to be."})
            .Add("flaw", &ChainView::flaw, {.doc = "What is wrong; empty: nothing."});
    return table;
  }
};

std::string TextOf(const AuditRow& row) {
  return fmt::format("{}.{}.{}", row.created_at.time_since_epoch().count(), row.replica,
                     row.sequence);
}

std::optional<AuditQuery::Place> PlaceOf(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  AuditQuery::Place place;
  if (first == text.npos || first == last) {
    return std::nullopt;
  }
  place.replica = text.substr(first + 1, last - first - 1);
  const auto whole = [](std::string_view digits, auto& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  return whole(text.substr(0, first), place.created_at_ns) &&
                 whole(text.substr(last + 1), place.sequence)
             ? std::optional(std::move(place))
             : std::nullopt;
}

core::Result<Page<AuditView>> ListAudit(const Asked& asked, const AuditForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  AuditQuery query{.action = form.action,
                   .entity_type = form.entity_type,
                   .entity_id = form.entity_id,
                   .user_id = form.user_id,
                   .most = form.limit + std::size_t{1}};
  SB_TRY(query.scope, LedgerScopeOf(asked));
  SB_TRY(query.period, PeriodOf(asked, form.since, form.until));
  if (!form.after.empty()) {
    query.after = PlaceOf(form.after);
    if (!query.after) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "after: expected what `next` of the part before said", "after");
    }
  }
  Page<AuditView> page;
  std::string place;
  SB_CHECK_OK(ledger::ListAudit(*sql, query, [&](const AuditRow& row) -> core::Status {
    if (page.data.size() == form.limit) {
      page.next = place;
      return {};
    }
    page.data.push_back(AuditView::Of(row));
    place = TextOf(row);
    return {};
  }));
  return page;
}

core::Result<Download> ExportAudit(const Asked& asked, const AuditExportForm& form) {
  SB_TRY(auto* sql, RecordsOf(asked));
  AuditQuery query;
  SB_TRY(query.scope, LedgerScopeOf(asked));
  SB_TRY(query.period, PeriodOf(asked, form.since, form.until));
  Download out{
      .type = form.format == ExportFormat::kCsv ? "text/csv; charset=utf-8" : "application/jsonl",
      .text = {}};
  SB_CHECK_OK(
      ledger::ExportAudit(*sql, query, form.format, [&out](std::string_view text) -> core::Status {
        out.text += text;
        return out.text.size() <= kMostExport ? core::Status() : TooMuch();
      }));
  return out;
}

// Every segment has the hash of the one before; what the last one holds is in the store, too.
core::Status AddArchive(const Asked& asked, Page<ChainView>& page) {
  if (asked.services.data.empty()) {
    return {};
  }
  const std::string directory = ledger::LedgerDirectory(asked.services.data);
  SB_TRY(const auto checks, ledger::VerifySegments(directory));
  if (checks.empty()) {
    return {};
  }
  SB_TRY(const auto id, ledger::ReadArchiveId(directory));
  ChainView& chain = page.data.emplace_back(ChainView{.of = "ledger", .replica = id.Text()});
  chain.first = checks.front().segment;
  chain.last = checks.back().segment;
  const auto flawed =
      std::ranges::find_if(checks, [](const auto& check) { return !check.flaw.empty(); });
  if (flawed != checks.end()) {
    chain.good = false;
    chain.flaw = fmt::format("segment {}: {}", flawed->segment, flawed->flaw);
  }
  return {};
}

core::Result<Page<ChainView>> VerifyAudit(const Asked& asked) {
  SB_TRY(auto* sql, RecordsOf(asked));
  // What was appended by now has to be in the store once it was shipped.
  const auto log = asked.services.audit ? asked.services.audit() : nullptr;
  std::optional<ledger::AuditHead> head;
  if (log != nullptr) {
    head = log->head();
    SB_CHECK_OK(log->Ship(*sql));
  }
  SB_TRY(const auto chains,
         ledger::VerifyAudit(*sql, log != nullptr ? log->replica() : std::string(), head));
  Page<ChainView> page;
  for (const ledger::AuditChain& chain : chains) {
    page.data.push_back({.replica = chain.replica,
                         .first = static_cast<std::int64_t>(chain.first),
                         .last = static_cast<std::int64_t>(chain.last),
                         .good = chain.flaw.empty(),
                         .flaw = chain.flaw});
  }
  SB_CHECK_OK(AddArchive(asked, page));
  return page;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/audit", Rule::Of(Role::kOperator), "listAudit",
     "Who changed what, newest first.", Reads<&ListAudit>()},
    {Method::kGet, "/api/audit/export", Rule::Of(Role::kOperator), "exportAudit",
     "A stretch of the trail as JSON Lines or CSV.", Reads<&ExportAudit>()},
    {Method::kGet, "/api/audit/verify", Rule::OfInstallation(Role::kOperator), "verifyAudit",
     "Says of every chain of the trail and of the ledger's files whether it is whole.",
     Does<&VerifyAudit>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes AuditRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
