// Changes of the database's form, in order. Each stage has its own files
// (`src/<stage>/migrations/NNNN_name.sql`, embedded by the build as `Migrations()` of that folder);
// the numbers are one row over all stages: identity 01xx, quota 02xx, ledger 03xx.
//
// Owner:   app/ at start. Threads: one; blocks.
// Errors:  kConflict: the database is newer than the program, or was migrated by another order of
//          files; says what to do. Others as Sql's.
// Cancel:  a kill leaves every migration done whole or not at all; the next start goes on.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/time.h"
#include "io/store/sql.h"

namespace signalbox::store {

// The text may hold parts for one engine: from a line `-- only sqlite` or `-- only postgres` to
// `-- both`. Statements end with `;` at a line's end; lines that begin with `--` are left out.
struct Migration {
  std::uint32_t number = 0;
  std::string_view name;
  std::string_view text;
};

struct MigrationReport {
  std::vector<std::string> applied;  // "0101_keys"
};

// Applies what is missing, each in a transaction of its own that also notes it (table
// signalbox_migrations: number, name, checksum, applied_at in nanoseconds since 1970). `backup` is
// called once before the first one when there is anything to lose; its error leaves all as it is.
// `migrations` are in the order of their numbers.
core::Result<MigrationReport> Migrate(Sql& sql, std::span<const Migration> migrations,
                                      core::WallTime now,
                                      const std::function<core::Status()>& backup);

}  // namespace signalbox::store
