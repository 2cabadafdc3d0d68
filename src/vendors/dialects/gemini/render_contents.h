// systemInstruction and contents.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of a result that answers no call.
// Cancel: nothing to undo.
//
// What came in this dialect keeps its turns. Of what came in another one, turns of one speaker that
// follow each other become one: Gemini wants all results of parallel calls in one content, in the
// order of the calls where those have no ids.
#pragma once

#include <optional>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/gemini/names.h"

namespace signalbox::gemini {

core::Status RenderContents(const chat::Request& request, const ModelFacts& facts,
                            json::Writer& out);

}  // namespace signalbox::gemini
