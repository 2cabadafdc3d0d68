#include "pipeline/ledger/shipper.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "pipeline/ledger/reconcile.h"
#include "pipeline/ledger/rollups_testing.h"
#include "pipeline/ledger/shipment.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSmallSegment = 16 * 1024;  // of about fifty calls
constexpr store::Statement kCount = "SELECT COUNT(*) FROM ledger_requests";

ShipperOptions Quick(std::uint32_t batch = 100) {
  ShipperOptions options;
  options.batch = batch;
  options.interval = options.retry_first = options.retry_last = 1ms;
  options.niceness = 0;
  return options;
}

std::uint64_t ShipAll(store::Sql& sql, SampleArchive& archive, std::uint32_t batch = 100) {
  Shipper shipper(sql, archive.directory(), archive.progress, Quick(batch));
  const auto shipped = shipper.ShipAll();
  EXPECT_TRUE(shipped.has_value()) << (shipped ? "" : shipped.error().message);
  return shipped.value_or(0);
}

template <typename Predicate>
bool Eventually(Predicate predicate) {
  const auto limit = std::chrono::steady_clock::now() + 30s;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > limit) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

TEST(Shipper, KeepsEverythingThatIsKnownOfASettledCall) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  Record record = SampleSettlement(7);
  record.usage = EveryUnit();
  record.parties = {NumberedId<request::TenantId>(1), NumberedId<request::KeyId>(2),
                    NumberedId<request::UserId>(3), NumberedId<request::TeamId>(4),
                    NumberedId<request::ProjectId>(5)};
  record.labels = {"end", "agent", "session", "task", "feature", "category", "activity", "a,b=c"};
  record.reserved_nano_usd = 9;
  record.cost_stated = true;
  record.streamed = true;
  record.usage_source = UsageSource::kCounted;
  record.cached = true;
  record.saved_nano_usd = 77;
  archive.Add(record);
  archive.Commit();
  const auto sql = OpenStore();
  EXPECT_EQ(ShipAll(*sql, archive), 1U);
  int rows = 0;
  ASSERT_TRUE(sql->Query("SELECT " SB_LEDGER_COLUMNS " FROM ledger_requests", {},
                         [&](const store::Row& row) {
                           const Record stored = ReadRow(row);
                           std::vector<std::byte> expected(EncodedSize(record));
                           std::vector<std::byte> found(EncodedSize(stored));
                           EncodeRecord(record, {}, expected.data());
                           EncodeRecord(stored, {}, found.data());
                           EXPECT_EQ(found, expected);
                           ++rows;
                           return core::Status();
                         }));
  EXPECT_EQ(rows, 1);
}

TEST(Shipper, NamesOfColumnsAreInTheOrderOfTheStatement) {
  std::string names;
  for (const store::Statement& name : kRowColumnNames) {
    names += (names.empty() ? "" : ", ") + std::string(name.text());
  }
  EXPECT_EQ(names, SB_LEDGER_COLUMNS);
}

TEST(Shipper, IntentsAloneAreNoRows) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  for (std::uint64_t i = 0; i < 50; ++i) {
    archive.Add(SampleIntent(i));
  }
  archive.Commit();
  const auto sql = OpenStore();
  EXPECT_EQ(ShipAll(*sql, archive), 0U);
  EXPECT_EQ(Number(*sql, kCount), 0);
}

TEST(Shipper, RollupsAreTheSumsOfTheRows) {
  core::Random random(11);
  const TempDirectory directory;
  SampleArchive archive(directory.path(), kSmallSegment);
  const auto sql = OpenStore();
  for (int round = 0; round < 5; ++round) {
    archive.AddCalls(random, 80);
    EXPECT_EQ(ShipAll(*sql, archive, 1 + static_cast<std::uint32_t>(random.Next() % 60)), 80U);
  }
  EXPECT_GT(archive.progress.committed().segment, 2U);
  EXPECT_EQ(archive.progress.shipped(), archive.progress.committed());
  EXPECT_EQ(Number(*sql, kCount), 400);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, WhatIsShippedAgainCountsNothing) {
  core::Random random(12);
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random, 500);
  const auto sql = OpenStore();
  ShipAll(*sql, archive);
  const RollupMap before = StoredRollups(*sql);
  ASSERT_TRUE(sql->Write([](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("UPDATE ledger_cursors SET segment = 0, position = 0", {}));
    return {};
  }));
  archive.AddCalls(random, 100);
  ShipAll(*sql, archive, 70);  // batches of old ones, of both, of new ones
  EXPECT_EQ(Number(*sql, kCount), 600);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, ALateTruthTakesThePlaceOfAnUncertainRow) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  core::Random random(13);
  Record truth = RandomCall(random, 1h);
  truth.outcome = Outcome::kOk;
  truth.cost_nano_usd = 77;
  Record uncertain = truth;
  uncertain.outcome = Outcome::kUncertain;
  uncertain.usage = {};
  uncertain.cost_nano_usd = -1;
  archive.Add(uncertain);
  archive.Commit();
  const auto sql = OpenStore();
  ShipAll(*sql, archive);
  ExpectRollupsMatchRows(*sql);
  archive.Add(truth);
  archive.Add(uncertain);  // and is not displaced again
  archive.Commit();
  ShipAll(*sql, archive);
  EXPECT_EQ(Number(*sql, kCount), 1);
  EXPECT_EQ(Number(*sql, "SELECT cost_nano_usd FROM ledger_requests WHERE outcome = 1"), 77);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, ReconcilesARowAndItsRollupsOnce) {
  core::Random random(14);
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random, 50);
  Record uncertain = RandomCall(random, 1h);
  uncertain.outcome = Outcome::kUncertain;
  archive.Add(uncertain);
  archive.Commit();
  const auto sql = OpenStore();
  ShipAll(*sql, archive);
  Record truth = uncertain;
  truth.outcome = Outcome::kFailed;
  truth.cost_nano_usd = 4242;
  EXPECT_EQ(Reconcile(*sql, truth, kSampleTime), true);
  EXPECT_EQ(Reconcile(*sql, truth, kSampleTime), false);
  EXPECT_EQ(
      Number(*sql, "SELECT cost_nano_usd FROM ledger_requests WHERE reconciled_at IS NOT NULL"),
      4242);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, TwoArchivesShipIntoOneStore) {
  core::Random random(15);
  const TempDirectory one;
  const TempDirectory two;
  SampleArchive first(one.path());
  SampleArchive second(two.path());
  first.AddCalls(random, 200);
  second.AddCalls(random, 300);
  const auto sql = OpenStore();
  Shipper a(*sql, one.path(), first.progress, Quick());
  Shipper b(*sql, two.path(), second.progress, Quick());
  a.Start();
  b.Start();
  EXPECT_TRUE(Eventually([&] { return a.shipped() == 200 && b.shipped() == 300; }));
  a.Stop();
  b.Stop();
  EXPECT_EQ(Number(*sql, "SELECT COUNT(*) FROM ledger_cursors"), 2);
  EXPECT_EQ(Number(*sql, kCount), 500);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, TwoShippersOfOneArchiveDoubleNothing) {
  core::Random random(16);
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  archive.AddCalls(random, 300, 1h);
  const auto sql = OpenStore();
  Shipper a(*sql, directory.path(), archive.progress, Quick(10));
  Shipper b(*sql, directory.path(), archive.progress, Quick(13));
  a.Start();
  b.Start();
  EXPECT_TRUE(Eventually([&] { return a.shipped() + b.shipped() >= 300; }));
  a.Stop();
  b.Stop();
  EXPECT_EQ(a.shipped() + b.shipped(), 300U);
  EXPECT_EQ(Number(*sql, kCount), 300);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, AStoreThatFailsAtAnyStatementGetsEverythingOnceLater) {
  core::Random random(17);
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  const auto sql = OpenStore();
  FailingSql failing(*sql);
  std::uint64_t failures = 0;
  for (int at = 1; at < 60; at += 7) {
    archive.AddCalls(random, 40, 2min);
    failing.fail_at = at;
    Shipper shipper(failing, directory.path(), archive.progress, Quick(25));
    shipper.Start();
    EXPECT_TRUE(Eventually([&] {
      return shipper.shipped() == 40 && !shipper.failing() && shipper.backlog().bytes == 0;
    }));
    failures += shipper.failures();
  }
  EXPECT_GT(failing.failed, 5);
  EXPECT_EQ(failures, static_cast<std::uint64_t>(failing.failed));
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, TextsThatNoDatabaseTakesAreMended) {
  const TempDirectory directory;
  SampleArchive archive(directory.path());
  Record record = SampleSettlement(1);
  record.labels.end_user = std::string_view("a\0b\xff", 4);
  archive.Add(record);
  archive.Commit();
  const auto sql = OpenStore();
  EXPECT_EQ(ShipAll(*sql, archive), 1U);
  EXPECT_EQ(Number(*sql, "SELECT COUNT(*) FROM ledger_requests WHERE end_user = 'a\uFFFDb\uFFFD'"),
            1);
  ExpectRollupsMatchRows(*sql);
}

// The store is put back from a copy that is older than the archive, or the archive from one that is
// older than the store.
TEST(Shipper, ACopyThatWasPutBackLosesNothing) {
  core::Random random(18);
  const TempDirectory directory;
  const TempDirectory copy;
  const auto sql = OpenStore();
  {
    SampleArchive archive(directory.path(), kSmallSegment);
    archive.AddCalls(random, 100);
    ShipAll(*sql, archive);
    std::filesystem::copy(directory.path(), copy.path(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    for (int segment = 0; segment < 8; ++segment) {  // a commit stays in one
      archive.AddCalls(random, 50);
    }
    ShipAll(*sql, archive);
  }
  SampleArchive archive(copy.path(), kSmallSegment);
  archive.AddCalls(random, 50);
  ShipAll(*sql, archive);
  EXPECT_EQ(Number(*sql, kCount), 550);
  ExpectRollupsMatchRows(*sql);
}

TEST(Shipper, AKillAtAnyMomentLosesAndDoublesNothing) {
  core::Random random(19);
  const TempDirectory directory;
  const std::string path = directory.File("store.db");
  OpenStore(path);
  std::int64_t expected = 0;
  for (int kills = 0; kills < 12; ++kills) {
    const std::string archive_path = directory.File("ledger");
    {
      SampleArchive archive(archive_path);
      archive.AddCalls(random, 200, 10min);
      expected += 200;
    }
    const pid_t child = fork();
    if (child == 0) {
      auto sql = store::OpenSqlite({.path = path, .sync = store::Sync::kNormal});
      SampleArchive archive(archive_path);
      Shipper shipper(**sql, archive_path, archive.progress, Quick(50));
      _exit(shipper.ShipAll() ? 0 : 3);
    }
    usleep(static_cast<useconds_t>(random.Next() % 60'000));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0);
  }
  const auto sql = OpenStore(path);
  SampleArchive archive(directory.File("ledger"));
  ShipAll(*sql, archive);
  EXPECT_EQ(Number(*sql, kCount), expected);
  ExpectRollupsMatchRows(*sql);
}

// A full archive: what is not shipped is never removed.
TEST(Shipper, SegmentsWaitForTheStoreAndTheLedgerRefusesWhenTheyMayNotGrow) {
  const TempDirectory directory;
  LedgerOptions options;
  options.journal.ring_bytes = 512 * 1024;
  options.archive.segment_bytes = 128 * 1024;
  options.archive.keep_bytes = 512 * 1024;
  options.archiver.busy_interval = options.archiver.idle_interval = 1ms;
  options.archiver.retry_interval = 1ms;
  options.shipped = true;
  std::atomic<int> alarms = 0;
  options.archiver.on_alarm = [&](const core::Error* error) { alarms += error != nullptr ? 1 : 0; };
  auto ledger = *Ledger::Open(directory.path(), options);
  ASSERT_TRUE(ledger->archiver().WaitRecovered(30s));
  Journal& journal = ledger->journal(0);
  std::uint64_t accepted = 0;
  core::Status refused;
  ASSERT_TRUE(Eventually([&] {
    refused = journal.AppendIntent(SampleIntent(accepted));
    if (refused) {
      journal.AppendSettlement(SampleSettlement(accepted++));
    }
    return !refused && ledger->failing();
  }));
  EXPECT_EQ(refused.error().code, core::ErrorCode::kUnavailable);
  EXPECT_EQ(alarms, 1);

  const auto sql = OpenStore();
  Shipper shipper(*sql, LedgerDirectory(directory.path()), ledger->progress(), Quick(1000));
  shipper.Start();
  EXPECT_TRUE(Eventually([&] { return journal.AppendIntent(SampleIntent(accepted)).has_value(); }));
  journal.AppendSettlement(SampleSettlement(accepted++));
  EXPECT_TRUE(Eventually([&] { return shipper.shipped() == accepted; }));
  EXPECT_FALSE(ledger->failing());
  shipper.Stop();
  EXPECT_EQ(Number(*sql, kCount), static_cast<std::int64_t>(accepted));
  std::uint64_t kept = 0;
  for (const auto& segment : ListSegments(LedgerDirectory(directory.path()))) {
    kept += std::filesystem::file_size(segment.path);
  }
  EXPECT_LT(kept, 2 * options.archive.keep_bytes);
}

}  // namespace
}  // namespace signalbox::ledger
