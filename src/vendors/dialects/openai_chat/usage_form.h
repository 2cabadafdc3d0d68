// Usage in OpenAI Chat's form, both ways.
//
// Owner: the caller. Threads: any. Errors: none; what is no count is not stated.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/catalog/bill.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

// The tokens of a `usage` object.
chat::Usage ReadTokens(const json::Value& usage);

// The whole of a `usage` object.
chat::UsageReport ParseUsage(const json::Value& usage);

// What `later` states takes the place of what `sum` does: streams report bit by bit.
void AddReport(const chat::UsageReport& later, chat::UsageReport& sum);

// What a report says that a call used and cost, in the service tier that the vendor names.
catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view service_tier);

// `own`: the usage came in this dialect, so that its extras go out too.
void RenderUsage(const chat::UsageReport& usage, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
