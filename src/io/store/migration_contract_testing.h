// What migrations do on every Sql. Test support.
#pragma once

#include "io/store/migration.h"
#include "io/store/sql_rig_testing.h"

namespace signalbox::store {

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
