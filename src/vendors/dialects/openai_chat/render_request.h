// Canonical requests into OpenAI Chat's form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field which this dialect cannot express.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});

// Inputs that are no text are refused.
core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);

}  // namespace signalbox::openai_chat
