// Tools, the choice among them and the form of the answer, into Mistral's form.
//
// Owner: RenderRequest. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::mistral {

// The members `tools` and `tool_choice`. Of a choice of some tools only these are offered. `own`:
// they came in Mistral's form, so that what is no function goes out as it is.
void RenderTools(const chat::Request& request, bool own, json::Writer& out);
void RenderResponseFormat(const chat::ResponseFormat& format, bool own, json::Writer& out);

}  // namespace signalbox::mistral
