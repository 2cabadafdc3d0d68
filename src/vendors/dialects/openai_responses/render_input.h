// Messages into `instructions` and `input`. Internal.
//
// Owner: the renderers of this folder. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_responses {

// Writes both members. Collects the paths of thoughts that only their own vendor can read.
void RenderInput(const chat::Request& request, bool own, json::Writer& out,
                 std::vector<std::string>& dropped);

}  // namespace signalbox::openai_responses
