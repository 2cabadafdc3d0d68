#include "io/store/migration.h"

#include <fmt/format.h>

#include <map>

#include "io/store/migration_text.h"

namespace signalbox::store {
namespace {

struct Applied {
  std::string name;
  std::string checksum;
};
using AppliedByNumber = std::map<std::int64_t, Applied>;

std::string Title(std::int64_t number, std::string_view name) {
  return fmt::format("{:04}_{}", number, name);
}

core::Result<AppliedByNumber> ReadApplied(Reader& reader, Engine engine) {
  bool there = false;
  SB_CHECK_OK(
      reader.Query(engine == Engine::kSqlite
                       ? Statement("SELECT 1 FROM sqlite_master WHERE type = 'table'"
                                   " AND name = 'signalbox_migrations'")
                       : Statement("SELECT 1 FROM pg_tables WHERE schemaname = current_schema()"
                                   " AND tablename = 'signalbox_migrations'"),
                   {}, [&there](const Row&) {
                     there = true;
                     return core::Status();
                   }));
  AppliedByNumber applied;
  if (there) {
    SB_CHECK_OK(reader.Query(
        "SELECT number, name, checksum FROM signalbox_migrations", {}, [&applied](const Row& row) {
          applied[row.Int(0)] = {std::string(row.Text(1)), std::string(row.Text(2))};
          return core::Status();
        }));
  }
  return applied;
}

core::Status CheckOrder(std::span<const Migration> migrations) {
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    if (migrations[i - 1].number >= migrations[i].number) {
      return core::Fail(core::ErrorCode::kInternal,
                        fmt::format("migration {} does not come after {}",
                                    Title(migrations[i].number, migrations[i].name),
                                    Title(migrations[i - 1].number, migrations[i - 1].name)));
    }
  }
  return {};
}

// Everything that the database has went through files that this program has, unchanged.
core::Status CheckKnown(const AppliedByNumber& applied, std::span<const Migration> migrations) {
  for (const auto& [number, one] : applied) {
    const auto known = std::ranges::find(migrations, number, &Migration::number);
    if (known == migrations.end()) {
      return core::Fail(
          core::ErrorCode::kConflict,
          fmt::format("the database was changed by a newer Signalbox (it has {}, which this one "
                      "does not know): run that version, or restore the backup that was made "
                      "before the update",
                      Title(number, one.name)));
    }
    if (known->name != one.name || MigrationChecksum(known->text) != one.checksum) {
      return core::Fail(
          core::ErrorCode::kConflict,
          fmt::format("{} is not what was applied to the database as {}: run the version that "
                      "made this database; a change belongs into a migration of its own",
                      Title(number, known->name), Title(number, one.name)));
    }
  }
  return {};
}

// Nothing when another process has done it meanwhile.
core::Status ApplyOne(Transaction& transaction, const Migration& migration, core::WallTime now,
                      bool& done) {
  done = false;
  SB_CHECK_OK(
      transaction.Run("CREATE TABLE IF NOT EXISTS signalbox_migrations ("
                      "number BIGINT PRIMARY KEY, name TEXT NOT NULL, "
                      "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
                      {}));
  SB_TRY(const auto applied, ReadApplied(transaction, transaction.engine()));
  if (applied.contains(migration.number)) {
    return {};
  }
  const MigrationText text(migration.text, transaction.engine());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (auto ran = transaction.Run(text.at(i), {}); !ran) {
      return std::unexpected(std::move(ran).error().At(fmt::format("statement {}", i + 1)));
    }
  }
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO signalbox_migrations (number, name, checksum, applied_at) "
      "VALUES ($1, $2, $3, $4)",
      {std::int64_t{migration.number}, migration.name,
       std::string_view(MigrationChecksum(migration.text)), now.time_since_epoch().count()}));
  done = true;
  return {};
}

core::Result<bool> Apply(Sql& sql, const Migration& migration, core::WallTime now) {
  bool done = false;
  auto status = sql.Change([&migration, now, &done](Transaction& transaction) {
    return ApplyOne(transaction, migration, now, done);
  });
  if (!status) {
    return std::unexpected(
        std::move(status).error().At("migration " + Title(migration.number, migration.name)));
  }
  return done;
}

}  // namespace

core::Result<MigrationReport> Migrate(Sql& sql, std::span<const Migration> migrations,
                                      core::WallTime now,
                                      const std::function<core::Status()>& backup) {
  SB_CHECK_OK(CheckOrder(migrations));
  SB_TRY(const auto applied, ReadApplied(sql, sql.engine()));
  if (auto known = CheckKnown(applied, migrations); !known) {
    return std::unexpected(std::move(known).error().At(sql.Name()));
  }
  MigrationReport report;
  bool kept = applied.empty();  // nothing to lose
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.number)) {
      continue;
    }
    if (!kept && backup) {
      SB_CHECK_OK(backup());
    }
    kept = true;
    SB_TRY(const bool done, Apply(sql, migration, now));
    if (done) {
      report.applied.push_back(Title(migration.number, migration.name));
    }
  }
  return report;
}

}  // namespace signalbox::store
