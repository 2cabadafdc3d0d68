// Which providers can be asked for which operation.
//
// Pure. Errors: kInvalidRequest that says who has it.
#pragma once

#include "base/core/error.h"
#include "pipeline/gateway/lineup.h"
#include "pipeline/request/call.h"

namespace signalbox::gateway {

// Whether speech is to be told in English, at a path of its own.
bool Translates(const request::Call& call);

// The operation that `provider` is asked for in `dialect`: a prompt that stands alone becomes a
// conversation where the upstream has no word for it.
chat::Operation Asked(const request::Call& call, const providers::Provider& provider,
                      const wire::Dialect& dialect);

core::Status CanServe(const providers::Provider& provider, const wire::Dialect& dialect,
                      const request::Call& call);

// Whether the first of `targets` counts tokens itself.
bool CanCount(std::span<const execution::Target> targets, const Lineup& lineup,
              const request::Call& call);

// `error`, with the names of the providers of `lineup` that have the operation, if that is what it
// is about.
core::Error WithThoseThatCan(core::Error error, const Lineup& lineup, const request::Call& call);

}  // namespace signalbox::gateway
