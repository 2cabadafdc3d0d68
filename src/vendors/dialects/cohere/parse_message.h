// A message in Cohere's form, of a request or of an answer.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the message on.
// Cancel: nothing to undo.
//
// The parts come in the order of thought: content (thoughts first, as Cohere writes them), the plan
// before the calls, the calls. Citations stand at the text that they are for.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/message.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::cohere {

// Lenient: a message of an answer; it needs no role, and odd members go to its extra.
core::Status ParseMessage(const json::Value& message, wire::Strictness strictness,
                          chat::Message& out);

}  // namespace signalbox::cohere
