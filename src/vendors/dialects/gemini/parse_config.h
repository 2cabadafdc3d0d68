// generationConfig: sampling, the form of the answer, thinking.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path from generationConfig.
// Cancel: nothing to undo.
//
// Members without a place of their own go to the request's extra as "generationConfig.<name>".
#pragma once

#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::gemini {

inline constexpr std::string_view kConfigPrefix = "generationConfig.";

core::Status ParseConfig(const json::Value& value, chat::Request& out);

}  // namespace signalbox::gemini
