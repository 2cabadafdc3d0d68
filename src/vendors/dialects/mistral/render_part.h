// The pieces of a message into Mistral's form.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string_view>

#include "base/json/writer.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/mistral/own_members.h"

namespace signalbox::mistral {

// Of a text or a refusal; else empty. Valid as long as the part.
std::string_view TextIn(const chat::Part& part);

// An element of a content list.
void RenderPart(const chat::Part& part, Source source, json::Writer& out);

}  // namespace signalbox::mistral
