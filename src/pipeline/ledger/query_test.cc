#include <gtest/gtest.h>

#include <map>

#include "pipeline/ledger/csv.h"
#include "pipeline/ledger/export.h"
#include "pipeline/ledger/rollups_testing.h"
#include "pipeline/ledger/row_filter.h"
#include "pipeline/ledger/shipper.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kStart = 1'795'253'400;  // kSampleTime
constexpr Period kAll{kStart - 86'400, kStart + 4 * 86'400};
constexpr std::int64_t kCalls = 800;

std::int64_t Counted(const Totals& totals) {
  return totals[Sum::kCalls] + totals[Sum::kCachedCalls];
}

// A store with drawn calls of two and a half days, and what is in it.
class Queries : public testing::Test {
 protected:
  void SetUp() override {
    core::Random random(21);
    SampleArchive archive(directory_.path());
    archive.AddCalls(random, kCalls, 60h);
    Shipper shipper(*sql_, archive.directory(), archive.progress, {});
    ASSERT_TRUE(shipper.ShipAll());
  }

  template <typename Predicate>
  std::vector<RequestCursor> Expected(Predicate predicate) {
    std::vector<RequestCursor> found;
    EXPECT_TRUE(sql_->Query("SELECT " SB_LEDGER_COLUMNS " FROM ledger_requests ORDER BY id DESC, "
                            "attempt DESC",
                            {}, [&](const store::Row& row) {
                              const Record record = ReadRow(row);
                              if (predicate(record)) {
                                found.push_back({record.request, record.attempt});
                              }
                              return core::Status();
                            }));
    return found;
  }
  std::vector<RequestCursor> Listed(RequestQuery query) {
    std::vector<RequestCursor> found;
    for (;;) {
      const auto next = ListRequests(*sql_, query, [&](const Record& record) {
        found.push_back({record.request, record.attempt});
        return core::Status();
      });
      EXPECT_TRUE(next.has_value()) << (next ? "" : next.error().message);
      if (!next || !*next) {
        return found;
      }
      if (query.after && **next >= *query.after) {
        ADD_FAILURE() << "a page does not go on behind the one before";
        return found;
      }
      query.after = *next;
    }
  }

  const TempDirectory directory_;
  const std::unique_ptr<store::Sql> sql_ = OpenStore();
};

TEST_F(Queries, ListsEverythingNewestFirstPageByPage) {
  EXPECT_EQ(Listed({.period = kAll, .most = 7}), Expected([](const Record&) { return true; }));
}

TEST_F(Queries, AFilterFindsWhatItSaysWhateverIsKeptOfTheRollups) {
  const auto key = NumberedId<request::KeyId>(3);
  RequestQuery query{.period = kAll, .most = 11};
  query.filter.parties.key = key;
  query.filter.model = "claude";
  const auto expected = Expected(
      [&](const Record& record) { return record.parties.key == key && record.model == "claude"; });
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(Listed(query), expected);
  query.kept.minutes_from = kAll.end;
  EXPECT_EQ(Listed(query), expected);
  query.kept.hours_from = kAll.end;
  EXPECT_EQ(Listed(query), expected);
  query.time = 0ms;  // a page ends after each stretch
  EXPECT_EQ(Listed(query), expected);
}

TEST_F(Queries, ATagIsFoundAmongOthersAndOnlyWhole) {
  RequestQuery query{.period = kAll, .most = 5};
  query.filter.labels.tags = "a";
  EXPECT_EQ(Listed(query), Expected([](const Record& record) {
              return record.labels.tags == "a" || record.labels.tags.starts_with("a,") ||
                     record.labels.tags.starts_with(" b=c ,");
            }));
  query.filter.labels.tags = "b=";
  EXPECT_TRUE(Listed(query).empty());
}

TEST_F(Queries, APeriodIsCutToTheSecond) {
  const Period period{kStart + 1001, kStart + 50'003};
  EXPECT_EQ(Listed({.period = period, .most = 3}), Expected([&](const Record& record) {
              const auto at = record.request.uuid.Time().time_since_epoch();
              return at >= std::chrono::seconds(period.begin) &&
                     at < std::chrono::seconds(period.end);
            }));
}

TEST_F(Queries, ATenantSeesItsOwnAlone) {
  const auto tenant = NumberedId<request::TenantId>(1);
  const auto other = NumberedId<request::TenantId>(2);
  const auto own = Expected([&](const Record& record) { return record.parties.tenant == tenant; });
  RequestQuery query{.scope = {tenant}, .period = kAll};
  EXPECT_EQ(Listed(query), own);
  query.filter.parties.tenant = other;
  EXPECT_TRUE(Listed(query).empty());

  const auto theirs =
      Expected([&](const Record& record) { return record.parties.tenant == other; });
  const auto count = [](std::size_t* to) {
    return [to](const Record&) {
      ++*to;
      return core::Status();
    };
  };
  std::size_t visited = 0;
  EXPECT_EQ(FindAttempts(*sql_, {tenant}, theirs.front().request, count(&visited)), 0U);
  EXPECT_EQ(FindAttempts(*sql_, {}, theirs.front().request, count(&visited)), 1U);
  EXPECT_EQ(visited, 1U);

  std::int64_t all = 0;
  for (std::uint8_t dimension = 0; dimension < kDimensions; ++dimension) {
    const UsageQuery usage{
        .scope = {tenant}, .by = static_cast<Dimension>(dimension), .period = kAll};
    const auto rows = TopUsage(*sql_, usage, UsageOrder::kCalls, 1000);
    ASSERT_TRUE(rows.has_value());
    for (const UsageRow& row : *rows) {
      all += usage.by == Dimension::kTotal ? Counted(row.totals) : 0;
      EXPECT_LE(Counted(row.totals), static_cast<std::int64_t>(own.size()));
      if (usage.by == Dimension::kTenant) {
        EXPECT_EQ(row.value, tenant.Text());
      }
    }
  }
  EXPECT_EQ(all, static_cast<std::int64_t>(own.size()));
}

// P14: what a caller says is no pattern, and nothing is looked through for it.
TEST_F(Queries, PercentSignsAreJustThat) {
  const std::string percent(1000, '%');
  RequestQuery query{.period = kAll};
  query.filter.labels.end_user = percent;
  EXPECT_TRUE(Listed(query).empty());
  query.filter.labels = {.tags = percent};
  EXPECT_TRUE(Listed(query).empty());
  query.filter.labels = {.end_user = "gamma, %_'\""};
  EXPECT_EQ(Listed(query), Expected([](const Record& record) {
              return record.labels.end_user == "gamma, %_'\"";
            }));
}

TEST_F(Queries, UsageOfAnyPeriodIsWhatItsRowsAddUpTo) {
  core::Random random(22);
  for (int i = 0; i < 60; ++i) {
    const std::int64_t begin =
        kAll.begin + static_cast<std::int64_t>(random.Next() % 300'000) / 60 * 60;
    const Period period{begin, begin + 60 * (1 + static_cast<std::int64_t>(random.Next() % 5000))};
    Totals expected;
    Expected([&](const Record& record) {
      const auto at = record.request.uuid.Time().time_since_epoch();
      if (record.model == "llama" && at >= std::chrono::seconds(period.begin) &&
          at < std::chrono::seconds(period.end)) {
        expected.Add(record, 1);
      }
      return false;
    });
    const UsageQuery query{.by = Dimension::kModel, .period = period};
    const auto found = UsageOf(*sql_, query, "llama");
    ASSERT_TRUE(found.has_value());
    ASSERT_TRUE(*found == expected) << period.begin << " " << period.end;
    const auto top = TopUsage(*sql_, query, UsageOrder::kCost, 10);
    ASSERT_TRUE(top.has_value());
    for (const UsageRow& row : *top) {
      ASSERT_TRUE(row.value != "llama" || row.totals == expected);
    }
  }
}

TEST_F(Queries, TheTopIsInOrderAndAsLongAsAsked) {
  const UsageQuery query{.by = Dimension::kKey, .period = kAll};
  const auto all = TopUsage(*sql_, query, UsageOrder::kCost, 100);
  const auto top = TopUsage(*sql_, query, UsageOrder::kCost, 2);
  ASSERT_TRUE(all && top);
  EXPECT_EQ(all->size(), 4U);
  ASSERT_EQ(top->size(), 2U);
  EXPECT_EQ((*top)[0].value, (*all)[0].value);
  EXPECT_TRUE(std::ranges::is_sorted(*all, std::greater(),
                                     [](const UsageRow& row) { return row.totals[Sum::kCost]; }));
}

TEST_F(Queries, ASeriesHasEveryPointOfItsZone) {
  const UsageQuery query{.period = {kStart - 3600, kStart + 60 * 3600}};
  for (const std::string zone : {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"}) {
    const auto points = UsageSeries(*sql_, query, "", Step::kDay, zone);
    ASSERT_TRUE(points.has_value()) << points.error().message;
    Totals all;
    for (std::size_t i = 0; i < points->size(); ++i) {
      all.Add((*points)[i].totals);
      const Period& period = (*points)[i].period;
      EXPECT_EQ(period.end - period.begin, 86'400);
      EXPECT_TRUE(i == 0 || period.begin == (*points)[i - 1].period.end);
      EXPECT_TRUE(UsageOf(*sql_, {.period = period}, "") == (*points)[i].totals) << zone;
    }
    EXPECT_EQ(Counted(all), kCalls);
  }
  EXPECT_FALSE(UsageSeries(*sql_, query, "", Step::kDay, "Mars/Base"));
  EXPECT_FALSE(UsageSeries(*sql_, {.period = {0, kStart}}, "", Step::kMinute, "UTC"));
}

TEST_F(Queries, AnExportHasEveryCallOnce) {
  for (const ExportFormat format : {ExportFormat::kJsonLines, ExportFormat::kCsv}) {
    std::string text;
    const auto written = ExportRequests(*sql_, {.period = kAll}, format, [&](auto part) {
      text += part;
      return core::Status();
    });
    EXPECT_EQ(written, static_cast<std::uint64_t>(kCalls));
    for (const RequestCursor& one : Expected([](const Record&) { return true; })) {
      ASSERT_NE(text.find(one.request.Text()), std::string::npos);
    }
    EXPECT_EQ(std::ranges::count(text, '\n'), format == ExportFormat::kCsv ? kCalls + 1 : kCalls);
  }
}

TEST(Csv, TextIsNeverAFormula) {
  std::string out;
  CsvLine(out).Text("=1+1").Text("@a").Text("-5").Text("a,\"b\"").Text("plain").Int(-5).End();
  EXPECT_EQ(out, "\"'=1+1\",\"'@a\",\"'-5\",\"a,\"\"b\"\"\",plain,-5\r\n");
}

TEST(Periods, PiecesAreTheFewestBuckets) {
  const Kept all;
  const std::int64_t day = 86'400;
  EXPECT_EQ(PiecesOf({0, 3 * day}, all), (std::vector<Piece>{{Grain::kDay, {0, 3 * day}}}));
  EXPECT_EQ(PiecesOf({day - 3660, 2 * day + 7260}, all),
            (std::vector<Piece>{{Grain::kMinute, {day - 3660, day - 3600}},
                                {Grain::kHour, {day - 3600, day}},
                                {Grain::kDay, {day, 2 * day}},
                                {Grain::kHour, {2 * day, 2 * day + 7200}},
                                {Grain::kMinute, {2 * day + 7200, 2 * day + 7260}}}));
  EXPECT_EQ(PiecesOf({60, 120}, all), (std::vector<Piece>{{Grain::kMinute, {60, 120}}}));
  EXPECT_EQ(PiecesOf({61, 61}, all), (std::vector<Piece>{{Grain::kMinute, {60, 120}}}));
}

TEST(Periods, WhatIsNotKeptIsRoundedToWhatIs) {
  const std::int64_t day = 86'400;
  const Kept kept{.minutes_from = 2 * day, .hours_from = day};
  EXPECT_EQ(PiecesOf({60, day + 120}, kept), (std::vector<Piece>{{Grain::kDay, {0, day}}}));
  EXPECT_EQ(PiecesOf({day + 60, 2 * day + 60}, kept),
            (std::vector<Piece>{{Grain::kDay, {day, 2 * day}},
                                {Grain::kMinute, {2 * day, 2 * day + 60}}}));
}

TEST(Periods, DaysFollowTheZonesClock) {
  // 2026-03-29 has 23 hours in Berlin, 2026-10-25 has 25.
  const auto spring = PeriodsOf({1'774'738'800, 1'774'738'801}, Step::kDay, "Europe/Berlin");
  ASSERT_TRUE(spring.has_value());
  EXPECT_EQ(*spring, (std::vector<Period>{{1'774'738'800, 1'774'738'800 + 23 * 3600}}));
  const auto autumn = PeriodsOf({1'792'879'200, 1'792'879'201}, Step::kDay, "Europe/Berlin");
  ASSERT_TRUE(autumn.has_value());
  EXPECT_EQ(*autumn, (std::vector<Period>{{1'792'879'200, 1'792'879'200 + 25 * 3600}}));
}

TEST(Totals, WhatTheCacheAnsweredIsARequestAndASavingAndNothingElse) {
  Record record = SampleSettlement(1);
  record.cached = true;
  record.saved_nano_usd = 70;
  Totals totals;
  totals.Add(record, 1);
  record.saved_nano_usd = -1;
  totals.Add(record, 1);
  EXPECT_EQ(totals[Sum::kRequests], 2);
  EXPECT_EQ(totals[Sum::kCachedCalls], 2);
  EXPECT_EQ(totals[Sum::kSaved], 70);
  EXPECT_EQ(totals[Sum::kCalls] + totals[Sum::kSuccesses] + totals[Sum::kInputTokens], 0);
  EXPECT_EQ(totals.Latency(0.5), 0);
}

TEST(Totals, PercentilesAreReadOffTheDistribution) {
  Totals totals;
  EXPECT_EQ(totals.Latency(0.5), 0);
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    Record record = SampleSettlement(i);
    record.total_us = i * 1000;
    totals.Add(record, 1);
  }
  EXPECT_NEAR(static_cast<double>(totals.Latency(0.5)), 500'000, 20'000);
  // No further off than its class is wide.
  EXPECT_GE(totals.Latency(0.95), 800'000);
  EXPECT_LE(totals.Latency(0.95), 1'200'000);
}

}  // namespace
}  // namespace signalbox::ledger
