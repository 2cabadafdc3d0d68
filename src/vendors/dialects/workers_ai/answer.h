// Whole answers between Workers AI's forms and the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol when it is no answer; kUpstreamFailed with the vendor's words when it
// is an error in the clothes of a 200. Cancel: nothing to undo.
//
// {"result":…,"success":…} or the result alone; and that in Workers AI's own words, in OpenAI
// Chat's, or in those of its Responses. An answer goes back out in the form that it came in; one
// from elsewhere in Workers AI's own, or in OpenAI Chat's when it thinks or has several choices.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/response.h"

namespace signalbox::workers_ai {

core::Result<chat::Response> ParseAnswer(const json::Value& body);

std::string RenderAnswer(const chat::Response& response);

}  // namespace signalbox::workers_ai
