// A whole answer of generateContent.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::gemini {

std::string RenderAnswer(const chat::Response& response);

}  // namespace signalbox::gemini
