// Whole answers in Mistral's form. Everything but where thoughts stand is OpenAI Chat's, and of
// other vendors' answers what Mistral's clients demand: an id, usage, calls of functions with
// arguments, Mistral's words for why it ended, a refusal that is a text.
//
// Owner: the caller. Threads: any. Errors: kUpstreamProtocol for an answer that is none.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/response.h"

namespace signalbox::mistral {

core::Result<chat::Response> ParseAnswer(const json::Value& body);
std::string RenderAnswer(const chat::Response& response);

core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body);
std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

}  // namespace signalbox::mistral
