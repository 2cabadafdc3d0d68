// Messages of a chat request out of Ollama's form.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
//
// The parts come in the order of thought: thinking, text, pictures, calls. Calls without an id get
// one by their place, and a result without one takes that of the call it answers: of the same name,
// else the next that has no result.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/message.h"

namespace signalbox::ollama {

core::Status ReadMessages(const json::Value& value, std::vector<chat::Message>& out);

// `images`
core::Status ReadImages(const json::Value& value, std::vector<chat::Part>& out);

}  // namespace signalbox::ollama
