// What only a database behind a network can do or suffer. F31.
#include "io/store/postgres/postgres.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "base/core/time.h"
#include "io/store/migration_kill_testing.h"
#include "io/store/postgres/postgres_testing.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

constexpr Statement kAdd = "INSERT INTO things (id) VALUES ($1)";

core::Status Add(Sql& sql, std::int64_t id) {
  return sql.Write([id](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run(kAdd, {id}));
    return {};
  });
}

std::int64_t Count(Sql& sql, Statement statement = "SELECT COUNT(*) FROM things") {
  std::int64_t count = -1;
  const auto status = sql.Query(statement, {}, [&count](const Row& row) {
    count = row.Int(0);
    return core::Status();
  });
  EXPECT_TRUE(status.has_value()) << status.error().message;
  return count;
}

// What a person with psql would do.
void Psql(const PostgresServer& server, const char* text) {
  PGconn* connection = PQconnectdb(server.address().c_str());
  PGresult* result = PQexec(connection, text);
  EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK) << PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
}

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    server_ = PostgresServer::Shared();
    if (server_ == nullptr) {
      GTEST_SKIP();
    }
    options_.address = server_->address();
    options_.schema = PostgresServer::NewSchema();
  }
  // Of a server that the test may mistreat.
  void UseOwnServer(std::vector<std::string> settings = {}) {
    own_ = PostgresServer::Start(std::move(settings));
    ASSERT_NE(own_, nullptr);
    server_ = own_.get();
    options_.address = server_->address();
  }
  std::unique_ptr<Sql> Open() {
    auto opened = OpenPostgres(options_);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return opened ? *std::move(opened) : nullptr;
  }
  std::unique_ptr<Sql> OpenWithTable() {
    auto sql = Open();
    EXPECT_TRUE(sql->Change([](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run("CREATE TABLE things (id BIGINT PRIMARY KEY)", {}));
      return {};
    }));
    return sql;
  }

  std::unique_ptr<PostgresServer> own_;
  PostgresServer* server_ = nullptr;
  PostgresOptions options_;
};

TEST(PostgresAddress, IsNeverShownWithItsPassword) {
  for (const char* address :
       {"postgresql://user:s3same@127.0.0.1:1/records", "postgresql://user:s3same%zz@host/db",
        "user:s3same@host", "host=127.0.0.1 port=1 password=s3same dbname=records", "host='s3same",
        ""}) {
    const auto opened = OpenPostgres({.address = address});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().message.find("s3same"), std::string::npos) << opened.error().message;
    const bool readable = std::string_view(address).contains("records");
    EXPECT_EQ(opened.error().code, readable ? ErrorCode::kUnavailable : ErrorCode::kInvalidRequest)
        << opened.error().message;
    EXPECT_EQ(opened.error().message.contains("PostgreSQL 127.0.0.1:1/records"), readable)
        << opened.error().message;
  }
  for (const char* schema : {"", "public", "pg_x", "a\"b", "A", "a;b"}) {
    const auto opened = OpenPostgres({.address = "host=127.0.0.1 port=1", .schema = schema});
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalidRequest);
  }
}

TEST_F(Postgres, LooksAtNobodyElsesTables) {
  Psql(*server_, "CREATE TABLE IF NOT EXISTS public.strangers (id BIGINT)");
  const auto sql = OpenWithTable();
  EXPECT_EQ(sql->Query("SELECT id FROM strangers", {}, {}).error().code, ErrorCode::kInternal);
  EXPECT_TRUE(sql->Name().starts_with("PostgreSQL /")) << sql->Name();
  EXPECT_EQ(Count(*sql, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()"), 1);
}

TEST_F(Postgres, ReadsDecimals) {
  const auto sql = Open();
  ASSERT_TRUE(sql->Query(
      "SELECT CAST('-9223372036854775808' AS NUMERIC), CAST('9223372036854775807' AS NUMERIC), "
      "CAST('-12345678.0625' AS NUMERIC), CAST('0' AS NUMERIC), CAST('50000000' AS NUMERIC), "
      "CAST('0.00001' AS NUMERIC), CAST('NaN' AS NUMERIC), TRUE, CAST(7 AS SMALLINT), "
      "CAST(1.5 AS REAL), CAST('x' AS VARCHAR(3))",
      {}, [](const Row& row) {
        EXPECT_EQ(row.Int(0), std::numeric_limits<std::int64_t>::min());
        EXPECT_EQ(row.Int(1), std::numeric_limits<std::int64_t>::max());
        EXPECT_EQ(row.Number(2), -12345678.0625);
        EXPECT_EQ(row.Int(3), 0);
        EXPECT_EQ(row.Int(4), 50'000'000);
        EXPECT_DOUBLE_EQ(row.Number(5), 0.00001);
        EXPECT_NE(row.Number(6), row.Number(6));
        EXPECT_EQ(row.Int(7), 1);
        EXPECT_EQ(row.Int(8), 7);
        EXPECT_EQ(row.Number(9), 1.5);
        EXPECT_EQ(row.Text(10), "x");
        return core::Status();
      }));
}

TEST_F(Postgres, AStatementEndsAtItsLimit) {
  options_.statement = milliseconds(100);
  const auto sql = OpenWithTable();
  const auto read = sql->Query("SELECT pg_sleep(60)", {}, {});
  EXPECT_EQ(read.error().code, ErrorCode::kDeadlineExceeded) << read.error().message;
  const auto written = sql->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run(kAdd, {std::int64_t{1}}));
    return transaction.Query("SELECT pg_sleep(60)", {}, {});
  });
  EXPECT_EQ(written.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(Count(*sql), 0);
  EXPECT_TRUE(sql->Change([](Transaction& transaction) {  // these may take their time
    return transaction.Query("SELECT pg_sleep(0.3)", {}, {});
  }));
}

TEST_F(Postgres, WaitsForAConnectionNoLongerThanAllowed) {
  options_.connections = 1;
  options_.wait = milliseconds(100);
  const auto sql = OpenWithTable();
  core::Status other;
  ASSERT_TRUE(sql->Write([&](Transaction&) {
    other = sql->Query("SELECT 1", {}, {});
    return core::Status();
  }));
  EXPECT_EQ(other.error().code, ErrorCode::kUnavailable) << other.error().message;
  EXPECT_TRUE(sql->Query("SELECT 1", {}, {}));
}

TEST_F(Postgres, TriesAgainAfterADeadlock) {
  const auto sql = OpenWithTable();
  ASSERT_TRUE(Add(*sql, 1));
  ASSERT_TRUE(Add(*sql, 2));
  std::atomic<int> holding = 0;
  const auto work = [&](std::int64_t first, std::int64_t second) {
    const auto status = sql->Write([&](Transaction& transaction) -> core::Status {
      constexpr Statement kTouch = "UPDATE things SET id = id WHERE id = $1";
      SB_CHECK_OK(transaction.Run(kTouch, {first}));
      ++holding;
      while (holding < 2) {  // at the first try, each has what the other wants
        std::this_thread::yield();
      }
      SB_CHECK_OK(transaction.Run(kTouch, {second}));
      return {};
    });
    EXPECT_TRUE(status.has_value()) << status.error().message;
  };
  std::thread one(work, 1, 2);
  std::thread two(work, 2, 1);
  one.join();
  two.join();
  EXPECT_GT(holding, 2);
}

TEST_F(Postgres, SeveralReplicasThatStartAtOnceMigrateOnce) {
  static constexpr Migration kMigrations[] = {
      {101, "one", "CREATE TABLE one (id BIGINT);\nINSERT INTO one VALUES (1);\n"},
      {102, "two", "INSERT INTO one VALUES (2);\n"}};
  std::atomic<std::size_t> applied = 0;
  std::vector<std::thread> replicas;
  for (int i = 0; i < 4; ++i) {
    replicas.emplace_back([&] {
      const auto sql = Open();
      const auto report = Migrate(*sql, kMigrations, {}, {});
      ASSERT_TRUE(report.has_value()) << report.error().message;
      applied += report->applied.size();
    });
  }
  for (auto& replica : replicas) {
    replica.join();
  }
  EXPECT_EQ(applied, 2U);
  EXPECT_EQ(Count(*Open(), "SELECT COUNT(*) FROM one"), 2);
}

TEST_F(Postgres, AMigrationThatIsKilledAnywhereGoesOnAtTheNextStart) {
  const std::string schema = options_.schema;
  KillAtEachStatement([&](int number) -> std::unique_ptr<Sql> {
    options_.schema = schema + "_" + std::to_string(number);
    return Open();
  });
}

// Writers note what they were told; the server goes down at once, as in a crash, and comes back.
TEST_F(Postgres, AfterARestartUnderLoadEverythingAcknowledgedIsThereAndWritersGoOn) {
  UseOwnServer();
  const auto sql = OpenWithTable();
  std::mutex mutex;
  std::map<std::int64_t, bool> told;  // false: nobody knows
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (std::int64_t id = writer; !stop; id += 4) {
        const auto status = Add(*sql, id);
        const bool unknown = !status && status.error().message.contains("nobody knows");
        EXPECT_TRUE(status || status.error().code == ErrorCode::kUnavailable)
            << status.error().message;
        const std::scoped_lock lock(mutex);
        if (status || unknown) {
          told[id] = status.has_value();
        }
        written += status ? 1 : 0;
      }
    });
  }
  const auto grow = [&written] {
    for (const int from = written; written < from + 100;) {
      std::this_thread::yield();
    }
  };
  for (int round = 0; round < 3; ++round) {
    grow();
    EXPECT_TRUE(server_->Restart(round == 1 ? SIGINT : SIGQUIT));
  }
  grow();
  stop = true;
  for (auto& writer : writers) {
    writer.join();
  }
  std::int64_t there = 0;
  ASSERT_TRUE(sql->Query("SELECT id FROM things", {}, [&](const Row& row) {
    EXPECT_TRUE(told.contains(row.Int(0)));
    there += told[row.Int(0)] ? 1 : 0;
    return core::Status();
  }));
  EXPECT_EQ(there, std::ranges::count_if(told, [](const auto& one) { return one.second; }));
}

TEST_F(Postgres, ServesMoreThreadsThanTheServerTakesConnections) {
  UseOwnServer({"max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0"});
  options_.connections = 16;
  options_.wait = milliseconds(30'000);
  const auto sql = OpenWithTable();
  std::vector<std::thread> writers;
  for (std::int64_t writer = 0; writer < 12; ++writer) {
    writers.emplace_back([&, writer] {
      for (std::int64_t i = 0; i < 20; ++i) {
        const auto status = Add(*sql, writer * 100 + i);
        EXPECT_TRUE(status.has_value()) << status.error().message;
      }
    });
  }
  for (auto& writer : writers) {
    writer.join();
  }
  EXPECT_EQ(Count(*sql), 240);
  std::vector<PGconn*> others;  // take what is left
  for (int i = 0; i < 4; ++i) {
    others.push_back(PQconnectdb(options_.address.c_str()));
  }
  options_.wait = milliseconds(100);
  const auto none = OpenPostgres(options_);
  for (PGconn* other : others) {
    PQfinish(other);
  }
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kUnavailable) << none.error().message;
}

TEST_F(Postgres, AReadOnlyServerIsUnavailableToWritersUntilItIsNot) {
  UseOwnServer();
  const auto sql = OpenWithTable();
  Psql(*server_, "ALTER SYSTEM SET default_transaction_read_only = on");
  ASSERT_TRUE(server_->Restart(SIGINT));
  const auto refused = Add(*sql, 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().message;
  EXPECT_EQ(Count(*sql), 0);
  Psql(*server_, "ALTER SYSTEM RESET default_transaction_read_only");
  ASSERT_TRUE(server_->Restart(SIGINT));
  EXPECT_TRUE(Add(*sql, 1));
}

TEST_F(Postgres, AServerThatStandsStillIsGivenUpAndUsedAgainLater) {
  UseOwnServer();
  options_.statement = milliseconds(100);
  options_.wait = milliseconds(200);
  const auto sql = OpenWithTable();
  server_->Freeze();
  const core::MonoTime start = core::MonoNow();
  const auto silent = Add(*sql, 1);
  EXPECT_LT(core::MonoNow() - start, std::chrono::seconds(60));  // ends at all
  EXPECT_EQ(silent.error().code, ErrorCode::kUnavailable) << silent.error().message;
  server_->Thaw();
  core::Status later;
  for (int tries = 0; tries < 100 && !(later = Add(*sql, 2)); ++tries) {
  }
  EXPECT_TRUE(later.has_value()) << later.error().message;
}

TEST_F(Postgres, BadTextInTheMiddleOfABulkTakesTheWholeBack) {
  const auto sql = Open();
  ASSERT_TRUE(sql->Change([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("CREATE TABLE texts (body TEXT)", {}));
    return {};
  }));
  static constexpr Statement kColumns[] = {"body"};
  for (const bool skip : {false, true}) {
    int rows = 0;
    const auto status = sql->Write([&rows, skip](Transaction& transaction) {
      return transaction.Insert({"texts", kColumns,
                                 [&rows](std::span<Param> row) {
                                   row[0] = std::string_view(++rows == 50'000 ? "\xFF" : "fine");
                                   return true;
                                 },
                                 skip});
    });
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidRequest) << status.error().message;
    EXPECT_EQ(Count(*sql, "SELECT COUNT(*) FROM texts"), 0);
  }
}

}  // namespace
}  // namespace signalbox::store
