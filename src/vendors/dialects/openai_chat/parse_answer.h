// Whole answers in OpenAI Chat's form into the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kUpstreamProtocol when it is no answer; kUpstreamFailed with the vendor's words when it
// is an error in the clothes of a 200 (OpenRouter). Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

core::Result<chat::Response> ParseAnswer(const json::Value& body);

core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);

}  // namespace signalbox::openai_chat
