// Tools, the choice among them and the form of the answer, out of Cohere's form.
//
// Owner: ParseRequest. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::cohere {

core::Status ParseTools(const json::Value& tools, std::vector<chat::Tool>& out);
core::Status ParseToolChoice(const json::Value& choice, chat::ToolChoice& out);
// The schema is `json_schema`, in older requests `schema`.
core::Status ParseResponseFormat(const json::Value& format, chat::ResponseFormat& out);

}  // namespace signalbox::cohere
