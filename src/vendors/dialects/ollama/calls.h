// Tool calls in Ollama's form, both ways: arguments are an object, and older versions have no ids.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::ollama {

// An id for a call that came without one: always the same for the same call, another for another
// place. `where` is what tells the calls of one answer from those of the next.
std::string MakeId(std::string_view where, std::size_t index, std::string_view name);
// Whether MakeId made it, so that it means nothing to Ollama.
bool IsMade(std::string_view id);

// `tool_calls`. A call without an id keeps an empty one. Unknown members of "function" go to the
// part's extra as "function.<name>".
core::Status ReadCalls(const json::Value& value, std::vector<chat::Part>& out);

// One element of `tool_calls`. Arguments that are no object stand in one, as "arguments".
void RenderCall(const chat::Part& part, bool own, json::Writer& out);

// The members of `extra` whose key begins with `prefix` (without it), or all that begin with none.
void RenderPrefixed(const chat::Extra& extra, std::string_view prefix, json::Writer& out);
void RenderUnprefixed(const chat::Extra& extra, std::string_view prefix, json::Writer& out);

}  // namespace signalbox::ollama
