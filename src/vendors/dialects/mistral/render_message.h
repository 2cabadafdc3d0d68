// Messages into Mistral's form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest for a part of another vendor's own kind. Cancel: nothing to undo.
//
// In what came from elsewhere, what Mistral's order of turns asks for is put in: a short word of
// the assistant between a tool's result and a user's message, and `prefix` where the assistant has
// the last word.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/mistral/own_members.h"

namespace signalbox::mistral {

// The value of `messages`. The paths of thoughts that another vendor has signed go to `dropped`.
core::Status RenderMessages(const chat::Request& request, Source source, json::Writer& out,
                            std::vector<std::string>& dropped);

}  // namespace signalbox::mistral
