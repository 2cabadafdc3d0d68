// The same measurements over every engine: a table like the ledger's, of 20 columns and 4 indexes,
// with 50 tenants and 500 keys.
#pragma once

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <string>

#include "io/store/migration.h"
#include "io/store/sql.h"

namespace signalbox::store {

inline constexpr Migration kBenchTable[] = {
    {1, "calls",
     "CREATE TABLE calls (request BYTEA NOT NULL, attempt BIGINT NOT NULL, at BIGINT NOT NULL,\n"
     "tenant TEXT, key TEXT, team TEXT, agent TEXT, provider TEXT, model TEXT, region TEXT,\n"
     "outcome BIGINT, status BIGINT, input BIGINT, output BIGINT, cached BIGINT, reasoning "
     "BIGINT,\n"
     "cost BIGINT, latency BIGINT, first_byte BIGINT, ratio DOUBLE PRECISION,\n"
     "PRIMARY KEY (request, attempt));\n"
     "CREATE INDEX calls_at ON calls (at);\n"
     "CREATE INDEX calls_tenant ON calls (tenant, at);\n"
     "CREATE INDEX calls_key ON calls (key, at);\n"}};

inline constexpr Statement kBenchColumns[] = {
    "request",  "attempt",   "at",     "tenant",  "key",        "team",  "agent",
    "provider", "model",     "region", "outcome", "status",     "input", "output",
    "cached",   "reasoning", "cost",   "latency", "first_byte", "ratio"};

// A UUIDv7's order: the number first, then what looks like chance.
struct BenchId {
  explicit BenchId(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) {
      bytes[static_cast<std::size_t>(i)] = static_cast<std::byte>(number >> (56 - 8 * i));
    }
    const std::uint64_t noise = number * 0x9E3779B97F4A7C15U;
    for (int i = 0; i < 8; ++i) {
      bytes[static_cast<std::size_t>(8 + i)] = static_cast<std::byte>(noise >> (8 * i));
    }
  }
  std::array<std::byte, 16> bytes{};
};

inline core::Status InsertCalls(Sql& sql, std::uint64_t first, std::uint64_t count, bool skip) {
  return sql.Write([=](Transaction& transaction) {
    std::uint64_t number = first;
    BenchId id(0);
    std::string tenant;
    std::string key;
    return transaction.Insert({"calls", kBenchColumns,
                               [&](std::span<Param> row) {
                                 id = BenchId(number);
                                 tenant = "tenant_" + std::to_string(number % 50);
                                 key = "key_" + std::to_string(number * 7919 % 500);
                                 row[0] = Bytes(id.bytes);
                                 row[1] = std::int64_t{1};
                                 row[2] = static_cast<std::int64_t>(1'795'000'000'000'000'000U +
                                                                    number * 1000);
                                 row[3] = tenant;
                                 row[4] = key;
                                 row[5] = std::string_view("team_platform");
                                 row[6] = Param();
                                 row[7] = std::string_view("openai");
                                 row[8] = std::string_view("gpt-4o-mini");
                                 row[9] = std::string_view("eu-west");
                                 for (std::size_t i = 10; i < 19; ++i) {
                                   row[i] = static_cast<std::int64_t>(number % 1000 * i);
                                 }
                                 row[19] = 0.5;
                                 return number++ < first + count;
                               },
                               skip});
  });
}

inline void MeasureBulk(benchmark::State& state, Sql& sql, bool skip) {
  constexpr std::uint64_t kBatch = 10'000;
  (void)Migrate(sql, kBenchTable, {}, {});
  static std::uint64_t next = 0;
  for (auto _ : state) {
    if (const auto status = InsertCalls(sql, next, kBatch, skip); !status) {
      state.SkipWithError(status.error().message.c_str());
      return;
    }
    next += kBatch;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBatch));
}

inline void MeasurePointRead(benchmark::State& state, Sql& sql) {
  constexpr std::uint64_t kFirst = 1ULL << 40U;
  static const bool ready = Migrate(sql, kBenchTable, {}, {}).has_value() &&
                            InsertCalls(sql, kFirst, 100'000, true).has_value();
  if (!ready) {
    state.SkipWithError("no rows to read");
    return;
  }
  std::uint64_t number = 0;
  std::int64_t cost = 0;
  for (auto _ : state) {
    number = (number + 7919) % 100'000;
    const BenchId id(kFirst + number);
    const auto status =
        sql.Query("SELECT cost, tenant FROM calls WHERE request = $1 AND attempt = 1",
                  {Bytes(id.bytes)}, [&cost](const Row& row) {
                    cost += row.Int(0);
                    return core::Status();
                  });
    if (!status) {
      state.SkipWithError(status.error().message.c_str());
      return;
    }
  }
  benchmark::DoNotOptimize(cost);
}

// One row per transaction, as many threads as the benchmark has.
inline void MeasureSmallWrites(benchmark::State& state, Sql& sql) {
  (void)Migrate(sql, kBenchTable, {}, {});
  static std::atomic<std::uint64_t> next = 2ULL << 40U;
  for (auto _ : state) {
    const BenchId id(next++);
    const auto status = sql.Write([&id](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run("INSERT INTO calls (request, attempt, at) VALUES ($1, 3, 0)",
                                  {Bytes(id.bytes)}));
      return {};
    });
    if (!status) {
      state.SkipWithError(status.error().message.c_str());
      return;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

inline void MeasureUpserts(benchmark::State& state, Sql& sql) {
  constexpr int kBatch = 1000;
  (void)Migrate(sql, kBenchTable, {}, {});
  for (auto _ : state) {
    const auto status = sql.Write([](Transaction& transaction) -> core::Status {
      int number = 0;
      BenchId id(0);
      SB_CHECK_OK(transaction.RunEach(
          "INSERT INTO calls (request, attempt, at, cost) VALUES ($1, 2, 0, $2) "
          "ON CONFLICT (request, attempt) DO UPDATE SET cost = calls.cost + excluded.cost",
          2, [&](std::span<Param> row) {
            id = BenchId(static_cast<std::uint64_t>(number));
            row[0] = Bytes(id.bytes);
            row[1] = std::int64_t{1};
            return number++ < kBatch;
          }));
      return {};
    });
    if (!status) {
      state.SkipWithError(status.error().message.c_str());
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}

// All of these over the database that `open` gives, which is opened by the first that runs.
inline bool MeasureSql(Sql& (*open)()) {
  using benchmark::State;
  const auto add = [](const char* name, auto measure) {
    return benchmark::RegisterBenchmark(name, measure)->UseRealTime();
  };
  add("BulkInsert", [open](State& state) { MeasureBulk(state, open(), false); })->Iterations(30);
  add("BulkInsertSkippingConflicts", [open](State& state) {
    MeasureBulk(state, open(), true);
  })->Iterations(20);
  add("PointRead", [open](State& state) { MeasurePointRead(state, open()); });
  add("SmallWrites", [open](State& state) { MeasureSmallWrites(state, open()); })
      ->Threads(1)
      ->Threads(16);
  add("Upserts", [open](State& state) { MeasureUpserts(state, open()); });
  return true;
}

}  // namespace signalbox::store
