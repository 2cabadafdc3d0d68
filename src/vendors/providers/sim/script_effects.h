// The keys of a rule that say what happens to the call. Only for script.cc.
//
// Owner: the program. Threads: read only. Errors: complaints of the reader. Cancel: nothing waits.
#pragma once

#include <span>

#include "vendors/providers/sim/node_reader.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

std::span<const Field<Effects>> EffectFields();

// What one key implies for others, and which do not go together.
void FinishEffects(NodeReader& reader, const Node& rule, Effects& effects);

}  // namespace signalbox::sim
