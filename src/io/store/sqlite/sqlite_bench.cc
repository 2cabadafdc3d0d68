#include <cstdlib>
#include <filesystem>

#include "io/store/sql_bench_testing.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store {
namespace {

// On the disk, with all the syncs that it has in service.
Sql& Database() {
  static const std::string directory = [] {
    std::string name = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
    return std::string(mkdtemp(name.data()));
  }();
  static struct Held {
    ~Held() {
      sql.reset();
      std::filesystem::remove_all(directory);
    }
    std::unique_ptr<Sqlite> sql = *OpenSqlite({.path = directory + "/bench.db"});
  } held;
  return *held.sql;
}

void BulkInsert(benchmark::State& state) {
  MeasureBulk(state, Database(), false);
}
BENCHMARK(BulkInsert)->UseRealTime()->Iterations(30);

void BulkInsertSkippingConflicts(benchmark::State& state) {
  MeasureBulk(state, Database(), true);
}
BENCHMARK(BulkInsertSkippingConflicts)->UseRealTime()->Iterations(20);

void PointRead(benchmark::State& state) {
  MeasurePointRead(state, Database());
}
BENCHMARK(PointRead)->UseRealTime();

void SmallWrites(benchmark::State& state) {
  MeasureSmallWrites(state, Database());
}
BENCHMARK(SmallWrites)->UseRealTime()->Threads(1)->Threads(16);

void Upserts(benchmark::State& state) {
  MeasureUpserts(state, Database());
}
BENCHMARK(Upserts)->UseRealTime();

}  // namespace
}  // namespace signalbox::store
