// What is known of one subject, taken out of the ledger: a key, a user, or an end user of
// somebody's application. Its calls stay as calls of nobody, so that totals stay what they were.
//
// Owner:   nobody; functions. Threads: any that may block, for as long as it takes.
// Errors:  the store's; asked again, it goes on. Cancel: between two parts of some hundred rows; a
//          turn ends by itself and says where the next one goes on.
//
// What has not been shipped yet, and the archive's files, keep the name until they are removed
// (ledger.keep): a caller that has to be sure asks again when the backlog is shipped. The caller
// writes it into the audit trail, which itself is not erased. Exporting a subject's calls is
// ExportRequests with a filter.
#pragma once

#include <string>

#include "io/store/sql.h"
#include "pipeline/ledger/request_query.h"

namespace signalbox::ledger {

struct Subject {
  Scope scope;
  Dimension kind = Dimension::kEndUser;  // or kUser, kKey
  std::string value;                     // "user_…", "key_…", or the end user's name
};

// The filter that finds the subject's calls; kInvalidRequest for another kind, or an id that is
// none. A view of `subject`.
core::Result<RequestFilter> FilterOf(const Subject& subject);

// A part of the work.
struct ErasureTurn {
  std::optional<RequestCursor> after;             // where the turn before ended; unset: the first
  std::optional<std::chrono::milliseconds> time;  // no longer than this; unset: all of it
};
struct Erased {
  std::uint64_t calls = 0;
  std::uint64_t sums = 0;             // of its usage; taken last
  std::optional<RequestCursor> next;  // for another turn; unset: there is nothing left
};
core::Result<Erased> Erase(store::Sql& sql, const Subject& subject, core::WallTime now,
                           const ErasureTurn& turn = {});

}  // namespace signalbox::ledger
