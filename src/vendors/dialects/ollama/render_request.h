// Canonical requests into Ollama's form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field which this form cannot express.
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::ollama {

core::Result<wire::RenderedRequest> RenderChat(const chat::Request& request,
                                               const wire::RequestTerms& terms = {});

// A conversation of system prompts and one user message.
core::Result<wire::RenderedRequest> RenderGenerate(const chat::Request& request,
                                                   const wire::RequestTerms& terms = {});

}  // namespace signalbox::ollama
