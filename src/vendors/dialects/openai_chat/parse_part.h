// The pieces of a message out of OpenAI Chat's form: content, parts, tool calls.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_chat {

// `content`: a text or a list of parts. Sets `listed` for a list.
core::Status ParseContent(const json::Value& content, std::vector<chat::Part>& out, bool& listed);

// One element of a content list.
core::Result<chat::Part> ParsePart(const json::Value& part);

// One element of `tool_calls`.
core::Result<chat::Part> ParseToolCall(const json::Value& call);

// One element of `annotations`.
core::Status ParseCitation(const json::Value& annotation, chat::Citation& out);

// Audio that a model spoke: the message's `audio`.
core::Status ParseSpokenAudio(const json::Value& audio, chat::Part& out);

// {"google":{"thought_signature":…}} and nothing else.
core::Status ParseCallSignature(const json::Value& extra_content, std::string& out);

}  // namespace signalbox::openai_chat
