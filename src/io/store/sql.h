// A database of records: rows in tables, written in transactions. Knows no domain types; every
// stage has statements and migrations of its own.
//
// Owner:   app/, one per process; outlives whoever uses it.
// Threads: any that may block: the pool's, a shipper's, the main thread at start. Never a worker's.
// Errors:  kUnavailable: the database cannot be reached, is busy past its limit, full or read-only,
//          with the engine's reason: try again later. kConflict: a constraint (the row is there
//          already, or is still referred to). kDeadlineExceeded: a statement ran longer than the
//          engine's options allow. kInvalidRequest: a parameter that no engine takes (see text.h),
//          or too large a one. kInternal: the statement is wrong, or the database is damaged and
//          the message says what to do. A message names the database, never a parameter's value.
// Cancel:  the options of the engine limit the wait for a connection and each statement's time.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "base/core/error.h"
#include "io/store/statement.h"
#include "io/store/value.h"

namespace signalbox::store {

enum class Engine : std::uint8_t { kSqlite, kPostgres };

// The row is valid during the visit; an error ends the statement and is returned.
using VisitRow = std::function<core::Status(const Row&)>;

// Fills `row` and says whether there was another; views stay valid until the next call.
using NextRow = std::function<bool(std::span<Param> row)>;

// Many rows into one table, the fastest way the engine has (COPY; a prepared insert).
struct Bulk {
  Statement table;                     // its name
  std::span<const Statement> columns;  // their names
  // One Param per column. When the work is run again, so are the rows from the first on: `work`
  // makes its Bulk itself.
  NextRow next;
  // Leaves out rows that are there already (ON CONFLICT DO NOTHING) instead of failing.
  bool skip_conflicts = false;
};

// What can be done inside a transaction, and (reading) outside of one.
class Reader {
 public:
  virtual core::Status Query(Statement statement, Params params, const VisitRow& visit) = 0;

  core::Status Query(Statement statement, std::initializer_list<Param> params,
                     const VisitRow& visit) {
    return Query(statement, Params(params.begin(), params.size()), visit);
  }

 protected:
  ~Reader() = default;
};

// After an error of a statement (not of a visitor) nothing more can be done in a transaction: all
// that follows gives the same error, and so does Write.
class Transaction : public Reader {
 public:
  using Reader::Query;
  // Returns how many rows were written.
  virtual core::Result<std::int64_t> Run(Statement statement, Params params) = 0;
  virtual core::Status Insert(const Bulk& rows) = 0;
  virtual Engine engine() const = 0;

  // Runs `statement`, which gives no rows, once for every row of `params` parameters, without
  // waiting for one before the next is sent. Returns how many rows were written in all.
  virtual core::Result<std::int64_t> RunEach(Statement statement, std::size_t params,
                                             const NextRow& next);
  // Waits until no other transaction of any process holds `name`, and holds it to the end: for what
  // is read first and then written. (A single statement that says when it applies, `UPDATE … WHERE
  // left >= $1`, needs none.)
  virtual core::Status Lock(std::string_view name);

  core::Result<std::int64_t> Run(Statement statement, std::initializer_list<Param> params) {
    return Run(statement, Params(params.begin(), params.size()));
  }

 protected:
  ~Transaction() = default;
};

using Work = std::function<core::Status(Transaction&)>;

class Sql : public Reader {
 public:
  virtual ~Sql() = default;
  using Reader::Query;  // of one consistent state, beside writers

  // Runs `work` in a transaction: all of it or nothing. An error of `work` takes everything back
  // and is returned. `work` may be run again when the engine had to break it off, so it has no
  // effects outside. It may be run by the thread of another writer, and does not write to this
  // database but through its transaction. Readers never hold it up. With SQLite one writes at a
  // time; with PostgreSQL each statement sees what others have committed before it (see Lock).
  // kUnavailable may also mean that the connection broke in the commit: the message says so, and
  // nobody knows whether it was written.
  virtual core::Status Write(const Work& work) = 0;

  // The same for changes of the database's form: alone among all processes that use the database,
  // and without a limit on a statement's time.
  virtual core::Status Change(const Work& work) { return Write(work); }

  virtual Engine engine() const = 0;
  // For people: "SQLite ./data/signalbox.db", "PostgreSQL db.example:5432/signalbox".
  virtual std::string Name() const = 0;
};

}  // namespace signalbox::store
