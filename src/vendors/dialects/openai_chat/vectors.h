// An embedding in the encoding that a caller asked for.
//
// Owner: the caller. Threads: any. Errors: none; what is neither form stays as it is.
// Cancel: nothing to undo.
#pragma once

#include <string_view>

#include "vendors/chat/raw.h"

namespace signalbox::openai_chat {

// `vector` is a list of numbers, or Base64 of little-endian floats as a JSON string; `encoding` is
// "float", "base64" or empty: as it is.
chat::RawJson InEncoding(const chat::RawJson& vector, std::string_view encoding);

}  // namespace signalbox::openai_chat
