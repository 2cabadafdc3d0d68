// tools and toolConfig.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path from the member.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::gemini {

inline constexpr std::string_view kToolsPrefix = "toolConfig.";
inline constexpr std::string_view kCallingPrefix = "toolConfig.functionCallingConfig.";

// Functions one by one, in order; the tools that Google runs as raw ones.
core::Status ParseTools(const json::Value& value, std::vector<chat::Tool>& out);
core::Status ParseToolConfig(const json::Value& value, chat::Request& out);

}  // namespace signalbox::gemini
