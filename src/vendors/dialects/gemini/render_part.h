// Writing parts, of requests and of answers.
//
// Owner: the caller. Threads: any.
// Errors: none; what cannot be said is refused before.
// Cancel: nothing to undo.
#pragma once

#include <string_view>

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::gemini {

// The arguments of a call as the object that Google wants. What is no JSON object goes in as
// {"arguments": "<text>"}, so that nothing is lost.
void RenderArguments(std::string_view arguments, json::Writer& out);
// {"functionCall": …} as a part. Ids that we made stay here. `signature` in place of the call's
// own, when that is empty.
void RenderCall(const chat::ToolCall& call, const chat::Extra& extra, bool own,
                std::string_view signature, json::Writer& out);
// {"inlineData": …} or {"fileData": …}, without the braces of the part.
void RenderMedia(const chat::Media& media, bool own, json::Writer& out);

// What a model or a person said, as a part: all kinds but results. A kind that belongs to another
// dialect, and an empty text of one, is none.
void RenderPart(const chat::Part& part, bool own, json::Writer& out);

}  // namespace signalbox::gemini
