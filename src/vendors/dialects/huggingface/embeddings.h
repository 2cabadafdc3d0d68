// Feature extraction: {"inputs":…} and a list of vectors.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field; kUpstreamProtocol when it is no answer: a model
// that gives a vector for each token is none of texts. Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);
core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

}  // namespace signalbox::huggingface
