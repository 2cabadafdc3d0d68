#include "pipeline/identity/desk.h"

#include <fmt/format.h>

#include "base/telemetry/log.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {

core::Result<Scope> Desk::Enter(const Actor& actor) const {
  return identity::Enter(actor, !directory_.asks(), directory_.home_tenant());
}

core::Status Desk::Write(ChangeKind kind, const std::string& id, const store::Work& work,
                         Telling telling) {
  SB_CHECK_OK(Commit(kind, id, work, [] { return core::Status(); }));
  return Tell(id, telling);
}

core::Status Desk::Commit(ChangeKind kind, const std::string& id, const store::Work& work,
                          const std::function<core::Status()>& last) {
  return sql_.Write([&](store::Transaction& transaction) -> core::Status {
    SB_TRY(const std::int64_t number, NextChange(transaction));
    SB_CHECK_OK(work(transaction));
    SB_CHECK_OK(NoteChange(transaction, number, kind, id));
    return last();
  });
}

core::Status Desk::Tell(const std::string& id, Telling telling) {
  const auto told = directory_.CatchUp();
  if (told) {
    return {};
  }
  if (telling == Telling::kTry) {
    telemetry::Log(telemetry::Level::kWarn, "a key is stored but not in force everywhere yet",
                   {{"key", id}, {"error", told.error().message}});
    return {};
  }
  return core::Fail(core::ErrorCode::kUnavailable,
                    fmt::format("the change is stored but not in force everywhere yet: {}",
                                told.error().message));
}

core::Status CheckTenant(store::Reader& reader, const Scope& scope) {
  if (scope.tenant.empty()) {
    return {};
  }
  SB_CHECK_OK(ReadOne<Tenant>(reader,
                              "SELECT " SB_TENANT_COLUMNS " FROM identity_tenants WHERE id = $1",
                              {scope.tenant}, ReadTenant, "tenant"));
  return {};
}

core::Result<Window> WindowOf(const ListQuery& query) {
  if (query.limit < 1 || query.limit > kMostRows) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      fmt::format("limit: 1 to {} was expected", kMostRows), "limit");
  }
  if (!query.after.empty()) {
    SB_CHECK_OK(CheckText(query.after, "after"));
  }
  Window window{.after = query.after, .pattern = {}, .limit = query.limit, .rows = query.limit + 1};
  if (!query.search.empty()) {
    SB_TRY(window.pattern, SearchPattern(query.search));
    window.rows = kSearchWindow;
  }
  return window;
}

}  // namespace signalbox::identity
