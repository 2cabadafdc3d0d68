// What OpenAI Chat has no words for.
//
// Owner: RenderRequest. Threads: any. Errors: kInvalidRequest that names the field.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

// Fails on what must not be left out; collects the paths of what may.
core::Status CheckExpressible(const chat::Request& request, std::vector<std::string>& dropped);

}  // namespace signalbox::openai_chat
