// Tool results that do not say which call they answer, as Mistral allows: they answer the calls
// before them, by name or in their order.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest at `tool_call_id` when no call is left to be answered.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "vendors/chat/message.h"

namespace signalbox::openai_chat {

// Completes the last message, which is a tool's result.
core::Status CompleteResult(std::vector<chat::Message>& messages);

}  // namespace signalbox::openai_chat
