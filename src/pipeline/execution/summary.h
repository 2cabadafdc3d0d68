// What a caller is told when everything failed: each attempt with its provider, model and
// error, and what was not even tried, with the reason.
//
// Pure; called once, when the machine says kGiveUp.
#pragma once

#include "base/core/error.h"
#include "pipeline/execution/machine.h"

namespace signalbox::execution {

// `action` is the machine's kGiveUp. The code is that of the attempts when they agree (all limited,
// all too slow, none reached); retry_after is set when it is known when to ask again.
core::Error Summarise(const Machine& machine, const Action& action, core::MonoTime now);

}  // namespace signalbox::execution
