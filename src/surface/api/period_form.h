// Stretches of time as they are asked for: `since` and `until`, each a moment or a time before now.
//
// Owner: nobody, they are functions. Threads: any. Errors: kInvalidRequest that names the
// parameter. Cancel: nothing to undo.
#pragma once

#include <string>

#include "pipeline/ledger/usage_query.h"
#include "surface/api/asked.h"
#include "surface/api/scope.h"

namespace signalbox::api {

inline constexpr const char* kSinceDoc =
    "From when on: a moment in UTC, or a time before now such as 7d.";
inline constexpr const char* kUntilDoc = "Until when, in the same way; left out: now.";

// `since` left out: seven days ago.
core::Result<ledger::Period> PeriodOf(const Asked& asked, const std::string& since,
                                      const std::string& until);

// Whose rows: the caller's tenant's; for a caller of the installation everybody's, or those of the
// tenant that is asked for.
core::Result<ledger::Scope> LedgerScopeOf(const Asked& asked);

// kUnavailable where records are not kept in a store.
core::Result<store::Sql*> RecordsOf(const Asked& asked);

}  // namespace signalbox::api
