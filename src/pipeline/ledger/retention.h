// How long what is in the store is kept, and the removal of what is older, a little at a time.
//
// Owner:   whoever calls Step: the Caretaker. Threads: one that may block.
// Errors:  the store's; the next step goes on. Cancel: a step is done whole or not at all, and none
//          holds a lock for long: some thousand rows, or a part of a day dropped as a whole.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/config/table.h"
#include "io/store/sql.h"
#include "pipeline/ledger/periods.h"

namespace signalbox::ledger {

// The section `retention`: ages, per class of data. The Archive sees to its own.
struct RetentionOptions {
  std::chrono::hours requests{90 * 24};  // rows of single calls
  std::chrono::hours minutes{7 * 24};    // usage per minute
  std::chrono::hours hours{100 * 24};    // usage per hour
  std::chrono::hours days{5 * 365 * 24};
  std::chrono::hours audit{2 * 365 * 24};
  std::chrono::hours archive{90 * 24};  // the ledger's files
};
const config::Table<RetentionOptions>& RetentionTable();

// From when on rollups are there; for UsageQuery and RequestQuery.
Kept KeptAt(const RetentionOptions& options, core::WallTime now);

struct Removed {
  std::uint64_t requests = 0;  // rows, or parts of a day in PostgreSQL
  std::uint64_t rollups = 0;
  std::uint64_t audit = 0;

  std::uint64_t all() const { return requests + rollups + audit; }
};

class Retention {
 public:
  Retention(store::Sql& sql, const RetentionOptions& options) : sql_(sql), options_(options) {}

  // Removes some of what is too old at `now`; nothing: there is no more.
  core::Result<Removed> Step(core::WallTime now);

 private:
  core::Result<std::uint64_t> RemoveRequests(core::WallTime before);
  core::Result<std::uint64_t> RemoveRollups(Grain grain, core::WallTime before);
  core::Result<std::uint64_t> RemoveAudit(core::WallTime before);
  core::Result<std::uint64_t> RemoveAuditOf(std::string_view replica, core::WallTime before);

  store::Sql& sql_;
  const RetentionOptions options_;
};

}  // namespace signalbox::ledger
