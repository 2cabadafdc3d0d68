// Tools, the choice among them and the form of the answer, into Cohere's form.
//
// Owner: RenderRequest. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Cohere has no choice of certain tools: the others are not offered, and with one that must be
// called the choice is REQUIRED. Strictness is for all tools or for none, and asks for at least one
// required argument of each; elsewhere it is left out, and named in `dropped`.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::cohere {

// The members `tools`, `tool_choice` and `strict_tools`.
void RenderTools(const chat::Request& request, bool own, json::Writer& out,
                 std::vector<std::string>& dropped);
void RenderResponseFormat(const chat::ResponseFormat& format, bool own, json::Writer& out);

}  // namespace signalbox::cohere
