// Requests in Ollama's form into the canonical one.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest whose `param` is the path of the field.
// Cancel: nothing to undo.
//
// `stream` is true when absent. Options without a canonical field go to the request's extra as
// "options.<name>". Of a generate request `system` and `prompt` are messages; `suffix` and
// `context` are raw parts, because no other vendor could leave them out and be right.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::ollama {

inline constexpr std::string_view kOptionPrefix = "options.";
inline constexpr std::string_view kSuffix = "suffix";
inline constexpr std::string_view kContext = "context";

core::Result<chat::Request> ParseChat(const json::Value& body);
core::Result<chat::Request> ParseGenerate(const json::Value& body);

}  // namespace signalbox::ollama
