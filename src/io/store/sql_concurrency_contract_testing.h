// What every Sql does for readers and writers beside each other. Test support.
#pragma once

#include <atomic>
#include <thread>

#include "io/store/sql_rig_testing.h"

namespace signalbox::store {

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

}  // namespace signalbox::store
