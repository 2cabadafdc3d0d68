// What a request says about how to answer: options, format, think, tools.
//
// Owner: the parsers of this folder. Threads: any. Errors: as wire/fields.h has them.
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::ollama {

core::Status ReadOptions(const json::Value& value, chat::Request& out);
// "json", a schema, or "" for nothing.
core::Status ReadFormat(const json::Value& value, chat::ResponseFormat& out);
// true, false, or how hard.
core::Status ReadThink(const json::Value& value, chat::ReasoningOptions& out);
core::Status ReadTools(const json::Value& value, std::vector<chat::Tool>& out);

}  // namespace signalbox::ollama
