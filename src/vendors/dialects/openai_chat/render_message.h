// Messages into OpenAI Chat's form.
//
// Owner: the caller. Threads: any.
// Errors: none; the feature table has said before what cannot be written. Cancel: nothing to undo.
#pragma once

#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/message.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

// The value of `messages`. Each tool result is a message of its own, before the rest of its turn.
// From another dialect: thoughts stay out; media of results, and pictures that a model made, for
// which there is no place, follow in a user's message.
// `instruction`, if any, is a system message before them.
void RenderMessages(const std::vector<chat::Message>& messages, bool own,
                    std::string_view instruction, json::Writer& out);

// The value of `message` of a choice of an answer.
void RenderAnswerMessage(const chat::Choice& choice, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
