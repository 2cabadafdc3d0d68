// Embeddings by InvokeModel, in the forms of Amazon Titan and of Cohere.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest for what the model's form cannot say; kUpstreamProtocol for an answer
// that is none.
// Cancel: nothing to undo.
//
// The model's id says which form a request takes. Titan takes one text a call.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);
core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

}  // namespace signalbox::bedrock
