// Usage in the form of OpenAI Responses, both ways, and what it costs where the vendor says so.
//
// Owner: the caller. Threads: any. Errors: none; what is no count is not stated.
// Cancel: nothing to undo.
#pragma once

#include <string_view>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/catalog/bill.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_responses {

chat::UsageReport ParseUsage(const json::Value& usage);

// `own`: the usage came in this dialect, so that its extras go out too.
void RenderUsage(const chat::UsageReport& usage, bool own, json::Writer& out);

// xAI states ten-billionths of a dollar, OpenRouter dollars.
catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view service_tier);

}  // namespace signalbox::openai_responses
