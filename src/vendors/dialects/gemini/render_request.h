// A generateContent request, and the request to count its tokens.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` names what Google has no word for.
// Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request, Host host,
                                                  const wire::RequestTerms& terms = {});

// The Gemini API counts contents, or a whole request when there is more than those; Vertex AI has
// the members of the request beside each other.
core::Result<wire::RenderedRequest> RenderCountRequest(const chat::Request& request, Host host);

}  // namespace signalbox::gemini
