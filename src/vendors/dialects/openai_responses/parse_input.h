// `input` and `instructions` into messages, one assistant's message per turn. Internal.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path inside the input.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/message.h"

namespace signalbox::openai_responses {

core::Status ParseInput(const json::Value& input, std::vector<chat::Message>& out);

}  // namespace signalbox::openai_responses
