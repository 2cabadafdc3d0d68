// Messages as Workers AI takes them, before openai_chat writes them.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of a picture that was not fetched.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "vendors/chat/request.h"

namespace signalbox::workers_ai {

// A copy: content is never null, texts alone are one text, there is no developer. Of an own
// request the first of these alone.
core::Result<std::vector<chat::Message>> PrepareMessages(const chat::Request& request, bool own);

}  // namespace signalbox::workers_ai
