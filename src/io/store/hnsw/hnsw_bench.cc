// 100,000 rows of 384 numbers: how long the graph takes, what it takes in memory, how long a search
// takes and what it misses. The rows stand in 1,000 groups, as texts about the same thing do.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <fstream>

#include "io/store/hnsw/hnsw.h"
#include "io/store/hnsw/migrations.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vectors/migrations.h"
#include "io/store/vectors_truth_testing.h"

namespace signalbox::hnsw {
namespace {

constexpr std::size_t kDimension = 384;
constexpr std::size_t kRows = 100'000;
constexpr std::size_t kGroups = 1000;
constexpr store::VectorShape kShape{kDimension, store::Metric::kCosine};

std::vector<float> Grouped(core::Random& random, std::size_t group) {
  core::Random of_group(group);
  auto vector = store::RandomVector(of_group, kDimension);
  const auto own = store::RandomVector(random, kDimension);
  for (std::size_t i = 0; i < kDimension; ++i) {
    vector[i] += own[i] * 0.7F;
  }
  return vector;
}

store::VectorRow RowOf(core::Random& random, std::size_t number) {
  return {"row-" + std::to_string(number),
          Grouped(random, number % kGroups),
          {{"number", static_cast<std::int64_t>(number)},
           {"percent", static_cast<std::int64_t>(number / kGroups)}}};
}

double ResidentMiB() {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

Index& Filled() {
  static Index index(kShape, {});
  static const bool filled = [] {
    core::Random random(1);
    for (std::size_t i = 0; i < kRows; ++i) {
      auto row = RowOf(random, i);
      index.Put(row.id, 1, *store::ReadyVector(row.vector, kShape, "row"), row.metadata);
    }
    return true;
  }();
  benchmark::DoNotOptimize(filled);
  return index;
}

void BuildGraph(benchmark::State& state) {
  const double before = ResidentMiB();
  Index& index = Filled();
  const double rows = ResidentMiB();
  for (auto _ : state) {
    while (index.Link()) {
    }
  }
  state.SetItemsProcessed(kRows);
  state.counters["rows_MiB"] = rows - before;
  state.counters["graph_MiB"] = ResidentMiB() - rows;
}

// `state.range(0)` per cent of the rows pass the filter.
void Search(benchmark::State& state) {
  Index& index = Filled();
  core::Random random(2);
  std::size_t queries = 0;
  std::size_t found = 0;
  for (auto _ : state) {
    state.PauseTiming();
    store::VectorQuery query{
        .vector = *store::ReadyVector(Grouped(random, queries % kGroups), kShape, "query")};
    if (state.range(0) < 100) {
      query.filter = {store::Between{"percent", 0, static_cast<double>(state.range(0)) - 1}};
    }
    store::VectorQuery all = query;
    all.k = store::kMostFound;  // a search so wide that it compares far more than it needs
    state.ResumeTiming();
    const auto hits = index.Search(query.vector, query);
    state.PauseTiming();
    if (queries++ < 200) {
      auto truth = *index.Search(all.vector, all);
      truth.resize(std::min<std::size_t>(truth.size(), 10));
      found += store::Common(store::IdsOf(truth), store::IdsOf(*hits));
      state.counters["recall"] = static_cast<double>(found) / (10.0 * static_cast<double>(queries));
    }
    state.ResumeTiming();
  }
}

// The whole way, with the rows in a SQLite file.
void UpsertAndSearchOnSqlite(benchmark::State& state) {
  const auto sql = *store::OpenSqlite({});
  std::vector<store::Migration> all;
  for (const auto& folder : {vectors::Migrations(), Migrations()}) {
    all.insert(all.end(), folder.begin(), folder.end());
  }
  (void)store::Migrate(*sql, all, {}, [] { return core::Status(); });
  store::HnswVectors vectors(*sql);
  const store::CollectionName name{"tenant", "notes"};
  (void)vectors.Create(name, kShape);
  core::Random random(3);
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::vector<store::VectorRow> rows = {RowOf(random, i)};
    (void)vectors.Upsert(name, rows);
  }
  std::size_t number = 1000;
  for (auto _ : state) {
    const std::vector<store::VectorRow> rows = {RowOf(random, number++)};
    const auto written = vectors.Upsert(name, rows);
    const auto hits = vectors.Search(name, {.vector = rows[0].vector, .k = 1});
    if (!written || !hits || hits->at(0).id != rows[0].id) {
      state.SkipWithError("the row is not found");
      return;
    }
  }
}

BENCHMARK(BuildGraph)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(Search)->Arg(100)->Arg(10)->Arg(1)->Iterations(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(UpsertAndSearchOnSqlite)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace signalbox::hnsw
