// What every Sql does, as tests: an engine's test says how to open an empty database and
// instantiates SqlContract with it. A null database means that its server is not installed.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "io/store/migration.h"
#include "io/store/sql.h"
#include "io/store/text.h"

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

TEST_P(SqlContract, KeepsEveryTypeAndNull) {
  const std::string all = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
      bytes += static_cast<char>(i);
    }
    return bytes;
  }();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {most, 0.1, std::string_view("Grüße, 世界 🚦"), AsBytes(all)}));
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {std::int64_t{0}, Param(), Param(), Param()}));
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {std::int64_t{1}, -0.0, std::string_view(), Bytes()}));
  int rows = 0;
  ASSERT_TRUE(sql_->Query("SELECT id, ratio, name, body FROM things ORDER BY id", {},
                          [&](const Row& row) -> core::Status {
                            ++rows;
                            if (row.Int(0) == 0) {
                              EXPECT_TRUE(row.IsNull(1) && row.IsNull(2) && row.IsNull(3));
                              EXPECT_EQ(row.Number(1), 0);
                            } else if (row.Int(0) == 1) {
                              EXPECT_FALSE(row.IsNull(1) || row.IsNull(2) || row.IsNull(3));
                              EXPECT_TRUE(row.Text(2).empty() && row.Bytes(3).empty());
                            } else {
                              EXPECT_EQ(row.Int(0), most);
                              EXPECT_EQ(row.Number(1), 0.1);
                              EXPECT_EQ(row.Text(2), "Grüße, 世界 🚦");
                              EXPECT_TRUE(std::ranges::equal(row.Bytes(3), AsBytes(all)));
                            }
                            return {};
                          }));
  EXPECT_EQ(rows, 3);
}

TEST_P(SqlContract, KeepsSixteenMebibytesInOneValue) {
  const std::string big(16U << 20U, '\xA7');
  ASSERT_TRUE(
      Run("INSERT INTO things (id, body) VALUES ($1, $2)", {std::int64_t{1}, AsBytes(big)}));
  std::size_t size = 0;
  ASSERT_TRUE(sql_->Query("SELECT body FROM things", {}, [&](const Row& row) -> core::Status {
    size = row.Bytes(0).size();
    EXPECT_TRUE(std::ranges::equal(row.Bytes(0), AsBytes(big)));
    return {};
  }));
  EXPECT_EQ(size, big.size());
}

// P2: what a caller says is a value, whatever is in it.
TEST_P(SqlContract, ParametersArriveUnchangedWhateverIsInThem) {
  std::vector<std::string> texts = {"'",
                                    "\"",
                                    "' OR '1'='1",
                                    "'; DROP TABLE things; --",
                                    "\\",
                                    "\\'",
                                    "$1",
                                    "?1",
                                    ":name",
                                    "%",
                                    "_",
                                    "/* */",
                                    "--",
                                    ";",
                                    "{number}",
                                    "\xEF\xBF\xBD",
                                    "\u00A0\u0085",
                                    "E'\\x41'",
                                    "$$x$$",
                                    "\t\r\n\v\f\x01\x7F"};
  for (unsigned code = 0x20; code <= 0xFF; ++code) {
    texts.push_back(code < 0x80 ? std::string(1, static_cast<char>(code))
                                : std::string{static_cast<char>(0xC0U | (code >> 6U)),
                                              static_cast<char>(0x80U | (code & 0x3FU))});
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string raw(3, static_cast<char>(i));  // bytes need not be text
    ASSERT_TRUE(Run("INSERT INTO things (id, name, body) VALUES ($1, $2, $3)",
                    {static_cast<std::int64_t>(i), std::string_view(texts[i]), AsBytes(raw)}));
    std::size_t found = 0;
    ASSERT_TRUE(sql_->Query("SELECT id, name, body FROM things WHERE name = $1 AND body = $2",
                            {std::string_view(texts[i]), AsBytes(raw)},
                            [&](const Row& row) -> core::Status {
                              found += row.Int(0) == static_cast<std::int64_t>(i) ? 1 : 0;
                              EXPECT_EQ(row.Text(1), texts[i]);
                              EXPECT_TRUE(std::ranges::equal(row.Bytes(2), AsBytes(raw)));
                              return {};
                            }));
    EXPECT_EQ(found, 1U) << texts[i];
  }
  EXPECT_EQ(Count(), static_cast<std::int64_t>(texts.size()));
}

TEST_P(SqlContract, RefusesTextThatNoEngineTakes) {
  for (const std::string_view text :
       {std::string_view("\xFF"), std::string_view("a\0b", 3), std::string_view("\xC3"),
        std::string_view("\xED\xA0\x80"), std::string_view("\xC0\xAF")}) {
    const auto status = Add(1, text);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, core::ErrorCode::kInvalidRequest) << status.error().message;
    const std::string storable = StorableText(text);
    EXPECT_TRUE(IsStorableText(storable));
    EXPECT_TRUE(
        Run("INSERT INTO things (id, name) VALUES (2, $1) ON CONFLICT (id) DO UPDATE SET "
            "name = excluded.name",
            {std::string_view(storable)}));
  }
  EXPECT_EQ(Count(), 1);
}

TEST_P(SqlContract, AParameterMayStandSeveralTimesAndOutOfOrder) {
  ASSERT_TRUE(Add(1, "b"));
  ASSERT_TRUE(Add(2, "a"));
  const Statement statement =
      "SELECT name FROM things WHERE ($2 IS NULL OR name = $2) AND ($1 IS NULL OR id = $1) "
      "AND ($3 IS NULL OR ratio = $3) AND ($4 IS NULL OR body = $4) ORDER BY name";
  using Names = std::vector<std::string>;
  EXPECT_EQ(this->Names(statement, {Param(), Param(), Param(), Param()}), (Names{"a", "b"}));
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, Param(), Param(), Param()}), Names{"b"});
  EXPECT_EQ(this->Names(statement, {Param(), std::string_view("a"), Param(), Param()}), Names{"a"});
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, std::string_view("a"), 1.0, Param()}),
            Names{});
  EXPECT_EQ(this->Names(statement, {Param(), Param(), Param(), AsBytes("x")}), Names{});
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, std::string_view("b"), Param(), Param()}),
            Names{"b"});
}

TEST_P(SqlContract, AWrongStatementIsInternalAndNamesTheDatabase) {
  for (const auto& status :
       {sql_->Query("SELECT nothing FROM nowhere", {}, {}), sql_->Query("SELECT $1", {}, {}),
        sql_->Query("SELECT id FROM things WHERE id = $2", {std::int64_t{1}, std::int64_t{2}}, {}),
        sql_->Query("SELECT 1; SELECT 2", {}, {})}) {
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, core::ErrorCode::kInternal) << status.error().message;
    EXPECT_NE(status.error().message.find(sql_->Name()), std::string::npos)
        << status.error().message;
  }
}

TEST_P(SqlContract, AConstraintIsAConflictThatShowsNoValue) {
  ASSERT_TRUE(Add(4711, "sesame"));
  for (const auto& status : {Add(4711, "sesame"), Add(-4711, "sesame")}) {
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, core::ErrorCode::kConflict) << status.error().message;
    EXPECT_EQ(status.error().message.find("4711"), std::string::npos) << status.error().message;
    EXPECT_EQ(status.error().message.find("sesame"), std::string::npos) << status.error().message;
  }
}

TEST_P(SqlContract, AReferenceHoldsWhatItRefersTo) {
  Change(
      "CREATE TABLE parts (id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES things (id))");
  ASSERT_TRUE(Add(1, "whole"));
  ASSERT_TRUE(Run("INSERT INTO parts (id, thing) VALUES (1, 1)", {}));
  EXPECT_EQ(Run("INSERT INTO parts (id, thing) VALUES (2, 2)", {}).error().code,
            core::ErrorCode::kConflict);
  EXPECT_EQ(Run("DELETE FROM things", {}).error().code, core::ErrorCode::kConflict);
}

TEST_P(SqlContract, RunSaysHowManyRowsWereWritten) {
  ASSERT_TRUE(sql_->Write([](Transaction& transaction) -> core::Status {
    for (std::int64_t id = 0; id < 5; ++id) {
      SB_TRY(
          const auto rows,
          transaction.Run("INSERT INTO things (id) VALUES ($1) ON CONFLICT DO NOTHING", {id / 2}));
      EXPECT_EQ(rows, id % 2 == 0 ? 1 : 0);
    }
    SB_TRY(const auto changed, transaction.Run("UPDATE things SET name = 'x' WHERE id > 0", {}));
    EXPECT_EQ(changed, 2);
    SB_TRY(const auto none, transaction.Run("DELETE FROM things WHERE id = 9", {}));
    EXPECT_EQ(none, 0);
    return {};
  }));
}

TEST_P(SqlContract, ATransactionReadsWhatItWroteAndReturningGivesRows) {
  std::int64_t read = 0;
  std::int64_t returned = 0;
  ASSERT_TRUE(sql_->Write([&](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Query("INSERT INTO things (id, name) VALUES ($1, $2) RETURNING id",
                                  {std::int64_t{7}, std::string_view("seven")},
                                  [&](const Row& row) -> core::Status {
                                    returned = row.Int(0);
                                    return {};
                                  }));
    return transaction.Query("SELECT COUNT(*) FROM things", {}, [&](const Row& row) {
      read = row.Int(0);
      return core::Status();
    });
  }));
  EXPECT_EQ(returned, 7);
  EXPECT_EQ(read, 1);
}

TEST_P(SqlContract, AnErrorTakesEverythingBackAndIsReturned) {
  const auto status = sql_->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES (1)", {}));
    return core::Fail(core::ErrorCode::kForbidden, "not today");
  });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, core::ErrorCode::kForbidden);
  EXPECT_EQ(status.error().message, "not today");
  EXPECT_EQ(Count(), 0);
  ASSERT_TRUE(Add(1, "next"));
  EXPECT_EQ(Count(), 1);
}

TEST_P(SqlContract, AFailedStatementTakesBackWhatCameBefore) {
  EXPECT_FALSE(sql_->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES (1)", {}));
    SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES (1)", {}));
    return {};
  }));
  EXPECT_EQ(Count(), 0);
}

TEST_P(SqlContract, AfterAFailedStatementNothingMoreIsDone) {
  const auto status = sql_->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES (1)", {}));
    EXPECT_FALSE(transaction.Run("INSERT INTO things (id) VALUES (1)", {}));
    EXPECT_FALSE(transaction.Run("INSERT INTO things (id) VALUES (2)", {}));
    EXPECT_FALSE(transaction.Query("SELECT 1", {}, {}));
    return {};  // as if nothing had been
  });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, core::ErrorCode::kConflict);
  EXPECT_EQ(Count(), 0);
}

TEST_P(SqlContract, AVisitorsErrorInsideATransactionLeavesItWhole) {
  ASSERT_TRUE(sql_->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES (1), (2)", {}));
    EXPECT_FALSE(transaction.Query("SELECT id FROM things", {}, [](const Row&) {
      return core::Status(core::Fail(core::ErrorCode::kCancelled, "enough"));
    }));
    return transaction.Query("SELECT id FROM things", {}, [&](const Row& row) -> core::Status {
      SB_CHECK_OK(transaction.Run("UPDATE things SET name = 'seen' WHERE id = $1", {row.Int(0)}));
      return {};
    });
  }));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE name = 'seen'"), 2);
}

TEST_P(SqlContract, RunsAStatementForEachOfManyRows) {
  static constexpr std::int64_t kRows = 3000;
  const auto add = [](std::int64_t first) {
    return [first](Transaction& transaction) -> core::Status {
      std::int64_t id = first;
      std::string name;
      SB_TRY(const auto written,
             transaction.RunEach("INSERT INTO things (id, ratio, name) VALUES ($1, $2, $3) "
                                 "ON CONFLICT (id) DO UPDATE SET ratio = things.ratio + 1",
                                 3, [&](std::span<Param> row) {
                                   name = "n" + std::to_string(id);
                                   row[0] = id;
                                   row[1] = id % 3 == 0 ? Param(1.0) : Param();
                                   row[2] = id % 2 == 0 ? Param(name) : Param();
                                   return id++ < first + kRows;
                                 }));
      EXPECT_EQ(written, kRows);
      return {};
    };
  };
  ASSERT_TRUE(sql_->Write(add(0)));
  ASSERT_TRUE(sql_->Write(add(kRows / 2)));
  EXPECT_EQ(Count(), kRows * 3 / 2);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE ratio = 2"), kRows / 6);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE name IS NOT NULL"), kRows * 3 / 4);
  const auto conflict = sql_->Write([](Transaction& transaction) -> core::Status {
    std::int64_t id = 10'000;
    SB_CHECK_OK(
        transaction.RunEach("INSERT INTO things (id) VALUES ($1)", 1, [&id](std::span<Param> row) {
          row[0] = id++ == 10'700 ? 0 : id;
          return id < 12'000;
        }));
    return {};
  });
  EXPECT_EQ(conflict.error().code, core::ErrorCode::kConflict) << conflict.error().message;
  EXPECT_EQ(Count(), kRows * 3 / 2);
}

TEST_P(SqlContract, WhoReadsFirstAndWritesThenTakesALock) {
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio) VALUES (0, 100)", {}));
  std::vector<std::thread> threads;
  std::atomic<int> taken = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 30; ++round) {
        const auto status = sql_->Write([](Transaction& transaction) -> core::Status {
          SB_CHECK_OK(transaction.Lock("budget"));
          double left = 0;
          SB_CHECK_OK(transaction.Query("SELECT ratio FROM things WHERE id = 0", {},
                                        [&left](const Row& row) {
                                          left = row.Number(0);
                                          return core::Status();
                                        }));
          if (left < 1) {
            return core::Fail(core::ErrorCode::kBudgetExceeded, "spent");
          }
          SB_CHECK_OK(transaction.Run("UPDATE things SET ratio = $1 WHERE id = 0", {left - 1}));
          return {};
        });
        taken += status ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(taken, 100);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE ratio = 0"), 1);
}

TEST_P(SqlContract, SumsAreWholeNumbersOfWholeNumbers) {
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio) VALUES (1, 0.5), (20000, 0.25)", {}));
  EXPECT_EQ(Count("SELECT SUM(id) FROM things"), 20'001);
  EXPECT_EQ(Count("SELECT COALESCE(SUM(id), 0) FROM things WHERE id > 99999"), 0);
  ASSERT_TRUE(sql_->Query("SELECT AVG(id), SUM(ratio), SUM(id), MAX(name) FROM things", {},
                          [](const Row& row) {
                            EXPECT_EQ(row.Number(0), 10'000.5);
                            EXPECT_EQ(row.Number(1), 0.75);
                            EXPECT_EQ(row.Number(2), 20'001);
                            EXPECT_TRUE(row.IsNull(3));
                            return core::Status();
                          }));
}

TEST_P(SqlContract, AVisitorsErrorEndsTheStatementAndIsReturned) {
  for (std::int64_t id = 0; id < 10; ++id) {
    ASSERT_TRUE(Add(id, "x"));
  }
  for (int round = 0; round < 20; ++round) {  // no connection is lost by it
    int visited = 0;
    const auto status = sql_->Query("SELECT id FROM things", {}, [&](const Row&) -> core::Status {
      ++visited;
      return core::Fail(core::ErrorCode::kCancelled, "enough");
    });
    EXPECT_EQ(status.error().message, "enough");
    EXPECT_EQ(visited, 1);
  }
  EXPECT_EQ(Count(), 10);
}

TEST_P(SqlContract, AVisitorMayReadAgain) {
  ASSERT_TRUE(Add(1, "a"));
  ASSERT_TRUE(Add(2, "b"));
  int inner = 0;
  ASSERT_TRUE(sql_->Query("SELECT id FROM things", {}, [&](const Row&) {
    return sql_->Query("SELECT id FROM things", {}, [&](const Row&) {
      ++inner;
      return core::Status();
    });
  }));
  EXPECT_EQ(inner, 4);
}

inline core::Status InsertThings(Transaction& transaction, std::int64_t first, std::int64_t count,
                                 bool skip_conflicts) {
  static constexpr Statement kColumns[] = {"id", "ratio", "name", "body"};
  std::string name;
  std::int64_t id = first;
  return transaction.Insert({"things", kColumns,
                             [&](std::span<Param> row) {
                               if (id == first + count) {
                                 return false;
                               }
                               name = "thing\t\\N\n" + std::to_string(id);
                               row[0] = id;
                               row[1] = static_cast<double>(id) / 4;
                               row[2] = name;
                               row[3] = id % 2 == 0 ? Param(AsBytes(name)) : Param();
                               ++id;
                               return true;
                             },
                             skip_conflicts});
}

TEST_P(SqlContract, InsertsAHundredThousandRowsAtOnce) {
  const auto status = sql_->Write(
      [](Transaction& transaction) { return InsertThings(transaction, 0, 100'000, false); });
  ASSERT_TRUE(status.has_value()) << status.error().message;
  EXPECT_EQ(Count(), 100'000);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE body IS NULL"), 50'000);
  EXPECT_EQ(Names("SELECT name FROM things WHERE id = $1 AND ratio = $2",
                  {std::int64_t{99'998}, 99'998 / 4.0}),
            std::vector<std::string>{"thing\t\\N\n99998"});
}

TEST_P(SqlContract, InsertsOfNothingAndOfConflictsDoWhatTheySay) {
  EXPECT_TRUE(sql_->Write([](Transaction& t) { return InsertThings(t, 0, 0, false); }));
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(sql_->Write([](Transaction& t) { return InsertThings(t, 10, 10, false); }));
  const auto conflict = sql_->Write([](Transaction& t) { return InsertThings(t, 5, 10, false); });
  ASSERT_FALSE(conflict.has_value());
  EXPECT_EQ(conflict.error().code, core::ErrorCode::kConflict) << conflict.error().message;
  EXPECT_EQ(Count(), 10);
  for (int round = 0; round < 2; ++round) {  // at least once, and there once
    EXPECT_TRUE(sql_->Write([](Transaction& t) -> core::Status {
      SB_CHECK_OK(InsertThings(t, 5, 10, true));
      return InsertThings(t, 10, 15, true);
    }));
    EXPECT_EQ(Count(), 20);
  }
}

TEST_P(SqlContract, NumbersNamePartitions) {
  Change(Statement("CREATE TABLE part_{number} (id BIGINT)").Of(20261121));
  ASSERT_TRUE(sql_->Write([](Transaction& transaction) -> core::Status {
    static constexpr Statement kColumns[] = {"id"};
    SB_CHECK_OK(transaction.Run(Statement("INSERT INTO part_{number} VALUES ($1)").Of(20261121),
                                {std::int64_t{1}}));
    bool more = true;
    return transaction.Insert(
        {Statement("part_{number}").Of(20261121), kColumns, [&more](std::span<Param> row) {
           row[0] = std::int64_t{2};
           return std::exchange(more, false);
         }});
  }));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM part_20261121"), 2);
}

// P14: a pattern from outside stands for itself.
TEST_P(SqlContract, LikeFindsWhatIsWrittenAndNothingElse) {
  const std::vector<std::string> names = {"100%", "100x", "a_b", "axb",
                                          "c\\d", "c%d",  "ABC", "abc"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_TRUE(Add(static_cast<std::int64_t>(i), names[i]));
  }
  for (const std::string& name : names) {
    const std::string pattern = "%" + EscapeLike(name) + "%";
    EXPECT_EQ(Names("SELECT name FROM things WHERE name LIKE $1 ESCAPE '\\'",
                    {std::string_view(pattern)}),
              std::vector<std::string>{name});
  }
}

TEST_P(SqlContract, WritersAndReadersBesideEachOtherLoseNothing) {
  constexpr int kWriters = 6;
  constexpr int kWrites = 40;
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio) VALUES (0, 0), (1, 0)", {}));
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      for (std::int64_t i = 0; i < kWrites; ++i) {
        const auto status = sql_->Write([&](Transaction& transaction) -> core::Status {
          SB_CHECK_OK(transaction.Run("UPDATE things SET ratio = ratio + 1 WHERE id = 0", {}));
          SB_CHECK_OK(transaction.Run("INSERT INTO things (id) VALUES ($1)",
                                      {std::int64_t{writer} * 1000 + i + 10}));
          SB_CHECK_OK(transaction.Run("UPDATE things SET ratio = ratio + 1 WHERE id = 1", {}));
          return i % 4 == 3 ? core::Fail(core::ErrorCode::kCancelled, "changed my mind")
                            : core::Status();
        });
        EXPECT_EQ(status.has_value(), i % 4 != 3)
            << (status ? std::string() : status.error().message);
      }
      --writing;
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      while (writing > 0) {  // both rows of one state
        EXPECT_EQ(Count("SELECT COUNT(DISTINCT ratio) FROM things WHERE id IN (0, 1)"), 1);
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(Count(), 2 + kWriters * kWrites * 3 / 4);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM things WHERE id < 2 AND ratio = 180"), 2);
}

TEST_P(SqlContract, AReaderInTheMiddleOfItsRowsHoldsNoWriterUp) {
  for (std::int64_t id = 0; id < 100; ++id) {
    ASSERT_TRUE(Add(id, "x"));
  }
  int visited = 0;
  ASSERT_TRUE(sql_->Query("SELECT id FROM things", {}, [&](const Row&) {
    ++visited;
    return Add(1000 + visited, "written meanwhile");
  }));
  EXPECT_EQ(visited, 100);  // of the state that it began with
  EXPECT_EQ(Count(), 200);
}

constexpr Migration kContractMigrations[] = {
    {101, "first",
     "-- a comment;\nCREATE TABLE one (id BIGINT PRIMARY KEY,\n  name TEXT);\n"
     "CREATE INDEX one_name ON one (name);\nINSERT INTO one VALUES (1, 'a;b');\n"},
    {201, "second",
     "-- only sqlite\nCREATE TABLE two (id INTEGER PRIMARY KEY);\n"
     "-- only postgres\nCREATE TABLE two (id BIGINT GENERATED ALWAYS AS IDENTITY);\n"
     "-- both\nALTER TABLE one ADD COLUMN body BYTEA;\n"},
};

TEST_P(SqlContract, MigratesOnceAndKeepsABackupWhenThereIsSomethingToLose) {
  int backups = 0;
  const auto backup = [&backups] {
    ++backups;
    return core::Status();
  };
  const core::WallTime now{std::chrono::nanoseconds(1'795'000'000'000'000'000)};
  const auto all = std::span(kContractMigrations);
  auto report = Migrate(*sql_, all.first(1), now, backup);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->applied, std::vector<std::string>{"0101_first"});
  EXPECT_EQ(backups, 0);
  report = Migrate(*sql_, all, now, backup);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->applied, std::vector<std::string>{"0201_second"});
  EXPECT_EQ(backups, 1);
  report = Migrate(*sql_, all, now, backup);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_TRUE(report->applied.empty());
  EXPECT_EQ(backups, 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM one WHERE name = 'a;b' AND body IS NULL"), 1);
}

TEST_P(SqlContract, AFailedBackupOrMigrationChangesNothing) {
  const auto all = std::span(kContractMigrations);
  ASSERT_TRUE(Migrate(*sql_, all.first(1), {}, {}));
  const auto refused = Migrate(*sql_, all, {}, [] {
    return core::Fail(core::ErrorCode::kUnavailable, "no room for a backup");
  });
  EXPECT_EQ(refused.error().message, "no room for a backup");
  EXPECT_EQ(Count("SELECT COUNT(*) FROM signalbox_migrations"), 1);
  constexpr Migration kBroken[] = {
      kContractMigrations[0],
      {150, "broken", "CREATE TABLE three (id BIGINT);\nCREATE TABLE one (id BIGINT);\n"}};
  const auto broken = Migrate(*sql_, kBroken, {}, {});
  ASSERT_FALSE(broken.has_value());
  EXPECT_NE(broken.error().message.find("0150_broken"), std::string::npos)
      << broken.error().message;
  EXPECT_FALSE(sql_->Query("SELECT id FROM three", {}, {}));
  EXPECT_TRUE(Migrate(*sql_, all, {}, {}));
}

TEST_P(SqlContract, RefusesADatabaseOfANewerProgramAndAChangedMigration) {
  const auto all = std::span(kContractMigrations);
  ASSERT_TRUE(Migrate(*sql_, all, {}, {}));
  const auto newer = Migrate(*sql_, all.first(1), {}, {});
  ASSERT_FALSE(newer.has_value());
  EXPECT_EQ(newer.error().code, core::ErrorCode::kConflict);
  EXPECT_NE(newer.error().message.find("0201_second"), std::string::npos);
  constexpr Migration kChanged[] = {{101, "first", "CREATE TABLE other (id BIGINT);\n"},
                                    kContractMigrations[1]};
  const auto changed = Migrate(*sql_, kChanged, {}, {});
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().code, core::ErrorCode::kConflict);
  EXPECT_NE(changed.error().message.find("0101_first"), std::string::npos);
  constexpr Migration kDisorder[] = {kContractMigrations[1], kContractMigrations[0]};
  EXPECT_EQ(Migrate(*sql_, kDisorder, {}, {}).error().code, core::ErrorCode::kInternal);
}

}  // namespace signalbox::store
