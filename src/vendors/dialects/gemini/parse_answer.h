// A whole answer of generateContent.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol for what is no answer.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/response.h"
#include "vendors/dialects/gemini/call_ids.h"

namespace signalbox::gemini {

core::Result<chat::Response> ParseAnswer(const json::Value& body);

// promptFeedback.blockReason: the prompt was refused, and there are no candidates.
bool IsBlocked(const json::Value& answer);

// Seconds since 1970 of "2026-03-21T18:11:27.235482Z"; nullopt when it is no such time.
std::optional<std::int64_t> SecondsOf(std::string_view time);

}  // namespace signalbox::gemini
