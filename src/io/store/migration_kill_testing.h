// F62: a process that migrates is killed at each statement in turn; the next one goes on.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <memory>

#include "io/store/migration.h"

namespace signalbox::store {

// Kills its process before the n-th statement of a change of form, counted from 0.
class DeadlySql final : public Sql {
 public:
  DeadlySql(Sql& sql, int statement) : sql_(sql), left_(statement) {}

  core::Status Query(Statement statement, Params params, const VisitRow& visit) override {
    return sql_.Query(statement, params, visit);
  }
  core::Status Write(const Work& work) override { return sql_.Write(work); }
  core::Status Change(const Work& work) override {
    const auto status = sql_.Change([this, &work](Transaction& inner) {
      Deadly deadly(*this, inner);
      core::Status done = work(deadly);
      Count();  // before the commit
      return done;
    });
    Count();
    return status;
  }
  Engine engine() const override { return sql_.engine(); }
  std::string Name() const override { return sql_.Name(); }

 private:
  class Deadly final : public Transaction {
   public:
    Deadly(DeadlySql& sql, Transaction& inner) : sql_(sql), inner_(inner) {}
    core::Status Query(Statement statement, Params params, const VisitRow& visit) override {
      sql_.Count();
      return inner_.Query(statement, params, visit);
    }
    core::Result<std::int64_t> Run(Statement statement, Params params) override {
      sql_.Count();
      return inner_.Run(statement, params);
    }
    core::Status Insert(const Bulk& rows) override { return inner_.Insert(rows); }
    Engine engine() const override { return inner_.engine(); }

   private:
    DeadlySql& sql_;
    Transaction& inner_;
  };

  void Count() {
    if (left_-- == 0) {
      kill(getpid(), SIGKILL);
    }
  }

  Sql& sql_;
  int left_;
};

// `open(n)` opens the n-th of many databases that are empty at first.
inline void KillAtEachStatement(const std::function<std::unique_ptr<Sql>(int)>& open) {
  static constexpr Migration kMigrations[] = {
      {101, "one", "CREATE TABLE one (id BIGINT);\nINSERT INTO one VALUES (1);\n"},
      {201, "two",
       "CREATE TABLE two (id BIGINT);\nALTER TABLE one ADD COLUMN name TEXT;\n"
       "INSERT INTO one (id) VALUES (2);\n"}};
  bool killed = true;
  int statement = 0;
  for (; killed; ++statement) {
    const pid_t child = fork();
    if (child == 0) {
      const auto sql = open(statement);
      DeadlySql deadly(*sql, statement);
      _exit(Migrate(deadly, kMigrations, {}, {}) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    killed = WIFSIGNALED(status);
    ASSERT_TRUE(killed || WEXITSTATUS(status) == 0);
    const auto sql = open(statement);
    ASSERT_NE(sql, nullptr);
    const auto report = Migrate(*sql, kMigrations, {}, {});
    ASSERT_TRUE(report.has_value()) << report.error().message;
    std::int64_t rows = 0;
    ASSERT_TRUE(
        sql->Query("SELECT (SELECT COUNT(*) FROM one), (SELECT COUNT(*) FROM two), "
                   "(SELECT COUNT(*) FROM signalbox_migrations)",
                   {}, [&rows](const Row& row) {
                     rows = row.Int(0) * 100 + row.Int(1) * 10 + row.Int(2);
                     return core::Status();
                   }));
    EXPECT_EQ(rows, 202) << "killed at " << statement;
  }
  EXPECT_GT(statement, 12);
}

}  // namespace signalbox::store
