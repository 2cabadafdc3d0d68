// The pieces of a message into Cohere's form.
//
// Owner: the caller. Threads: any.
// Errors: none; features.h has said before what cannot be written. Cancel: nothing to undo.
//
// `own`: the pieces came in this dialect, so that their extras go out too.
#pragma once

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::cohere {

// Whether `part` is written by RenderPart: an element of `content`.
bool IsContent(const chat::Part& part, bool own);
void RenderPart(const chat::Part& part, bool own, json::Writer& out);

// An element of `tool_calls`. `id` where the call has none.
void RenderCall(const chat::Part& part, std::string_view id, bool own, json::Writer& out);

// An element of `citations`.
void RenderCitation(const chat::Citation& citation, bool own, json::Writer& out);

// "get_weather_2": the id of a call of a vendor without ids, the third of its message.
std::string MakeCallId(std::string_view name, std::size_t call);

}  // namespace signalbox::cohere
