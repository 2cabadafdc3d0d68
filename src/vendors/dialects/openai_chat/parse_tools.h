// Tools and the form of the answer, out of OpenAI Chat's form.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

core::Status ParseTools(const json::Value& tools, std::vector<chat::Tool>& out);
core::Status ParseResponseFormat(const json::Value& format, chat::ResponseFormat& out);

}  // namespace signalbox::openai_chat
