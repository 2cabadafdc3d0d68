// Whole chat answers in Cohere's form, both ways.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol when it is no answer; kUpstreamFailed with the vendor's words when it
// is an error in the clothes of a 200. Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/response.h"

namespace signalbox::cohere {

core::Result<chat::Response> ParseAnswer(const json::Value& body);

std::string RenderAnswer(const chat::Response& response);

}  // namespace signalbox::cohere
