// The same on PostgreSQL, where batches go by COPY and rows stand in a part per day.
#include <gtest/gtest.h>

#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/caretaker.h"
#include "pipeline/ledger/erasure.h"
#include "pipeline/ledger/export.h"
#include "pipeline/ledger/partitions.h"
#include "pipeline/ledger/rollups_testing.h"
#include "pipeline/ledger/shipper.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr store::Statement kCount = "SELECT COUNT(*) FROM ledger_requests";

class OnPostgres : public testing::Test {
 protected:
  void SetUp() override {
    server_ = store::PostgresServer::Shared();
    if (server_ == nullptr) {
      GTEST_SKIP() << "skipped: PostgreSQL is not installed";
    }
    auto sql = store::OpenPostgres(
        {.address = server_->address(), .schema = store::PostgresServer::NewSchema()});
    ASSERT_TRUE(sql.has_value()) << sql.error().message;
    sql_ = *std::move(sql);
    const auto migrated = store::Migrate(*sql_, Migrations(), kSampleTime, {});
    ASSERT_TRUE(migrated.has_value()) << migrated.error().message;
  }
  void Ship(SampleArchive& archive, std::uint32_t batch = 100) {
    ShipperOptions options;
    options.batch = batch;
    const auto shipped = Shipper(*sql_, archive.directory(), archive.progress, options).ShipAll();
    ASSERT_TRUE(shipped.has_value()) << shipped.error().message;
  }
  void Change(store::Statement statement) {
    const auto changed = sql_->Write([&](store::Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(statement, {}));
      return {};
    });
    ASSERT_TRUE(changed.has_value()) << changed.error().message;
  }

  store::PostgresServer* server_ = nullptr;
  std::unique_ptr<store::Sql> sql_;
  core::Random random_{51};
};

TEST_F(OnPostgres, RollupsAreTheSumsOfTheRowsAlsoWhenTheyAreShippedAgain) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random_, 500);
  Ship(archive);
  ExpectRollupsMatchRows(*sql_);
  Change("UPDATE ledger_cursors SET segment = 0, position = 0");
  archive.AddCalls(random_, 100);
  Ship(archive, 70);
  EXPECT_EQ(Number(*sql_, kCount), 600);
  ExpectRollupsMatchRows(*sql_);
}

TEST_F(OnPostgres, TwoReplicasShipAtTheSameTime) {
  const TempDirectory one;
  const TempDirectory two;
  SampleArchive first(one.path());
  SampleArchive second(two.path());
  first.AddCalls(random_, 800, 10min);
  second.AddCalls(random_, 900, 10min);
  ShipperOptions options;
  options.batch = 50;
  options.interval = options.retry_first = options.retry_last = 1ms;
  Shipper a(*sql_, one.path(), first.progress, options);
  Shipper b(*sql_, two.path(), second.progress, options);
  a.Start();
  b.Start();
  for (int tries = 0; tries < 3000 && a.shipped() + b.shipped() < 1700; ++tries) {
    std::this_thread::sleep_for(10ms);
  }
  a.Stop();
  b.Stop();
  EXPECT_EQ(a.shipped(), 800U);
  EXPECT_EQ(b.shipped(), 900U);
  ExpectRollupsMatchRows(*sql_);
}

// F31
TEST_F(OnPostgres, AServerThatGoesAwayAndComesBackGetsEverythingOnce) {
  const auto server = store::PostgresServer::Start();
  ASSERT_NE(server, nullptr);
  const auto sql = *store::OpenPostgres({.address = server->address(), .wait = 500ms});
  ASSERT_TRUE(store::Migrate(*sql, Migrations(), kSampleTime, {}));
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random_, 3000, 10min);
  ShipperOptions options;
  options.batch = 20;
  options.interval = options.retry_first = options.retry_last = 5ms;
  Shipper shipper(*sql, directory.path(), archive.progress, options);
  shipper.Start();
  for (int kills = 0; kills < 3; ++kills) {
    const std::uint64_t before = shipper.shipped();
    for (int tries = 0; tries < 3000 && shipper.shipped() < before + 200; ++tries) {
      std::this_thread::sleep_for(5ms);
    }
    ASSERT_TRUE(server->Restart(SIGQUIT));
  }
  for (int tries = 0; tries < 6000 && Number(*sql, kCount) < 3000; ++tries) {
    std::this_thread::sleep_for(10ms);
  }
  shipper.Stop();
  EXPECT_EQ(Number(*sql, kCount), 3000);
  ExpectRollupsMatchRows(*sql);
}

TEST_F(OnPostgres, DaysHavePartsThatAreDroppedWhole) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  const std::int64_t day = DayOf(kSampleTime);
  ASSERT_TRUE(MakePartitions(*sql_, day, day + 4));
  ASSERT_TRUE(MakePartitions(*sql_, day - 1, day + 4));  // only what is missing
  archive.AddCalls(random_, 500, 96h);
  Ship(archive);
  EXPECT_EQ(Number(*sql_, "SELECT COUNT(*) FROM ledger_requests_rest"), 0);
  EXPECT_EQ(DropPartitions(*sql_, day + 2), 3U);
  std::int64_t oldest = 0;
  ASSERT_TRUE(sql_->Query("SELECT " SB_LEDGER_COLUMNS " FROM ledger_requests ORDER BY id LIMIT 1",
                          {}, [&](const store::Row& row) {
                            oldest = DayOf(ReadRow(row).request.uuid.Time());
                            return core::Status();
                          }));
  EXPECT_EQ(oldest, day + 2);
}

TEST_F(OnPostgres, AnswersAndErasesAsSqliteDoes) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random_, 600, 60h);
  Ship(archive);
  const auto sqlite = OpenStore();
  ASSERT_TRUE(Shipper(*sqlite, archive.directory(), archive.progress, {}).ShipAll());
  const auto start = kSampleTime.time_since_epoch() / 1s;
  const Period period{start + 60, start + 200'000};
  const auto same = [&](store::Sql& sql) {
    std::string all;
    RequestQuery query{.period = period, .most = 1000};
    query.filter.labels.tags = "a";
    query.filter.parties.key = NumberedId<request::KeyId>(2);
    EXPECT_TRUE(ListRequests(sql, query, [&](const Record& record) {
      all += record.request.Text() + "\n";
      return core::Status();
    }));
    for (const UsageRow& row :
         *TopUsage(sql, {.by = Dimension::kModel, .period = period}, UsageOrder::kTokens, 3)) {
      all += row.value + std::to_string(row.totals[Sum::kInputTokens]) + "\n";
    }
    for (const UsagePoint& point :
         *UsageSeries(sql, {.period = period}, "", Step::kDay, "Asia/Kolkata")) {
      all += std::to_string(point.totals[Sum::kCost]) + "\n";
    }
    EXPECT_TRUE(Erase(sql, {.value = "alpha"}, kSampleTime + 100h));
    EXPECT_TRUE(ExportRequests(sql, {.period = period}, ExportFormat::kCsv, [&](auto text) {
      all += text;
      return core::Status();
    }));
    ExpectRollupsMatchRows(sql);
    Caretaker caretaker(sql, {.retention = {.requests = 24h, .minutes = 24h}, .pause = 0ms});
    EXPECT_TRUE(caretaker.Round(kSampleTime + 38h + 30min));
    all += std::to_string(Number(sql, "SELECT COUNT(*) FROM usage_rollups"));
    all += std::to_string(Number(sql, "SELECT COUNT(*) FROM ai_analytics"));
    return all;
  };
  EXPECT_EQ(same(*sql_), same(*sqlite));
}

TEST_F(OnPostgres, TheAuditTrailIsAChainThere) {
  const TempDirectory directory;
  ASSERT_TRUE(TakeArchiveId(directory.path()));
  auto log = *AuditLog::Open(directory.path());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(log->Append({.action = "key.create"}, kSampleTime));
  }
  ASSERT_TRUE(log->Ship(*sql_));
  EXPECT_EQ(VerifyAudit(*sql_, log->replica(), log->head())->at(0).flaw, "");
  EXPECT_FALSE(sql_->Write([](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("UPDATE audit_trail SET user_id = 'x'", {}));
    return {};
  }));
  Change("DELETE FROM audit_trail WHERE sequence = 5");
  EXPECT_EQ(VerifyAudit(*sql_, log->replica(), log->head())->at(0).flaw, "entry 5 is missing");
}

}  // namespace
}  // namespace signalbox::ledger
