// A generateContent request, and the request to count its tokens.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of the field, for what a caller wrote.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::gemini {

// The model is in the URL, and so is whether the answer streams: both stay unset, unless the body
// names the model too.
core::Result<chat::Request> ParseRequest(const json::Value& body);

// {"contents": …} with what Vertex AI takes beside it, or {"generateContentRequest": {…}}.
core::Result<chat::Request> ParseCountRequest(const json::Value& body);

}  // namespace signalbox::gemini
