#include "io/store/postgres/postgres.h"

#include <fmt/format.h>

#include <thread>

#include "base/core/random.h"
#include "io/store/postgres/address.h"
#include "io/store/postgres/pool.h"
#include "io/store/postgres/transaction.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using postgres::Connection;
using postgres::Lease;

constexpr int kMostTries = 12;

enum class Kind : std::uint8_t { kWrite, kChange };

const char* BeginText(Kind kind) {
  return kind == Kind::kWrite
             ? "BEGIN"
             : "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
}

class Database final : public Sql {
 public:
  Database(const PostgresOptions& options, const std::string& name)
      : schema_(options.schema), name_(name), pool_(options, name) {}

  core::Status Query(Statement statement, Params params, const VisitRow& visit) override;
  core::Status Write(const Work& work) override { return Repeat(work, Kind::kWrite); }
  core::Status Change(const Work& work) override;
  Engine engine() const override { return Engine::kPostgres; }
  std::string Name() const override { return name_; }

  core::Status MakeSchema();
  core::Result<PostgresLook> Look();

 private:
  core::Result<bool> HasSchema(Connection& connection);
  core::Status Repeat(const Work& work, Kind kind);

  const std::string schema_;
  const std::string name_;
  postgres::Pool pool_;
};

struct Try {
  core::Status status;
  bool again = false;  // nothing of it was done, and it may well succeed the next time
};

core::Status RunWork(postgres::PostgresTransaction& transaction, const Work& work) {
  core::Status status = work(transaction);
  return transaction.failure() ? status : transaction.failure();
}

Try Failed(Connection& connection, core::Status status) {
  const bool again = connection.again() || connection.lost();
  if (!connection.lost() && !connection.Do("ROLLBACK")) {
    connection.GiveUp();
  }
  return {std::move(status), again};
}

Try RunOnce(Connection& connection, const Work& work, Kind kind) {
  connection.SetPatience(kind == Kind::kChange);
  if (auto begun = connection.Do(BeginText(kind)); !begun) {
    return Failed(connection, std::move(begun));
  }
  postgres::PostgresTransaction transaction(connection);
  if (auto status = RunWork(transaction, work); !status) {
    return Failed(connection, std::move(status));
  }
  auto committed = connection.Do("COMMIT");
  if (!committed && connection.lost()) {
    committed.error().message += "; it was lost in the commit: nobody knows whether it was written";
    return {std::move(committed), false};
  }
  return committed ? Try{} : Failed(connection, std::move(committed));
}

void Pause(int tries) {
  core::Random random;
  std::this_thread::sleep_for(
      std::chrono::duration<double, std::milli>(random.Draw() * (1 << std::min(tries, 7))));
}

core::Status Database::Query(Statement statement, Params params, const VisitRow& visit) {
  bool visited = false;
  const auto noting = [&visited, &visit](const Row& row) {
    visited = true;
    return visit ? visit(row) : core::Status();
  };
  for (int tries = 1;; ++tries) {
    SB_TRY(const Lease connection, pool_.Take());
    connection->SetPatience(false);
    auto status = postgres::VisitRows(*connection, statement, params, noting);
    const bool again = connection->again() || connection->lost();
    if (status || visited || !again || tries == kMostTries) {
      return status;
    }
    Pause(tries);
  }
}

core::Status Database::Repeat(const Work& work, Kind kind) {
  for (int tries = 1;; ++tries) {
    Try one;
    {
      SB_TRY(const Lease connection, pool_.Take());
      one = RunOnce(*connection, work, kind);
    }
    if (one.status || !one.again || tries == kMostTries) {
      return std::move(one.status);
    }
    Pause(tries);
  }
}

core::Status Database::Change(const Work& work) {
  const auto alone = [&work](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Lock("change"));
    return work(transaction);
  };
  return Repeat(alone, Kind::kChange);
}

core::Result<bool> Database::HasSchema(Connection& connection) {
  SB_TRY(const postgres::Answer found,
         connection.Exec(fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = '{}'", schema_)));
  return postgres::PQntuples(found.get()) > 0;
}

core::Status Database::MakeSchema() {
  SB_TRY(const Lease connection, pool_.Take());
  SB_TRY(bool there, HasSchema(*connection));
  if (there) {
    return {};
  }
  core::Status made = connection->Do(fmt::format("CREATE SCHEMA \"{}\"", schema_));
  if (!made) {  // by another process, meanwhile?
    SB_TRY(there, HasSchema(*connection));
  }
  return there ? core::Status() : made;
}

core::Result<PostgresLook> Database::Look() {
  SB_TRY(const Lease connection, pool_.Take());
  SB_TRY(const bool there, HasSchema(*connection));
  SB_TRY(const postgres::Answer version, connection->Exec("SHOW server_version"));
  const std::string_view text = postgres::PQgetvalue(version.get(), 0, 0);
  return PostgresLook{
      .name = name_, .version = std::string(text.substr(0, text.find(' '))), .schema = there};
}

core::Result<std::unique_ptr<Database>> DatabaseOf(const PostgresOptions& options) {
  SB_CHECK_OK(postgres::CheckSchema(options.schema));
  SB_TRY(const std::string name, postgres::NameOf(options.address));
  return std::make_unique<Database>(options, name);
}

}  // namespace

core::Result<std::unique_ptr<Sql>> OpenPostgres(const PostgresOptions& options) {
  SB_TRY(auto database, DatabaseOf(options));
  SB_CHECK_OK(database->MakeSchema());
  return database;
}

core::Result<PostgresLook> LookAtPostgres(const PostgresOptions& options) {
  SB_TRY(const auto database, DatabaseOf(options));
  return database->Look();
}

}  // namespace signalbox::store
