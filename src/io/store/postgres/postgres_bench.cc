#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/sql_bench_testing.h"

namespace signalbox::store {
namespace {

// On the disk, with all the syncs that it has in service, over a Unix socket.
Sql& Database() {
  static const auto server = PostgresServer::Start({"fsync=on", "max_wal_size=4GB"});
  static const auto sql = *OpenPostgres({.address = server->address()});
  return *sql;
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
