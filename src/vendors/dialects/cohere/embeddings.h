// Embeddings in Cohere's form, both ways.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field; kUpstreamProtocol when it is no answer.
// Cancel: nothing to undo.
//
// Of several embedding types the float or Base64 one is the canonical vector; the others are in the
// vector's extra under their names. Pictures are in the request's extra, and there are no inputs
// then.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);

core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

}  // namespace signalbox::cohere
