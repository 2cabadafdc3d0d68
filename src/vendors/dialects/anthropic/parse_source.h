// Where the content of an image or a document is, and where a citation points.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest that names the member. Cancel: nothing
// to undo.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"

namespace signalbox::anthropic {

// Whether the source of an image or document block is one that ParseSource understands. The others
// ("content": a list of blocks) stay as they are.
bool HasKnownSource(const json::Value& block);

// base64, url, file, and text: a text is the Base64 of its bytes, as text/plain.
core::Status ParseSource(const json::Value& source, chat::Media& out);

}  // namespace signalbox::anthropic
