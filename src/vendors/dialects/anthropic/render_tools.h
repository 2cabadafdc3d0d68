// Tools and the choice among them in Anthropic's form.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::anthropic {

// "tools" and "tool_choice", where there are any. `strict`: the model takes strict tools; where it
// does not, they are named in `dropped`. A choice of some tools sends no others.
void RenderTools(const chat::Request& request, bool own, bool strict,
                 std::vector<std::string>& dropped, json::Writer& out);

}  // namespace signalbox::anthropic
