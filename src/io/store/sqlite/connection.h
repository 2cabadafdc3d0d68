// One connection to a SQLite database and the statements that were prepared on it.
//
// Owner:   the writer's queue or the readers' pool. Threads: one at a time.
// Errors:  as Sql's, in words that say what to do. Cancel: a statement's time is limited.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/time.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store::sqlite {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

struct Prepared {
  std::unique_ptr<sqlite3_stmt, Close> statement;
  std::vector<std::uint32_t> numbers;  // of SQLite's parameter i: our number - 1
  std::size_t params = 0;              // that are to be given
};

class Connection {
 public:
  enum class Use : std::uint8_t { kWrite, kRead };

  static core::Result<std::unique_ptr<Connection>> Open(const std::string& file, std::string name,
                                                        const SqliteOptions& options, Use use);

  // Takes a statement out of those that are kept, or prepares it; Keep gives it back, to be
  // forgotten when `text` is empty.
  core::Result<Prepared> Take(const std::string& text);
  void Keep(std::string text, Prepared prepared);

  // A text of this folder's without parameters and rows.
  core::Status Exec(const char* text);
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

  // Statements that begin from now on have no limit, or that of the options again.
  void LiftLimit() { limit_ = std::chrono::milliseconds(0); }
  void RestoreLimit() { limit_ = usual_limit_; }
  void StartClock();

  core::Error ErrorOf(int code) const;
  const std::string& name() const { return name_; }
  sqlite3* handle() const { return handle_.get(); }

 private:
  Connection(std::string name, const SqliteOptions& options)
      : name_(std::move(name)),
        usual_limit_(options.statement),
        limit_(options.statement),
        wait_(options.wait) {}
  core::Status Configure(const SqliteOptions& options, Use use);
  core::Result<Prepared> Prepare(const std::string& text);

  const std::string name_;
  Handle handle_;
  const std::chrono::milliseconds usual_limit_;
  std::chrono::milliseconds limit_;
  const std::chrono::milliseconds wait_;
  core::MonoTime end_ = core::kNever;
  std::unordered_map<std::string, Prepared> kept_;
};

}  // namespace signalbox::store::sqlite
