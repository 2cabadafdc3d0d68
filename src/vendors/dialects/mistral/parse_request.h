// Requests of Mistral's clients into the canonical form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest; `param` is the path of the field, e.g. "messages[2].content[0].type".
// Cancel: nothing to undo.
// Source: Mistral's OpenAPI; the models of its Python and TypeScript SDKs.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"

namespace signalbox::mistral {

core::Result<chat::Request> ParseRequest(const json::Value& body);

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);

}  // namespace signalbox::mistral
