// Images and documents as blocks, without the braces.
//
// Owner: the caller. Threads: any. Errors: none; CheckMedia says beforehand what has no form.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::anthropic {

void RenderMedia(const chat::Media& media, bool own, json::Writer& out);

// Fails for a document whose bytes are neither a PDF nor a text, with `path` as the field.
core::Status CheckMedia(const chat::Media& media, const std::string& path);

}  // namespace signalbox::anthropic
