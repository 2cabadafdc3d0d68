// A database for the contract suite of Sql, with a table to fill. A null database means that its
// server is not installed. Test support.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "io/store/sql.h"

namespace signalbox::store {

using OpenSql = std::unique_ptr<Sql> (*)();

class SqlContract : public testing::TestWithParam<OpenSql> {
 protected:
  void SetUp() override {
    sql_ = GetParam()();
    if (sql_ == nullptr) {
      GTEST_SKIP() << "skipped: the database's server is not installed";
    }
    Change(
        "CREATE TABLE things (id BIGINT PRIMARY KEY, ratio DOUBLE PRECISION, name TEXT, "
        "body BYTEA, CHECK (id >= 0))");
  }

  void Change(Statement statement) {
    const auto status = sql_->Change([&statement](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(statement, {}));
      return {};
    });
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
  core::Status Run(Statement statement, std::initializer_list<Param> params) {
    return sql_->Write([&statement, params](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(statement, params));
      return {};
    });
  }
  core::Status Add(std::int64_t id, std::string_view name) {
    return Run("INSERT INTO things (id, name) VALUES ($1, $2)", {id, name});
  }
  std::int64_t Count(Statement statement = "SELECT COUNT(*) FROM things") {
    std::int64_t count = -1;
    const auto status = sql_->Query(statement, {}, [&count](const Row& row) {
      count = row.Int(0);
      return core::Status();
    });
    EXPECT_TRUE(status.has_value()) << status.error().message;
    return count;
  }
  std::vector<std::string> Names(Statement statement, std::initializer_list<Param> params) {
    std::vector<std::string> names;
    const auto status = sql_->Query(statement, params, [&names](const Row& row) {
      names.emplace_back(row.Text(0));
      return core::Status();
    });
    EXPECT_TRUE(status.has_value()) << status.error().message;
    return names;
  }

  std::unique_ptr<Sql> sql_;
};

inline Bytes AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace signalbox::store
