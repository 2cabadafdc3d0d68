// Whole answers between Ollama's form and the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol when it is no answer; kUpstreamFailed with the vendor's words when it
// is an error in the clothes of a 200. Cancel: nothing to undo.
//
// Either form is understood. The time of an answer stays in its extra as "created_at", as it was
// written. A reason of "stop" beside calls is kToolCalls.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/response.h"
#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/frame.h"

namespace signalbox::ollama {

core::Result<chat::Response> ParseAnswer(const json::Value& body);

std::string RenderAnswer(const chat::Response& response, Form form);

chat::FinishReason FinishNamed(std::string_view word, bool calls);
std::string_view FinishName(chat::FinishReason reason);

// The time that a frame tells, in seconds since 1970.
std::optional<std::int64_t> TimeOf(const Frame& frame);

}  // namespace signalbox::ollama
