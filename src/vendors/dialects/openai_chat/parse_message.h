// A message in OpenAI Chat's form, of a request or of an answer.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the message on.
// Cancel: nothing to undo.
//
// The parts come in the order of thought: reasoning, content, refusal, audio, tool calls.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/message.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {

// Lenient: a message of an answer; it needs no role, and odd members go to its extra.
core::Status ParseMessage(const json::Value& message, wire::Strictness strictness,
                          chat::Message& out);

}  // namespace signalbox::openai_chat
