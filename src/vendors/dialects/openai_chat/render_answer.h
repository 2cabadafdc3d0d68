// Canonical answers into OpenAI Chat's form.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Members that OpenAI always writes are always written; a created of nobody is left out.
#pragma once

#include <string>

#include "vendors/chat/embeddings.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

std::string RenderAnswer(const chat::Response& response);

std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response);

}  // namespace signalbox::openai_chat
