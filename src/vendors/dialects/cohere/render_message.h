// Messages into Cohere's form.
//
// Owner: the caller. Threads: any.
// Errors: none; features.h has said before what cannot be written. Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/chat/response.h"

namespace signalbox::cohere {

// The value of `messages`. Each tool result is a message of its own; pictures in results follow all
// of them as a user's. Of the thoughts that came in another dialect those before a call are the
// plan, unless their maker signed them; the paths of the others go to `dropped`.
void RenderMessages(const chat::Request& request, bool own, json::Writer& out,
                    std::vector<std::string>& dropped);

// The value of `message` of an answer. Here the thoughts of every vendor are thoughts.
void RenderAnswerMessage(const chat::Choice& choice, bool own, json::Writer& out);

}  // namespace signalbox::cohere
