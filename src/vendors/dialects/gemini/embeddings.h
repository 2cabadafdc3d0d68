// embedContent, batchEmbedContents and Vertex AI's predict.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of the field; kUpstreamProtocol for an answer
//         that is none.
// Cancel: nothing to undo.
//
// The Gemini API is always asked for a batch. A request whose inputs differ in their purpose or
// size is refused: there is one of each for all of them.
#pragma once

#include "base/json/document.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request,
                                                            Host host);
core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
// {"embedding": …} for an answer to an input that was no list, {"embeddings": …} for others.
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response, Host host);

}  // namespace signalbox::gemini
