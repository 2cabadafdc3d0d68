// What a caller may ask for, as its grant says.
//
// Pure. Owner: nobody. Threads: any. Cancel: nothing waits.
// Errors:  kForbidden that names what is not allowed and who can change it; for requests of the
//          class `sensitive` it says that only local models take them.
#pragma once

#include "base/core/error.h"
#include "pipeline/gateway/lineup.h"
#include "pipeline/request/call.h"
#include "pipeline/request/principal.h"

namespace signalbox::gateway {

// Whether the caller may speak the call's dialect.
core::Status CheckDialect(const request::Principal& principal, const request::Call& call);

// Whether the caller may use `target`, which `asked` led to. A name that is allowed takes along
// whatever it leads to (an alias is the operator's own); any other leads only to allowed models.
core::Status CheckTarget(const request::Principal& principal, std::string_view asked,
                         const execution::Target& target, const Lineup& lineup);

// Those of `targets` that the caller may use, in `kept` when they are not all of them; the first
// one's error when there are none.
core::Result<std::span<const execution::Target>> Permitted(
    std::span<const execution::Target> targets, const request::Principal& principal,
    std::string_view asked, const Lineup& lineup, std::vector<execution::Target>& kept);

}  // namespace signalbox::gateway
