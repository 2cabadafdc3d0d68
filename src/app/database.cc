#include "app/database.h"

#include <filesystem>
#include <vector>

#include "base/telemetry/log.h"
#include "io/store/migration.h"
#include "io/store/postgres/postgres.h"
#include "io/store/shared/migrations.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vault/sql_key_store.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/ledger/migrations.h"
#include "pipeline/quota/migrations.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;
using Migrations = std::vector<store::Migration>;

constexpr std::uint64_t kCacheBytes = 1U << 20U;  // a connection's; an idle program holds little

void Append(std::span<const store::Migration> stage, Migrations& all) {
  all.insert(all.end(), stage.begin(), stage.end());
}

// Those of the stages, in the order of their numbers.
void AppendStages(Migrations& all) {
  for (const auto stage : {identity::Migrations(), quota::Migrations(), ledger::Migrations()}) {
    Append(stage, all);
  }
}

core::Status BringUpToDate(store::Sql& sql, const Migrations& migrations,
                           const std::function<core::Status()>& backup) {
  SB_TRY(const store::MigrationReport report,
         store::Migrate(sql, migrations, core::WallNow(), backup));
  if (!report.applied.empty()) {
    Log(Level::kInfo, "the database was brought up to date",
        {{"database", sql.Name()}, {"changes", report.applied.size()}});
  }
  return {};
}

// A query inside another one: both readers are open from the start, so that nothing is opened later
// for want of a descriptor.
core::Status OpenReaders(store::Sql& sql) {
  const auto nothing = [](const store::Row&) { return core::Status(); };
  return sql.Query("SELECT 1", {},
                   [&](const store::Row&) { return sql.Query("SELECT 1", {}, nothing); });
}

core::Result<std::unique_ptr<store::Sql>> OpenFile(const std::string& data) {
  const std::string path = DatabasePath(data);
  const std::string before = path + ".before-upgrade";
  SB_TRY(auto sql, store::OpenSqlite({.path = path, .readers = 2, .cache_bytes = kCacheBytes}));
  Migrations migrations;
  AppendStages(migrations);
  SB_CHECK_OK(BringUpToDate(*sql, migrations, [&]() -> core::Status {
    SB_CHECK_OK(sql->BackUp(before));
    Log(Level::kInfo, "a copy of the database as it was is kept", {{"file", before}});
    return {};
  }));
  SB_CHECK_OK(OpenReaders(*sql));
  return sql;
}

// What replicas share lies there too: data keys, slices of budgets.
core::Result<std::unique_ptr<store::Sql>> OpenServer(const StoreSection& store) {
  SB_TRY(auto sql, store::OpenPostgres({.address = store.records.Reveal(),
                                        .schema = store.schema,
                                        .connections = store.connections}));
  Migrations migrations;
  Append(shared::Migrations(), migrations);
  Append(vault::Migrations(), migrations);
  AppendStages(migrations);
  SB_CHECK_OK(BringUpToDate(*sql, migrations, [] { return core::Status(); }));
  return sql;
}

}  // namespace

std::string DatabasePath(const std::string& data) {
  return (std::filesystem::path(data) / "signalbox.db").string();
}

core::Result<std::unique_ptr<store::Sql>> OpenDatabase(const Options& options) {
  return options.store.records.empty() ? OpenFile(options.data) : OpenServer(options.store);
}

}  // namespace signalbox::app
