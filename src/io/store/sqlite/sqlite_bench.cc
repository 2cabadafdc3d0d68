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

[[maybe_unused]] const bool kMeasured = MeasureSql(Database);

}  // namespace
}  // namespace signalbox::store
