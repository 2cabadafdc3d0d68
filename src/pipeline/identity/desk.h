// Where the services of all nouns read and write: one database, one directory to tell.
//
// Owner:   Identity. Threads: any that may block.
// Errors:  as store::Sql and the witness, who keeps a change from being made; kUnavailable from
//          Write also when the change is stored but not every worker has heard of it yet (it will,
//          as soon as the database is there).
// Cancel:  nothing to undo.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "io/store/sql.h"
#include "pipeline/identity/actor.h"
#include "pipeline/identity/asked.h"
#include "pipeline/identity/changes.h"
#include "pipeline/identity/directory.h"

namespace signalbox::identity {

// Whether a change that is stored but not told in time is an error. Not where the answer holds a
// secret that is shown this once.
enum class Telling : std::uint8_t { kMust, kTry };

// Inside a transaction: what it changes.
template <typename T>
using Changing = std::function<core::Result<Change<T>>(store::Transaction&)>;

class Desk {
 public:
  Desk(store::Sql& sql, Directory& directory) : sql_(sql), directory_(directory) {}

  store::Sql& sql() { return sql_; }
  core::Result<Scope> Enter(const Actor& actor) const;
  // Runs `work` in a transaction that also notes the change of `id`, then brings it to every worker
  // of this process. Changes wait for each other: what `work` reads stays true until it is written.
  // The actor's witness is told of the change before it is made.
  template <typename T>
  core::Result<Change<T>> Write(const Actor& actor, ChangeKind kind, const std::string& id,
                                const Changing<T>& work, Telling telling = Telling::kMust) {
    Change<T> change;
    request::Testimony testimony(actor.witness);
    SB_CHECK_OK(testimony.End(Commit(
        kind, id,
        [&](store::Transaction& transaction) -> core::Status {
          SB_TRY(change, work(transaction));
          return {};
        },
        [&] { return testimony.Give(change); })));
    SB_CHECK_OK(Tell(id, telling));
    return change;
  }
  // The same of what Signalbox does by itself.
  core::Status Write(ChangeKind kind, const std::string& id, const store::Work& work,
                     Telling telling = Telling::kMust);

 private:
  // `last` is the last thing before the commit.
  core::Status Commit(ChangeKind kind, const std::string& id, const store::Work& work,
                      const std::function<core::Status()>& last);
  core::Status Tell(const std::string& id, Telling telling);

  store::Sql& sql_;
  Directory& directory_;
};

// kNotFound unless there is the tenant that `scope` is in; the installation itself is there always.
core::Status CheckTenant(store::Reader& reader, const Scope& scope);

// Reads one row; kNotFound for none.
template <typename T, typename Read>
core::Result<T> ReadOne(store::Reader& reader, store::Statement statement,
                        std::initializer_list<store::Param> params, Read read,
                        std::string_view noun) {
  std::optional<T> found;
  SB_CHECK_OK(reader.Query(statement, params, [&](const store::Row& row) -> core::Status {
    found = read(row);
    return {};
  }));
  if (!found) {
    return NotFound(noun);
  }
  return *std::move(found);
}

// The part of a list that one answer looks at.
struct Window {
  std::string after;
  std::string pattern;  // of a search; empty: none
  std::int64_t limit = 0;
  std::int64_t rows = 0;  // that are looked at
};
core::Result<Window> WindowOf(const ListQuery& query);

// A page. `rows` has the parameters tenant, after, rows to look at, most, `filters`…, pattern, and
// yields one more than fit when there are more. `last` has tenant, after, the place of the window's
// last row, `filters`…: it says where a search goes on that found less than a page.
template <typename T, typename Read>
core::Result<Page<T>> ReadPage(store::Reader& reader, const Window& window, store::Statement rows,
                               store::Statement last, std::string_view tenant,
                               std::initializer_list<store::Param> filters, Read read) {
  std::vector<store::Param> params{tenant, std::string_view(window.after)};
  Page<T> page;
  params.insert(params.end(), {window.rows, window.limit + 1});
  params.insert(params.end(), filters);
  params.push_back(window.pattern.empty() ? store::Param() : std::string_view(window.pattern));
  SB_CHECK_OK(reader.Query(rows, store::Params(params), [&](const store::Row& row) -> core::Status {
    page.rows.push_back(read(row));
    return {};
  }));
  if (std::ssize(page.rows) > window.limit) {
    page.rows.resize(static_cast<std::size_t>(window.limit));
    page.next = page.rows.back().id.Text();
  } else if (!window.pattern.empty()) {
    params.resize(2);
    params.push_back(window.rows - 1);
    params.insert(params.end(), filters);
    SB_CHECK_OK(
        reader.Query(last, store::Params(params), [&](const store::Row& row) -> core::Status {
          page.next = row.Text(0);
          return {};
        }));
  }
  return page;
}

}  // namespace signalbox::identity
