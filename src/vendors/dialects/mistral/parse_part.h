// An element of a content list out of Mistral's form: documents, files and audio, which stand there
// in other words than OpenAI Chat's, and what stands there in the same.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"

namespace signalbox::mistral {

core::Result<chat::Part> ParsePart(const json::Value& part);

}  // namespace signalbox::mistral
