// Tools and the form of the answer: requests of Responses out. Internal.
//
// Owner: the renderers of this folder. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_responses {

void RenderTools(const std::vector<chat::Tool>& tools, bool own, json::Writer& out);
// `text`: the format of the answer and its verbosity.
void RenderTextOptions(const chat::Request& request, bool own, json::Writer& out);

}  // namespace signalbox::openai_responses
