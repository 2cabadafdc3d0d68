// usageMetadata, both ways.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Google counts thoughts and the prompts of its own tools beside promptTokenCount and
// candidatesTokenCount; canonical input and output hold them.
#pragma once

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::gemini {

chat::UsageReport ParseUsage(const json::Value& usage);
// The tier that an answer was served in, in canonical words; empty when it is not told.
std::string TierOf(const json::Value& usage);

void RenderUsage(const chat::UsageReport& usage, bool own, json::Writer& out);

}  // namespace signalbox::gemini
