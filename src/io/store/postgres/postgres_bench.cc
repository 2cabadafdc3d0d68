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

[[maybe_unused]] const bool kMeasured = MeasureSql(Database);

}  // namespace
}  // namespace signalbox::store
