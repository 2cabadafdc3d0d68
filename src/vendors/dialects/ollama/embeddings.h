// Embeddings in Ollama's forms: /api/embed, a text or a list of them; and the older
// /api/embeddings, one prompt and one vector.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field; kUpstreamProtocol when it is no answer.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/dialects/ollama/dialect.h"

namespace signalbox::ollama {

// Either form.
core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);

// In the form of /api/embed.
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response, Form form);

}  // namespace signalbox::ollama
