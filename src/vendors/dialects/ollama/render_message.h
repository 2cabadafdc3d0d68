// Messages into Ollama's form.
//
// Owner: the caller. Threads: any.
// Errors: none; expressible.h has said before what cannot be written. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"

namespace signalbox::ollama {

// One message of `request` as one or more elements of `messages`: each tool result is a message of
// its own, before the rest.
void RenderMessages(const chat::Request& request, const chat::Message& message, bool own,
                    json::Writer& out);

// All texts, refusals among them, with `between` between them.
std::string TextOf(const std::vector<chat::Part>& parts, std::string_view between);

// `images`, when there are any.
void RenderImages(const std::vector<chat::Part>& parts, json::Writer& out);

}  // namespace signalbox::ollama
