// The pieces of a message out of Cohere's form: content, calls, citations.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"

namespace signalbox::cohere {

// `content`: a text or a list of parts. Sets `listed` for a list.
core::Status ParseContent(const json::Value& content, std::vector<chat::Part>& out, bool& listed);

// One element of `tool_calls`.
core::Status ParseToolCall(const json::Value& call, chat::Part& out);

// One element of `citations`.
core::Status ParseCitation(const json::Value& citation, chat::Citation& out);

// What a document says, for a reader who has no documents: its text, or its fields as JSON.
std::string TextOfDocument(const json::Value& document);

// Cohere writes "null", null or nothing where a call has no arguments: {}.
std::string ArgumentsOf(std::string text);

}  // namespace signalbox::cohere
