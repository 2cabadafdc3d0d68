#include "io/store/shared/shared_on_sql.h"

#include "io/store/shared/migrations.h"
#include "io/store/shared_contract_testing.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store {
namespace {

class Rig final : public SharedRig {
 public:
  explicit Rig(async::Loop& loop)
      : SharedRig(loop), sql_(OpenSqlite({}).value()), shared_(loop, pool_, *sql_) {
    const auto migrated =
        Migrate(*sql_, shared::Migrations(), core::WallNow(), [] { return core::Status{}; });
    EXPECT_TRUE(migrated.has_value()) << migrated.error().message;
  }
  static bool Missing() { return false; }
  Shared& shared() override { return shared_; }
  async::Task<void> Lose() override {
    const core::Status lost = sql_->Write([](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_accounts", {}));
      SB_CHECK_OK(transaction.Run("DELETE FROM shared_holders", {}));
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

SB_SHARED_CONTRACT(SharedOnSqlite, Rig)

}  // namespace
}  // namespace signalbox::store
