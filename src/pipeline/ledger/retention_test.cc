#include "pipeline/ledger/retention.h"

#include <gtest/gtest.h>

#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/caretaker.h"
#include "pipeline/ledger/erasure.h"
#include "pipeline/ledger/rollups_testing.h"
#include "pipeline/ledger/shipper.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kCalls = 1000;
constexpr store::Statement kRequests = "SELECT COUNT(*) FROM ledger_requests";

class InStore : public testing::Test {
 protected:
  void SetUp() override { Ship(kCalls, 100h); }
  void Ship(std::size_t count, std::chrono::seconds spread) {
    archive_.AddCalls(random_, count, spread);
    Shipper shipper(*sql_, archive_.directory(), archive_.progress, {});
    ASSERT_TRUE(shipper.ShipAll());
  }
  Removed RemoveAll(const RetentionOptions& options, core::WallTime now) {
    Caretaker caretaker(*sql_, {.retention = options, .pause = 0ms});
    const auto removed = caretaker.Round(now);
    EXPECT_TRUE(removed.has_value()) << (removed ? "" : removed.error().message);
    return removed.value_or(Removed{});
  }
  std::int64_t CountOf(Grain grain) {
    switch (grain) {
      case Grain::kMinute:
        return Number(*sql_, "SELECT COUNT(*) FROM usage_rollups WHERE grain = 0");
      case Grain::kHour:
        return Number(*sql_, "SELECT COUNT(*) FROM usage_rollups WHERE grain = 1");
      case Grain::kDay:
        break;
    }
    return Number(*sql_, "SELECT COUNT(*) FROM usage_rollups WHERE grain = 2");
  }

  core::Random random_{41};
  const TempDirectory directory_;
  SampleArchive archive_{directory_.path()};
  const std::unique_ptr<store::Sql> sql_ = OpenStore();
};

TEST_F(InStore, WhatIsYoungEnoughStays) {
  EXPECT_EQ(RemoveAll({}, kSampleTime + 48h).all(), 0U);
  EXPECT_EQ(Number(*sql_, kRequests), kCalls);
}

TEST_F(InStore, EachClassGoesAtItsOwnAge) {
  const RetentionOptions options{
      .requests = 48h, .minutes = 24h, .hours = 72h, .days = 1000h, .audit = 1000h};
  const core::WallTime now = kSampleTime + 100h;
  const std::int64_t days = CountOf(Grain::kDay);
  const std::int64_t hours = CountOf(Grain::kHour);
  EXPECT_GT(RemoveAll(options, now).all(), 1000U);
  EXPECT_EQ(RemoveAll(options, now).all(), 0U);
  std::int64_t oldest = 0;
  ASSERT_TRUE(sql_->Query("SELECT " SB_LEDGER_COLUMNS " FROM ledger_requests ORDER BY id LIMIT 1",
                          {}, [&](const store::Row& row) {
                            oldest = BucketOf(ReadRow(row).request.uuid.Time(), Grain::kHour);
                            return core::Status();
                          }));
  EXPECT_EQ(oldest, BucketOf(now - 48h, Grain::kHour));
  EXPECT_EQ(CountOf(Grain::kDay), days);
  EXPECT_LT(CountOf(Grain::kHour), hours);
  EXPECT_EQ(Number(*sql_, "SELECT MIN(bucket) FROM usage_rollups WHERE grain = 1"),
            BucketOf(now - 72h, Grain::kHour));
  EXPECT_GE(Number(*sql_, "SELECT MIN(bucket) FROM usage_rollups WHERE grain = 0"),
            BucketOf(now - 24h, Grain::kMinute));
  // What is asked for is answered from what is left, and is still all of it.
  const UsageQuery all{
      .period = {BucketOf(kSampleTime - 48h, Grain::kDay), BucketOf(now + 48h, Grain::kDay)},
      .kept = KeptAt(options, now)};
  const Totals left = *UsageOf(*sql_, all, "");
  EXPECT_EQ(left[Sum::kCalls] + left[Sum::kCachedCalls], kCalls);
}

TEST_F(InStore, TheAuditTrailIsCutFromItsBeginAndStaysAChain) {
  ASSERT_TRUE(TakeArchiveId(directory_.path()));
  auto log = *AuditLog::Open(directory_.path());
  for (int hour = 0; hour < 100; ++hour) {
    ASSERT_TRUE(log->Append({.action = "key.create"}, kSampleTime + std::chrono::hours(hour)));
  }
  ASSERT_TRUE(log->Ship(*sql_));
  const RetentionOptions options{.audit = 60h};
  EXPECT_EQ(RemoveAll(options, kSampleTime + 100h).audit, 40U);
  const auto chains = *VerifyAudit(*sql_, log->replica(), log->head());
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].flaw, "");
  EXPECT_EQ(chains[0].first, 41U);
  // The last one stays however old it is.
  EXPECT_EQ(RemoveAll(options, kSampleTime + 900h).audit, 59U);
  EXPECT_EQ(VerifyAudit(*sql_, log->replica(), log->head())->at(0).flaw, "");
}

TEST_F(InStore, AStoreThatFailsInBetweenIsGoneOnWithLater) {
  FailingSql failing(*sql_);
  Retention retention(failing, {.requests = 24h});
  failing.fail_at = 1;
  EXPECT_FALSE(retention.Step(kSampleTime + 100h));
  EXPECT_TRUE(retention.Step(kSampleTime + 100h));
  EXPECT_LT(Number(*sql_, kRequests), kCalls);
}

TEST_F(InStore, AnErasedEndUserIsNowhereAndTheTotalsStay) {
  const UsageQuery all{
      .period = {BucketOf(kSampleTime, Grain::kDay), BucketOf(kSampleTime + 200h, Grain::kDay)}};
  const Totals before = *UsageOf(*sql_, all, "");
  const std::int64_t theirs =
      Number(*sql_, "SELECT COUNT(*) FROM ledger_requests WHERE end_user = 'beta'");
  ASSERT_GT(theirs, 100);
  const auto erased = Erase(*sql_, {.value = "beta"}, kSampleTime + 200h);
  ASSERT_TRUE(erased.has_value()) << erased.error().message;
  EXPECT_EQ(erased->calls, static_cast<std::uint64_t>(theirs));
  EXPECT_EQ(Number(*sql_, "SELECT COUNT(*) FROM ledger_requests WHERE end_user = 'beta'"), 0);
  EXPECT_EQ(Number(*sql_,
                   "SELECT COUNT(*) FROM usage_rollups WHERE dimension = 9 "
                   "AND value = 'beta'"),
            0);
  EXPECT_TRUE(*UsageOf(*sql_, all, "") == before);
  ExpectRollupsMatchRows(*sql_);
}

TEST_F(InStore, AnErasureGoesOnTurnByTurn) {
  Erased erased;
  ErasureTurn turn{.after = {}, .time = 0ms};
  int turns = 0;
  do {
    const auto done = Erase(*sql_, {.value = "alpha"}, kSampleTime + 100h, turn);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_TRUE(done->sums == 0 || !done->next) << "sums go last";
    erased.calls += done->calls;
    erased.sums += done->sums;
    turn.after = done->next;
    ++turns;
  } while (turn.after && turns < 1000);
  EXPECT_GT(turns, 1);
  EXPECT_GT(erased.calls, 100U);
  EXPECT_GT(erased.sums, 0U);
  EXPECT_EQ(Number(*sql_, "SELECT COUNT(*) FROM ledger_requests WHERE end_user = 'alpha'"), 0);
  ExpectRollupsMatchRows(*sql_);
}

TEST_F(InStore, OtherAgesHoldFromTheNextRoundOn) {
  Caretaker caretaker(*sql_, {.retention = {.requests = 10'000h}, .pause = 0ms});
  const core::WallTime now = kSampleTime + 100h;
  EXPECT_EQ(caretaker.kept(now).minutes_from, KeptAt({}, now).minutes_from);
  caretaker.Adopt({.requests = 10'000h, .minutes = 10'000h, .hours = 30h}, now);
  EXPECT_EQ(caretaker.kept(now).hours_from, KeptAt({.hours = 30h}, now).hours_from);
  EXPECT_GT(caretaker.kept(now).minutes_from, KeptAt({.minutes = 10'000h}, now).minutes_from)
      << "what is gone does not come back";
  const std::int64_t minutes = CountOf(Grain::kMinute);
  ASSERT_TRUE(caretaker.Round(now));
  EXPECT_EQ(CountOf(Grain::kMinute), minutes);
  EXPECT_EQ(Number(*sql_, kRequests), kCalls);
  EXPECT_EQ(Caretaker(*sql_, {}).kept(now).hours_from, KeptAt({}, now).hours_from);
  Caretaker later(*sql_,
                  {.retention = {.requests = 10'000h, .minutes = 10'000h, .hours = 10'000h}});
  ASSERT_TRUE(later.Round(now));
  EXPECT_EQ(later.kept(now).hours_from,
            Number(*sql_, "SELECT MIN(bucket) FROM usage_rollups WHERE grain = 1"))
      << "nor for a process that has not removed it";
}

TEST_F(InStore, ErasingKeepsToTheTenantAndFindsKeysAndUsers) {
  const auto tenant = NumberedId<request::TenantId>(1);
  const auto key = NumberedId<request::KeyId>(2);
  const auto all = Number(*sql_, "SELECT COUNT(*) FROM ledger_requests WHERE key_id IS NOT NULL");
  const auto erased = Erase(*sql_, {{tenant}, Dimension::kKey, key.Text()}, kSampleTime + 200h);
  ASSERT_TRUE(erased.has_value());
  EXPECT_GT(erased->calls, 20U);
  EXPECT_EQ(Number(*sql_, "SELECT COUNT(*) FROM ledger_requests WHERE key_id IS NOT NULL"),
            all - static_cast<std::int64_t>(erased->calls));
  std::size_t left = 0;
  RequestQuery query{.period = {0, 2'000'000'000}, .most = 100'000};
  query.filter.parties.key = key;
  ASSERT_TRUE(ListRequests(*sql_, query, [&](const Record& record) {
    EXPECT_NE(record.parties.tenant, tenant);
    ++left;
    return core::Status();
  }));
  EXPECT_GT(left, 50U);
  ExpectRollupsMatchRows(*sql_);
  EXPECT_FALSE(Erase(*sql_, {{}, Dimension::kKey, "nobody"}, kSampleTime));
  EXPECT_FALSE(Erase(*sql_, {{}, Dimension::kModel, "claude"}, kSampleTime));
}

}  // namespace
}  // namespace signalbox::ledger
