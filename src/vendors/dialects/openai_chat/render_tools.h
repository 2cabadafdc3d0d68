// Tools and the form of the answer, into OpenAI Chat's form.
//
// Owner: RenderRequest. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

// Each writes its member, or nothing when it is unset.
void RenderTools(const std::vector<chat::Tool>& tools, bool own, json::Writer& out);
void RenderResponseFormat(const chat::ResponseFormat& format, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
