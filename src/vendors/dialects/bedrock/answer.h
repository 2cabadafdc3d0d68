// A whole answer, in and out.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol for what is no answer of Converse.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/response.h"

namespace signalbox::bedrock {

core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);

}  // namespace signalbox::bedrock
