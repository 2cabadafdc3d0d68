// Tools and the form of the answer: requests of Responses in. Internal.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path inside the value.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_responses {

core::Status ParseTools(const json::Value& tools, std::vector<chat::Tool>& out);

// `text`: the format of the answer and its verbosity.
core::Status ParseTextOptions(const json::Value& text, chat::Request& out);

}  // namespace signalbox::openai_responses
