#include "surface/api/period_form.h"

#include <fmt/format.h>

#include "pipeline/identity/actor.h"
#include "surface/api/field_types.h"

namespace signalbox::api {
namespace {

core::Result<core::WallTime> MomentOf(const std::string& text, core::WallTime now,
                                      std::string_view name) {
  if (const auto before = config::ParseDuration(text)) {
    return now - *before;
  }
  if (const auto at = ParseMoment(text)) {
    return *at;
  }
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("{}: expected a moment in UTC, such as 2027-01-31 or "
                                "2027-01-31T12:00:00Z, or a time before now, such as 7d",
                                name),
                    std::string(name));
}

std::int64_t SecondsOf(core::WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

core::Result<ledger::Period> PeriodOf(const Asked& asked, const std::string& since,
                                      const std::string& until) {
  SB_TRY(const auto begin, MomentOf(since.empty() ? "7d" : since, asked.now, "since"));
  core::WallTime end = asked.now + std::chrono::seconds(1);  // what arrives in this second counts
  if (!until.empty()) {
    SB_TRY(end, MomentOf(until, asked.now, "until"));
  }
  if (begin >= end) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "since: expected a moment before until",
                      "since");
  }
  return ledger::Period{.begin = SecondsOf(begin), .end = SecondsOf(end)};
}

core::Result<ledger::Scope> LedgerScopeOf(const Asked& asked) {
  const auto own = Scope(asked.principal).tenant();
  if (asked.tenant.empty() || (!own && asked.tenant == identity::kInstallation)) {
    return ledger::Scope{.tenant = own};
  }
  const auto wanted = request::TenantId::Parse(asked.tenant);
  if (!wanted || (own && *own != *wanted)) {
    return core::Fail(core::ErrorCode::kNotFound, "there is no such tenant", "tenant");
  }
  return ledger::Scope{.tenant = *wanted};
}

core::Result<store::Sql*> RecordsOf(const Asked& asked) {
  if (asked.services.records == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable, "records are not kept in a store here");
  }
  return asked.services.records;
}

}  // namespace signalbox::api
