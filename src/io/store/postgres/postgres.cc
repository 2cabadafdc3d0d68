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

 private:
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

core::Status Database::MakeSchema() {
  SB_TRY(const Lease connection, pool_.Take());
  const std::string find = fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = '{}'", schema_);
  SB_TRY(postgres::Answer found, connection->Exec(find));
  if (PQntuples(found.get()) > 0) {
    return {};
  }
  const core::Status made = connection->Do(fmt::format("CREATE SCHEMA \"{}\"", schema_));
  if (!made) {  // by another process, meanwhile?
    SB_TRY(found, connection->Exec(find));
    return PQntuples(found.get()) > 0 ? core::Status() : made;
  }
  return {};
}

}  // namespace

core::Result<std::unique_ptr<Sql>> OpenPostgres(const PostgresOptions& options) {
  SB_CHECK_OK(postgres::CheckSchema(options.schema));
  SB_TRY(const std::string name, postgres::NameOf(options.address));
  auto database = std::make_unique<Database>(options, name);
  SB_CHECK_OK(database->MakeSchema());
  return database;
}

}  // namespace signalbox::store
