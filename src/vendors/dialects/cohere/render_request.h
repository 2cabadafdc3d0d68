// Canonical chat requests into Cohere's form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field which Cohere cannot express.
// Cancel: nothing to undo.
#pragma once

#include "base/core/error.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});

}  // namespace signalbox::cohere
