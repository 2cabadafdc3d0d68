// What became of a request, from the ledger: its attempts, what they used, what it cost.
//
// Owner: nobody, it is a function. Threads: any that may block: it asks the store and reads files.
// Errors: the store's, where the files do not know the request either. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>

#include "base/core/error.h"
#include "base/core/ids.h"
#include "pipeline/ledger/usage_query.h"
#include "surface/api/scope.h"

namespace signalbox::api {

// Where a request's attempts are written down.
struct StorySources {
  store::Sql* records = nullptr;  // settled attempts, as long as they are kept; null: there is none
  std::string data;               // the directory of the journal and its archive
};

// {"request_id":…,"outcome":…,"cost_usd":…,"attempts":[…]}; the outcome is that of the last
// attempt, "open" while it runs, and the cost null as long as that of any attempt is not known.
// The store is asked first; the files where it knows nothing, or where the request is so young that
// an attempt may be under way. nullopt: there is no such request, or it is outside of `scope`.
core::Result<std::optional<std::string>> TellRequest(const StorySources& from,
                                                     core::RequestId request, const Scope& scope,
                                                     core::WallTime now);

}  // namespace signalbox::api
