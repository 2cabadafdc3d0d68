// What every Sql does with a transaction, whole or taken back. Test support.
#pragma once

#include "io/store/sql_rig_testing.h"

namespace signalbox::store {

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

}  // namespace signalbox::store
