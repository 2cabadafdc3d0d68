// Requests in OpenAI Chat's form into the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest; `param` is the path of the field, e.g. "messages[2].content[0].type".
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

core::Result<chat::Request> ParseRequest(const json::Value& body);

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body);

}  // namespace signalbox::openai_chat
