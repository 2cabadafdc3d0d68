// What every Sql does with many rows at once. Test support.
#pragma once

#include <utility>

#include "io/store/sql_rig_testing.h"

namespace signalbox::store {

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

}  // namespace signalbox::store
