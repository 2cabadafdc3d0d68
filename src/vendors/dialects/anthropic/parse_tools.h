// Tools and the choice among them, as canonical ones.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest that names the member. Cancel: nothing
// to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::anthropic {

// A tool with a type of its own (web_search_…, bash_…) is kRaw.
core::Status ParseTools(const json::Value& tools, std::vector<chat::Tool>& out);

// Also sets parallel_tool_calls.
core::Status ParseToolChoice(const json::Value& choice, chat::Request& out);

}  // namespace signalbox::anthropic
