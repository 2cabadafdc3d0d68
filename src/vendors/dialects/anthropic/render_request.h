// A canonical request as one to Anthropic Messages, or to its counting of tokens.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kInvalidRequest whose `param` is the path of what Claude has no word for (features.h).
// Cancel:  nothing to undo.
//
// A request that came in this dialect goes out as it was, but for a bound on output where it stated
// none and for thoughts that nobody signed, which are left out and named.
#pragma once

#include "base/core/error.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms);
// The prompt, its tools and how it is thought about: nothing about the answer.
core::Result<wire::RenderedRequest> RenderCountRequest(const chat::Request& request);

}  // namespace signalbox::anthropic
