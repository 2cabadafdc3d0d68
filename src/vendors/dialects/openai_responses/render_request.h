// The canonical request in the form of OpenAI Responses.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kInvalidRequest whose `param` is the path of what this API has no word for.
// Cancel:  nothing to undo.
//
// From elsewhere: nothing is stored unless the request says so, and tools are not strict, because
// both are the other way round here when they are not stated.
#pragma once

#include "base/core/error.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_responses {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});

}  // namespace signalbox::openai_responses
