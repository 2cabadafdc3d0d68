// Records in one file, by SQLite in WAL mode: readers never wait for a writer, nor a writer for
// readers. Several writers that wait at the same time share a transaction on the disk, each in a
// savepoint of its own, so that each is still all or nothing.
//
// Owner:   app/, one per process and file; outlives whoever uses it.
// Threads: as Sql.
// Errors:  as Sql. A database that cannot be written or read at all is told when it is opened.
// Cancel:  as Sql; what was written when Write returned outlives a kill, and with Sync::kFull the
//          loss of power too.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/store/sql.h"

namespace signalbox::store {

// What is on the disk for sure when Write returns.
enum class Sync : std::uint8_t {
  kFull,    // everything
  kNormal,  // all but the last transactions, when the power goes; never half of one
  kNone,    // nothing: for what may be lost with the machine, as in memory
};

struct SqliteOptions {
  std::string path;  // empty: in memory, gone with the object
  Sync sync = Sync::kFull;
  std::uint32_t readers = 3;             // at the same time
  std::chrono::milliseconds wait{5000};  // for another process's lock, a reader's or writer's turn
  std::chrono::milliseconds statement{30'000};  // one statement's time; 0: no limit
  std::uint64_t cache_bytes = 16U << 20U;       // of each connection, four times that of the writer
  std::uint64_t most_bytes = 0;                 // the file's size; 0: as the disk allows
};

class Sqlite : public Sql {
 public:
  // Writes a consistent copy, beside readers and writers, to `path` by way of `path`.part. Takes
  // the place of a file that is there.
  virtual core::Status BackUp(const std::string& path) = 0;
  // What is wrong inside of the file, by SQLite's own check of all of it; empty when all is well.
  virtual core::Result<std::vector<std::string>> Damage() = 0;
};

// Makes the file when it is not there; its directory must be.
core::Result<std::unique_ptr<Sqlite>> OpenSqlite(const SqliteOptions& options);

}  // namespace signalbox::store
