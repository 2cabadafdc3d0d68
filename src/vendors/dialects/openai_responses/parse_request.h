// A request in the form of OpenAI Responses into the canonical one.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kInvalidRequest whose `param` is the path of the field at fault.
// Cancel:  nothing to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_responses {

core::Result<chat::Request> ParseRequest(const json::Value& body);

}  // namespace signalbox::openai_responses
