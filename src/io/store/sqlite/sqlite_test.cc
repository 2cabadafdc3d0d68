// What only a database in a file can do or suffer.
#include "io/store/sqlite/sqlite.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/core/time.h"
#include "io/store/migration_kill_testing.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

constexpr Statement kAdd = "INSERT INTO things (id, name) VALUES ($1, $2)";

class SqliteFile : public testing::Test {
 protected:
  SqliteFile() {
    std::string name = (std::filesystem::temp_directory_path() / "sqlite-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    options_.path = directory_ + "/test.db";
  }
  ~SqliteFile() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  std::unique_ptr<Sqlite> Open() {
    auto opened = OpenSqlite(options_);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return *std::move(opened);
  }
  std::unique_ptr<Sqlite> OpenWithTable() {
    auto sql = Open();
    EXPECT_TRUE(sql->Change([](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(
          "CREATE TABLE IF NOT EXISTS things (id BIGINT PRIMARY KEY, name TEXT)", {}));
      return {};
    }));
    return sql;
  }
  static core::Status Add(Sql& sql, std::int64_t id, std::string_view name = "x") {
    return sql.Write([&](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(kAdd, {id, name}));
      return {};
    });
  }
  static std::int64_t Count(Sql& sql) {
    std::int64_t count = -1;
    EXPECT_TRUE(sql.Query("SELECT COUNT(*) FROM things", {}, [&count](const Row& row) {
      count = row.Int(0);
      return core::Status();
    }));
    return count;
  }

  std::string directory_;
  SqliteOptions options_;
};

// Another process that holds the file's lock until told to go.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ready[2];
    int go[2];
    EXPECT_TRUE(pipe(ready) == 0 && pipe(go) == 0);
    child_ = fork();
    if (child_ == 0) {
      close(go[1]);
      sqlite3* database = nullptr;
      const bool held =
          sqlite3_open(path.c_str(), &database) == SQLITE_OK &&
          sqlite3_exec(database, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK;
      char byte = held ? 'y' : 'n';
      _exit(write(ready[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(go[0]);
    close(ready[1]);
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    EXPECT_EQ(byte, 'y');
    close(ready[0]);
    go_ = go[1];
  }
  ~Holder() { Release(); }
  void Release() {
    if (child_ > 0) {
      close(go_);
      waitpid(std::exchange(child_, 0), nullptr, 0);
    }
  }

 private:
  pid_t child_ = 0;
  int go_ = -1;
};

// F30.
TEST_F(SqliteFile, AnotherProcessesLockEndsTheWaitAndHindersNoReader) {
  options_.wait = milliseconds(100);
  const auto sql = OpenWithTable();
  ASSERT_TRUE(Add(*sql, 1));
  Holder holder(options_.path);
  const auto refused = Add(*sql, 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().message;
  EXPECT_NE(refused.error().message.find("locked"), std::string::npos);
  EXPECT_EQ(Count(*sql), 1);
  holder.Release();
  EXPECT_TRUE(Add(*sql, 2));
  EXPECT_EQ(Count(*sql), 2);
}

TEST_F(SqliteFile, WritersOutwaitALockThatEndsInTimeAndLoseNothing) {
  options_.wait = milliseconds(60'000);
  const auto sql = OpenWithTable();
  Holder holder(options_.path);
  std::atomic<int> begun = 0;
  std::vector<std::thread> writers;
  for (std::int64_t id = 0; id < 8; ++id) {
    writers.emplace_back([&, id] {
      ++begun;
      EXPECT_TRUE(Add(*sql, id));
    });
  }
  while (begun < 8) {
    std::this_thread::yield();
  }
  holder.Release();
  for (auto& writer : writers) {
    writer.join();
  }
  EXPECT_EQ(Count(*sql), 8);
}

TEST_F(SqliteFile, WhoseTurnDoesNotComeGivesUp) {
  options_.wait = milliseconds(50);
  const auto sql = OpenWithTable();
  core::Status other;
  core::Status inner;
  ASSERT_TRUE(sql->Write([&](Transaction&) {
    inner = Add(*sql, 1);  // would wait for itself
    std::thread([&] { other = Add(*sql, 2); }).join();
    return core::Status();
  }));
  EXPECT_EQ(inner.error().code, ErrorCode::kInternal);
  EXPECT_EQ(other.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Count(*sql), 0);
}

TEST_F(SqliteFile, WhenTheSpaceIsUsedUpWhatWasWrittenStaysAndRoomHelps) {
  options_.most_bytes = 400'000;
  const auto sql = OpenWithTable();
  const std::string kilobyte(1000, 'x');
  std::int64_t id = 0;
  core::Status status;
  while ((status = Add(*sql, id, kilobyte))) {
    ASSERT_LT(++id, 1000);
  }
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable) << status.error().message;
  EXPECT_NE(status.error().message.find("space"), std::string::npos);
  EXPECT_EQ(Count(*sql), id);
  std::vector<std::thread> writers;  // of those that wait together, some have room
  std::atomic<int> written = 0;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      const bool large = i % 2 == 0;
      const auto added =
          Add(*sql, 5000 + i, large ? std::string(50'000, 'y') : std::string("small"));
      EXPECT_TRUE(added || added.error().code == ErrorCode::kUnavailable);
      EXPECT_FALSE(added && large);
      written += added ? 1 : 0;
    });
  }
  for (auto& writer : writers) {
    writer.join();
  }
  EXPECT_EQ(Count(*sql), id + written);
  EXPECT_TRUE(sql->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("DELETE FROM things WHERE id < 100", {}));
    return {};
  }));
  EXPECT_TRUE(Add(*sql, 9999, kilobyte));
  EXPECT_TRUE(sql->Damage()->empty());
}

TEST_F(SqliteFile, AStatementEndsAtItsLimit) {
  options_.statement = milliseconds(50);
  const auto sql = OpenWithTable();
  constexpr Statement kEndless =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
  const auto read = sql->Query(kEndless, {}, {});
  EXPECT_EQ(read.error().code, ErrorCode::kDeadlineExceeded) << read.error().message;
  const auto written = sql->Write([&](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run(kAdd, {std::int64_t{1}, std::string_view("gone")}));
    return transaction.Query(kEndless, {}, {});
  });
  EXPECT_EQ(written.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(Count(*sql), 0);
  EXPECT_TRUE(Add(*sql, 1));
  EXPECT_TRUE(sql->Change([](Transaction& transaction) {  // these may take their time
    return transaction.Query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
        "SELECT COUNT(*) FROM n",
        {}, {});
  }));
}

TEST_F(SqliteFile, ABackupIsAWholeDatabaseOfOneMoment) {
  const auto sql = OpenWithTable();
  for (std::int64_t id = 0; id < 200; id += 2) {
    ASSERT_TRUE(Add(*sql, id));
  }
  const std::string copy = directory_ + "/copy.db";
  std::ofstream(copy) << "what was there before";
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (std::int64_t id = 1000; !stop; id += 2) {
      EXPECT_TRUE(sql->Write([id](Transaction& transaction) -> core::Status {
        SB_CHECK_OK(transaction.Run(kAdd, {id, std::string_view("pair")}));
        SB_CHECK_OK(transaction.Run(kAdd, {id + 1, std::string_view("pair")}));
        return {};
      }));
    }
  });
  const auto done = sql->BackUp(copy);
  stop = true;
  writer.join();
  ASSERT_TRUE(done.has_value()) << done.error().message;
  options_.path = copy;
  const auto restored = Open();
  EXPECT_TRUE(restored->Damage()->empty());
  EXPECT_GE(Count(*restored), 100);
  EXPECT_EQ(Count(*restored) % 2, 0);
  const auto nowhere = sql->BackUp(directory_ + "/nowhere/copy.db");
  EXPECT_EQ(nowhere.error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteFile, ADamagedFileSaysWhatToDo) {
  {
    const auto sql = OpenWithTable();
    for (std::int64_t id = 0; id < 2000; ++id) {
      ASSERT_TRUE(sql->Write([id](Transaction& transaction) -> core::Status {
        SB_CHECK_OK(transaction.Run(kAdd, {id, std::string_view("some text to fill pages")}));
        return {};
      }));
    }
  }
  {
    std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 5 + 100);
    file << std::string(8000, '\x5A');
  }
  {
    const auto sql = Open();
    const auto damage = sql->Damage();
    ASSERT_TRUE(damage.has_value());
    EXPECT_FALSE(damage->empty());
    const auto read = sql->Query("SELECT SUM(LENGTH(name)) FROM things", {}, {});
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, ErrorCode::kInternal);
    EXPECT_NE(read.error().message.find("backup"), std::string::npos) << read.error().message;
  }
  std::filesystem::remove(options_.path);
  std::ofstream(options_.path) << std::string(10'000, 'n');
  const auto none = OpenSqlite(options_);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kInternal);
  EXPECT_NE(none.error().message.find("no database"), std::string::npos) << none.error().message;
}

// F29. As a user who may not write: root may everywhere.
TEST_F(SqliteFile, AFileThatMayNotBeWrittenIsUnavailable) {
  ASSERT_TRUE(Add(*OpenWithTable(), 1));
  std::filesystem::permissions(options_.path, std::filesystem::perms(0444));
  std::filesystem::permissions(directory_, std::filesystem::perms(0555));
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setuid(65'534) != 0)) {
      _exit(2);
    }
    const auto opened = OpenSqlite(options_);
    const bool right = !opened && opened.error().code == ErrorCode::kUnavailable &&
                       opened.error().message.find("writable") != std::string::npos;
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  std::filesystem::permissions(directory_, std::filesystem::perms(0755));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  options_.path = directory_ + "/no/such/test.db";
  EXPECT_EQ(OpenSqlite(options_).error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteFile, WhatWasAcknowledgedOutlivesAKill) {
  OpenWithTable();
  std::int64_t acknowledged = -1;
  for (int round = 0; round < 5; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
      const auto sql = Open();
      for (std::int64_t id = acknowledged + 1000;; ++id) {
        if (!Add(*sql, id) || write(pipes[1], &id, sizeof id) != sizeof id) {
          _exit(1);
        }
      }
    }
    close(pipes[1]);
    for (int i = 0; i < 40 * (round + 1); ++i) {
      ASSERT_EQ(read(pipes[0], &acknowledged, sizeof acknowledged),
                static_cast<ssize_t>(sizeof acknowledged));
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(pipes[0], &acknowledged, sizeof acknowledged) > 0) {
    }
    close(pipes[0]);
    const auto sql = Open();
    std::int64_t found = 0;
    ASSERT_TRUE(sql->Query("SELECT COUNT(*) FROM things WHERE id = $1", {acknowledged},
                           [&found](const Row& row) {
                             found = row.Int(0);
                             return core::Status();
                           }));
    EXPECT_EQ(found, 1);
    EXPECT_TRUE(sql->Damage()->empty());
  }
}

TEST_F(SqliteFile, AMigrationThatIsKilledAnywhereGoesOnAtTheNextStart) {
  KillAtEachStatement([this](int number) -> std::unique_ptr<Sql> {
    options_.path = directory_ + "/" + std::to_string(number) + ".db";
    return Open();
  });
}

}  // namespace
}  // namespace signalbox::store
