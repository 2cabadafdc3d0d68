// The contents of messages and of tools' results. Internal.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path inside the content.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_responses {

// A text, or a list of contents (`listed`). A content of an unknown kind is a RawPart.
core::Status ParseContents(const json::Value& value, std::vector<chat::Part>& out, bool& listed);

core::Result<chat::Part> ParseContent(const json::Value& content);

chat::Citation ParseAnnotation(const json::Value& annotation);

// Logprobs as OpenAI Chat has them.
chat::RawJson ChatLogprobs(std::string_view list);

}  // namespace signalbox::openai_responses
