// The parts of one choice, before stop sequences and bounds. Only for answerer.cc.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>

#include "vendors/chat/request.h"
#include "vendors/chat/response.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

void ComposeScripted(const ScriptedAnswer& answer, std::uint64_t draw, chat::Choice& choice);

// By tool choice, response format and model, in this order.
void Compose(const chat::Request& request, const std::string& prompt, std::uint64_t draw,
             chat::Choice& choice);

}  // namespace signalbox::sim
