// What became of a request, from the ledger: its attempts, what they used, what it cost.
//
// Owner: nobody, it is a function. Threads: any; it reads files, so it belongs to the pool.
// Errors: the ledger's. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>

#include "base/core/error.h"
#include "base/core/ids.h"
#include "pipeline/ledger/usage_query.h"
#include "surface/api/scope.h"

namespace signalbox::api {

// {"request_id":…,"outcome":…,"cost_usd":…,"attempts":[…]}; the outcome is that of the last
// attempt, "open" while it runs, and the cost null as long as that of any attempt is not known.
// nullopt: there is no such request, or it is outside of `scope`.
core::Result<std::optional<std::string>> TellRequest(const std::string& data_directory,
                                                     core::RequestId request, const Scope& scope);

// The same from the store, which keeps settled attempts longer than the journal does.
core::Result<std::optional<std::string>> TellStored(store::Sql& sql, core::RequestId request,
                                                    const ledger::Scope& scope);

}  // namespace signalbox::api
