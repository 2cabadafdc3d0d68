// What a call used, in Anthropic's words.
//
// Owner: the caller. Threads: any. Errors: none; what is no count states nothing.
// Cancel: nothing to undo.
//
// Anthropic's input_tokens leaves out what was read from the prompt cache and written to it;
// canonical input counts it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/catalog/bill.h"
#include "vendors/chat/response.h"

namespace signalbox::anthropic {

// Takes what `usage` states into `report`, which may hold what an earlier frame stated: a stream
// says some of it at its start and some at its end. `tier`: the service tier, where it is stated.
void TakeUsage(const json::Value& usage, chat::UsageReport& report, std::string& tier);

// `tier` empty: not stated.
void RenderUsage(const chat::UsageReport& usage, std::string_view tier, bool own,
                 json::Writer& out);
// The cumulative figures of a stream's message_delta.
void RenderDeltaUsage(const chat::UsageReport& usage, bool own, json::Writer& out);

catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier);
// Of a whole answer: finds its usage without reading the rest, where that stands out.
std::optional<catalog::Bill> ReadBill(std::string_view answer, json::Document& document);

}  // namespace signalbox::anthropic
