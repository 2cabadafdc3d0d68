// Canonical requests into Mistral's form: only members that its server knows.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field which Mistral cannot express.
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::mistral {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);

}  // namespace signalbox::mistral
