// Whole answers of Anthropic Messages, both ways.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kUpstreamProtocol for what is no message; kUpstreamFailed for an error with status 200.
// Cancel:  nothing to undo.
//
// Why a model declined stands beside the content (stop_details); it is also a Refusal part, for
// dialects that have a word for it. What has no place of its own (container, context_management)
// is the answer's extra.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/response.h"

namespace signalbox::anthropic {

core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);

// The words of stop_details' explanation; empty when there is none.
std::string ExplanationIn(const json::Value& stop_details);
// The id of a message that came without one.
std::string_view MessageId(std::string_view id);

}  // namespace signalbox::anthropic
