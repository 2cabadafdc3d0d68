// One text out of all system prompts, for vendors with a field of its own for it.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/chat/request.h"

namespace signalbox::chat {

// Takes all system and developer messages out of `request` and returns their texts in order, joined
// by a blank line. Empty ones add nothing; empty when there is none.
std::string LiftSystemPrompts(Request& request);

}  // namespace signalbox::chat
