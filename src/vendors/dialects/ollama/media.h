// Pictures as Ollama takes them: Base64 alone, without a media type.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/chat/part.h"

namespace signalbox::ollama {

// A picture out of one element of `images`; its media type is that of its first bytes. A data URL
// is taken apart.
chat::Part ImageOf(std::string base64);

}  // namespace signalbox::ollama
