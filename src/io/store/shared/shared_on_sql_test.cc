#include "io/store/shared/shared_on_sql.h"

#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/shared/migrations.h"
#include "io/store/shared_contract_testing.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store {
namespace {

class SqlRig : public SharedRig {
 public:
  SqlRig(async::Loop& loop, std::unique_ptr<Sql> sql)
      : SharedRig(loop), sql_(std::move(sql)), shared_(loop, pool_, *sql_) {
    const auto migrated =
        Migrate(*sql_, shared::Migrations(), core::WallNow(), [] { return core::Status{}; });
    EXPECT_TRUE(migrated.has_value()) << migrated.error().message;
  }
  Shared& shared() override { return shared_; }
  async::Task<void> Lose() override {
    const core::Status lost = sql_->Write([](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_accounts", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_holders", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_tallies", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_values", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_leases", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_channels", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_messages", {}));
      return {};
    });
    EXPECT_TRUE(lost.has_value()) << lost.error().message;
    co_return;
  }

 private:
  std::unique_ptr<Sql> sql_;
  async::Pool pool_{2};
  SharedOnSql shared_;
};

class SqliteRig final : public SqlRig {
 public:
  explicit SqliteRig(async::Loop& loop) : SqlRig(loop, OpenSqlite({}).value()) {}
  static bool Missing() { return false; }
};

class PostgresRig final : public SqlRig {
 public:
  explicit PostgresRig(async::Loop& loop)
      : SqlRig(loop, OpenPostgres({.address = PostgresServer::Shared()->address(),
                                   .schema = PostgresServer::NewSchema()})
                         .value()) {}
  static bool Missing() { return PostgresServer::Shared() == nullptr; }
};

SB_SHARED_CONTRACT(SharedOnSqlite, SqliteRig)
SB_SHARED_CONTRACT(SharedOnPostgres, PostgresRig)

}  // namespace
}  // namespace signalbox::store
