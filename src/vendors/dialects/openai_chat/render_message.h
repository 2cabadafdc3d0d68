// Messages into OpenAI Chat's form.
//
// Owner: the caller. Threads: any.
// Errors: none; expressible.h has said before what cannot be written. Cancel: nothing to undo.
#pragma once

#include "base/json/writer.h"
#include "vendors/chat/message.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

// One message of a request as one or more elements of `messages`: each tool result is a message of
// its own, before the rest. Thoughts that came in another dialect stay out.
void RenderMessages(const chat::Message& message, bool own, json::Writer& out);

// The value of `message` of a choice of an answer.
void RenderAnswerMessage(const chat::Choice& choice, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
