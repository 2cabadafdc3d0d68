// inlineData and fileData.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path from there; only when strict.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::gemini {

core::Status ParseMedia(const json::Value& value, wire::Strictness strictness, chat::Media& out);

}  // namespace signalbox::gemini
