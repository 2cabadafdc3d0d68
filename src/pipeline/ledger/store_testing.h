// A store for this folder's tests, calls to put into it, and a store that fails when it is told to.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "io/store/sqlite/sqlite.h"
#include "pipeline/ledger/journal.h"
#include "pipeline/ledger/ledger_test_support.h"
#include "pipeline/ledger/migrations.h"

namespace signalbox::ledger {

// 2026-11-21T09:30:00Z
inline constexpr core::WallTime kSampleTime{std::chrono::seconds(1'795'253'400)};

// In memory when `path` is empty.
inline std::unique_ptr<store::Sql> OpenStore(const std::string& path = {}) {
  auto sql = store::OpenSqlite({.path = path});
  EXPECT_TRUE(sql.has_value()) << (sql ? "" : sql.error().message);
  const auto migrated = store::Migrate(**sql, Migrations(), kSampleTime, {});
  EXPECT_TRUE(migrated.has_value()) << (migrated ? "" : migrated.error().message);
  return *std::move(sql);
}

template <typename Id>
Id NumberedId(std::uint8_t number) {
  Id id;
  if (number != 0) {
    id.uuid.bytes = {1, 2, 3, 4, 5, 6, 0x70, 8, 0x80};
    id.uuid.bytes[15] = number;
  }
  return id;
}

// A settlement that arrived within `spread` after kSampleTime, with everything drawn.
inline Record RandomCall(core::Random& random, std::chrono::seconds spread) {
  const auto pick = [&random](auto limit) { return random.Next() % limit; };
  static constexpr std::array<std::string_view, 4> kModels = {"gpt-4o", "gpt-4o-mini", "claude",
                                                              "llama"};
  static constexpr std::array<std::string_view, 4> kNames = {"", "alpha", "beta", "gamma, %_'\""};
  static constexpr std::array<std::string_view, 4> kTags = {"", "a", "a,b=c", " b=c , a,a,, d"};
  Record record;
  record.type = RecordType::kSettlement;
  const auto arrived =
      kSampleTime + std::chrono::nanoseconds(
                        pick(static_cast<std::uint64_t>(std::chrono::nanoseconds(spread).count())));
  record.request = core::RequestId::New(arrived, random);
  record.attempt = static_cast<std::uint16_t>(1 + pick(3U));
  record.total_us = pick(200'000'000U);
  record.time = arrived + std::chrono::microseconds(record.total_us);
  record.operation = static_cast<std::uint8_t>(1 + pick(3U));
  record.provider = pick(2U) == 0 ? "openai" : "edge";
  record.model = kModels[pick(4U)];
  record.parties = {NumberedId<request::TenantId>(pick(3U)),
                    NumberedId<request::KeyId>(pick(5U)),
                    NumberedId<request::UserId>(pick(3U)),
                    NumberedId<request::TeamId>(pick(2U)),
                    {}};
  record.labels.end_user = kNames[pick(4U)];
  record.labels.agent = kNames[pick(4U)];
  record.labels.feature = kNames[pick(4U)];
  record.labels.tags = kTags[pick(4U)];
  record.outcome = static_cast<Outcome>(1 + pick(4U));
  record.status = record.outcome == Outcome::kOk ? 200 : 500;
  record.usage.input = static_cast<std::int64_t>(pick(10'000U));
  record.usage.output = pick(5U) == 0 ? -1 : static_cast<std::int64_t>(pick(10'000U));
  record.usage.image_output = pick(5U) == 0 ? static_cast<std::int64_t>(pick(100U)) : -1;
  record.cost_nano_usd = record.outcome == Outcome::kUncertain || pick(9U) == 0
                             ? -1
                             : static_cast<std::int64_t>(pick(1'000'000'000U));
  record.reserved_nano_usd = static_cast<std::int64_t>(pick(1'000'000'000U));
  record.first_byte_us = static_cast<std::uint32_t>(record.total_us / 3);
  record.answer_bytes = pick(100'000U);
  if (record.attempt == 1 && record.outcome == Outcome::kOk && pick(4U) == 0) {
    record.cached = true;
    record.usage = {};
    record.cost_nano_usd = 0;
    record.saved_nano_usd = pick(3U) == 0 ? -1 : static_cast<std::int64_t>(pick(1'000'000U));
  }
  return record;
}

// Passes everything on, and fails the statement that it is told to as a store that went away.
class FailingSql : public store::Sql {
 public:
  explicit FailingSql(store::Sql& to) : to_(to) {}

  int fail_at = 0;  // counted down by each statement inside a transaction; 0: never
  int failed = 0;

  using store::Sql::Query;
  core::Status Query(store::Statement statement, store::Params params,
                     const store::VisitRow& visit) override {
    return to_.Query(statement, params, visit);
  }
  core::Status Write(const store::Work& work) override {
    return to_.Write([&](store::Transaction& transaction) {
      Inside inside(*this, transaction);
      return work(inside);
    });
  }
  store::Engine engine() const override { return to_.engine(); }
  std::string Name() const override { return to_.Name(); }

 private:
  class Inside final : public store::Transaction {
   public:
    Inside(FailingSql& owner, store::Transaction& to) : owner_(owner), to_(to) {}
    using store::Transaction::Query;
    using store::Transaction::Run;
    core::Status Query(store::Statement statement, store::Params params,
                       const store::VisitRow& visit) override {
      SB_CHECK_OK(owner_.Count());
      return to_.Query(statement, params, visit);
    }
    core::Result<std::int64_t> Run(store::Statement statement, store::Params params) override {
      SB_CHECK_OK(owner_.Count());
      return to_.Run(statement, params);
    }
    core::Status Insert(const store::Bulk& rows) override {
      SB_CHECK_OK(owner_.Count());
      return to_.Insert(rows);
    }
    store::Engine engine() const override { return to_.engine(); }

   private:
    FailingSql& owner_;
    store::Transaction& to_;
  };

  core::Status Count() {
    if (fail_at > 0 && --fail_at == 0) {
      ++failed;
      return core::Fail(core::ErrorCode::kUnavailable, "the store went away");
    }
    return {};
  }

  store::Sql& to_;
};

inline std::int64_t Number(store::Sql& sql, store::Statement statement) {
  std::int64_t number = -1;
  const auto read = sql.Query(statement, {}, [&](const store::Row& row) {
    number = row.Int(0);
    return core::Status();
  });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
  return number;
}

// An archive that a test writes itself, segment after segment.
class SampleArchive {
 public:
  explicit SampleArchive(const std::string& directory, std::uint64_t segment_bytes = 64 * 1024)
      : directory_(directory) {
    ArchiveOptions options;
    options.segment_bytes = segment_bytes;
    options.progress = &progress;
    archive_ = *Archive::Open(directory, options);
  }

  void Add(const Record& record) { ASSERT_TRUE(archive_->AppendOwn(record)); }
  void Commit() { ASSERT_TRUE(archive_->Commit()); }
  // `count` drawn calls, each with its intent.
  void AddCalls(core::Random& random, std::size_t count,
                std::chrono::seconds spread = std::chrono::hours(30)) {
    for (std::size_t i = 0; i < count; ++i) {
      Record record = RandomCall(random, spread);
      Record intent = record;
      intent.type = RecordType::kIntent;
      Add(intent);
      Add(record);
    }
    Commit();
  }
  const std::string& directory() const { return directory_; }

  ArchiveProgress progress;

 private:
  const std::string directory_;
  std::unique_ptr<Archive> archive_;
};

}  // namespace signalbox::ledger
