// Embeddings and rankings between Workers AI's form and the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field; kUpstreamProtocol when it is no answer;
// kUpstreamFailed with the vendor's words for an error in the clothes of a 200.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/rerank.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

// {"text":…} and {"result":{"shape":[…],"data":[[…]],"pooling":…}}
core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);
core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

// {"query":…,"contexts":[{"text":…}],"top_k":…} and {"result":{"response":[{"id":…,"score":…}]}}
core::Result<chat::RerankRequest> ParseRerankRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderRerankRequest(const chat::RerankRequest& request);
core::Result<chat::RerankResponse> ParseRerankAnswer(const json::Value& body);
std::string RenderRerankAnswer(const chat::RerankResponse& response);

}  // namespace signalbox::workers_ai
