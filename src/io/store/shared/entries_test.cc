#include "io/store/shared/entries.h"

#include <gtest/gtest.h>

#include "base/async/async_testing.h"
#include "io/store/shared/accounts.h"
#include "io/store/shared/migrations.h"
#include "io/store/shared/shared_on_sql.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store {
namespace {

using namespace std::chrono_literals;

class SharedTables : public testing::Test {
 protected:
  void SetUp() override {
    const auto migrated =
        Migrate(*sql_, shared::Migrations(), core::WallNow(), [] { return core::Status{}; });
    ASSERT_TRUE(migrated.has_value()) << migrated.error().message;
  }
  void Write(const Work& work) {
    const core::Status status = sql_->Write(work);
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
  void Publish(std::string_view text) {
    Write([text](Transaction& transaction) { return PublishIn(transaction, "c", text); });
  }
  std::int64_t Count(Statement statement) {
    std::int64_t count = -1;
    EXPECT_TRUE(sql_->Query(statement, {},
                            [&count](const Row& row) -> core::Status {
                              count = row.Int(0);
                              return {};
                            })
                    .has_value());
    return count;
  }

  std::unique_ptr<Sql> sql_ = OpenSqlite({}).value();
};

TEST_F(SharedTables, NewsFollowEachOtherWithoutGaps) {
  const auto none = NewsIn(*sql_, "c", std::nullopt);
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->gap);
  EXPECT_EQ(none->newest, 0);
  Publish("one");
  Publish("two");
  const auto two = NewsIn(*sql_, "c", none->newest);
  EXPECT_FALSE(two->gap);
  EXPECT_EQ(two->texts, (std::vector<std::string>{"one", "two"}));
  const auto quiet = NewsIn(*sql_, "c", two->newest);
  EXPECT_FALSE(quiet->gap);
  EXPECT_TRUE(quiet->texts.empty());
  Publish("three");
  EXPECT_EQ(NewsIn(*sql_, "c", two->newest)->texts, std::vector<std::string>{"three"});
  const auto late = NewsIn(*sql_, "c", std::nullopt);
  EXPECT_TRUE(late->gap);
  EXPECT_TRUE(late->texts.empty());
  EXPECT_EQ(NewsIn(*sql_, "other", std::nullopt)->newest, 0);
}

TEST_F(SharedTables, AnEmptiedTableIsAGap) {
  Publish("one");
  const auto news = NewsIn(*sql_, "c", std::nullopt);
  Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("DELETE FROM shared_channels", {}));
    SB_CHECK_OK(transaction.Run("DELETE FROM shared_messages", {}));
    return {};
  });
  EXPECT_TRUE(NewsIn(*sql_, "c", news->newest)->gap);
}

TEST_F(SharedTables, OldMessagesGoWithTheNextOne) {
  Publish("old");
  Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("UPDATE shared_messages SET sent_at = sent_at - 60000", {}));
    return {};
  });
  Publish("new");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_messages"), 1);
}

TEST_F(SharedTables, SweepingLeavesWhatLives) {
  Write([](Transaction& transaction) -> core::Status {
    std::vector<core::Result<Slice>> slices;
    std::vector<Draw> draws(2,
                            Draw{.name = {"kept", ""}, .holder = "a", .sequence = 1, .ttl = 1ms});
    draws[1].name.account = "ended";
    draws[1].keep = 1ms;
    SB_CHECK_OK(DrawIn(transaction, draws, 1, slices));
    SB_CHECK_OK(SetIn(transaction, "kept", "x", 0ms));
    SB_CHECK_OK(SetIn(transaction, "ended", "x", 1ms));
    SB_CHECK_OK(AcquireIn(transaction, "kept", "a", 1ms));
    SB_CHECK_OK(AcquireIn(transaction, "ended", "a", 1ms));
    // A while later.
    SB_CHECK_OK(
        transaction.Run("UPDATE shared_accounts SET ends_at = 1 WHERE account = 'ended'", {}));
    SB_CHECK_OK(transaction.Run("UPDATE shared_values SET ends_at = 1 WHERE name = 'ended'", {}));
    SB_CHECK_OK(transaction.Run("UPDATE shared_leases SET ends_at = 1 WHERE name = 'ended'", {}));
    return SweepIn(transaction);
  });
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_accounts"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_holders"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_holders WHERE account = 'kept'"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_values"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM shared_leases"), 1);
}

// A database that is away.
class NoSql final : public Sql {
 public:
  core::Status Query(Statement, Params, const VisitRow&) override { return Away(); }
  core::Status Write(const Work&) override { return Away(); }
  Engine engine() const override { return Engine::kPostgres; }
  std::string Name() const override { return "PostgreSQL nowhere"; }

 private:
  static core::Status Away() {
    return core::Fail(core::ErrorCode::kUnavailable, "PostgreSQL nowhere: connection refused");
  }
};

LOOP_TEST(SharedOnSql, SaysThatTheDatabaseIsAway) {
  NoSql sql;
  async::Pool pool(1);
  SharedOnSql shared(loop, pool, sql);
  std::vector<Draw> draws(2, Draw{.name = {"k", ""}, .holder = "a", .sequence = 1, .ttl = 1s});
  const auto slices = co_await shared.DrawAll(draws, {loop.now() + 20s});
  for (const auto& slice : slices) {
    EXPECT_EQ(slice.error().code, core::ErrorCode::kUnavailable);
  }
  const auto got = co_await shared.Get("k", {loop.now() + 20s});
  EXPECT_EQ(got.error().code, core::ErrorCode::kUnavailable);
  co_await shared.Close({loop.now() + 20s});
}

LOOP_TEST(SharedOnSql, AnswersByTheDeadlineAndWhenThePoolIsFull) {
  NoSql sql;
  std::mutex busy;
  std::unique_lock held(busy);
  async::Pool pool(1, 1);
  pool.Post([&busy] { const std::lock_guard wait(busy); });
  SharedOnSql shared(loop, pool, sql);
  core::ErrorCode last{};
  for (int i = 0; i < 4; ++i) {
    const auto got = co_await shared.Get("k", {loop.now() + 5ms});
    last = got.error().code;
    EXPECT_TRUE(last == core::ErrorCode::kDeadlineExceeded ||
                last == core::ErrorCode::kUnavailable);
  }
  EXPECT_EQ(last, core::ErrorCode::kUnavailable);  // no more is taken
  co_await shared.Close({loop.now() + 20s});
  held.unlock();
}

}  // namespace
}  // namespace signalbox::store
