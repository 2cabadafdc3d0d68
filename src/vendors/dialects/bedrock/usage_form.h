// What an answer used, in and out.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Converse counts cached tokens beside inputTokens: recorded answers add up inputTokens,
// cacheReadInputTokens, cacheWriteInputTokens and outputTokens to totalTokens. The canonical input
// holds all three.
#pragma once

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::bedrock {

chat::UsageReport ParseUsage(const json::Value& usage);
void RenderUsage(const chat::UsageReport& usage, bool own, json::Writer& out);

}  // namespace signalbox::bedrock
