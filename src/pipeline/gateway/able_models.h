// What a caller is told whose request needs what its model is known to lack.
//
// Pure. Threads: any. Errors: this is one.
#pragma once

#include <string_view>

#include "pipeline/gateway/lineup.h"
#include "vendors/dialects/wire/capable.h"

namespace signalbox::gateway {

// kInvalidRequest: the field, the model and what it cannot do.
core::Error TellLack(const wire::Lack& lack, std::string_view provider, std::string_view model);

// `error`, with names of models that can: of those that are listed for callers, else of the
// provider's own.
core::Error WithModelsThatCan(core::Error error, catalog::Ability ability, std::uint32_t provider,
                              const Lineup& lineup);

}  // namespace signalbox::gateway
