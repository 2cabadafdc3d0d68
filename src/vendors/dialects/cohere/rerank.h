// Ranking in Cohere's form, both ways, with what Jina, Together, Voyage, Bedrock and Vertex add to
// it or call otherwise.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field; kUpstreamProtocol when it is no answer.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/rerank.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

// Documents are texts, or objects with a `text`; of another object its JSON is the text.
core::Result<chat::RerankRequest> ParseRerankRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderRerankRequest(const chat::RerankRequest& request);

core::Result<chat::RerankResponse> ParseRerankAnswer(const json::Value& body);
std::string RenderRerankAnswer(const chat::RerankResponse& response);

}  // namespace signalbox::cohere
