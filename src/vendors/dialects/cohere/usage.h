// Usage in Cohere's form, both ways, and what of it is billed.
//
// Owner: the caller. Threads: any. Errors: none; what is no count is not stated.
// Cancel: nothing to undo.
//
// `tokens` are what went through the model, Cohere's own prompt around ours included, and are what
// the canonical counts say; `billed_units` are what is paid for, fewer, and stay in the extra.
// Where only these are stated (embed, rerank) they are both. A part of `tokens` may be cached; of
// what is billed that is not said.
#pragma once

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/response.h"

namespace signalbox::cohere {

// The `usage` of a chat.
chat::UsageReport ParseUsage(const json::Value& usage);
// The `meta` of everything else; it stands whole in the extra.
chat::UsageReport ParseMeta(const json::Value& meta);

// Only what is billed.
chat::Usage BilledOf(const chat::UsageReport& usage);

// `own`: the usage came in this dialect, so that its extras go out too.
void RenderUsage(const chat::UsageReport& usage, bool own, json::Writer& out);
void RenderMeta(const chat::UsageReport& usage, bool own, json::Writer& out);

}  // namespace signalbox::cohere
