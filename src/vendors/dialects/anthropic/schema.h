// JSON schemas as Anthropic compiles them for structured answers and strict tools: every object
// closed; bounds on numbers, texts and lists, which it refuses, as words of the description.
//
// Owner:   the caller. Threads: any.
// Errors:  none; what is no object stays as it is.
// Cancel:  nothing to undo.
// Source:  Anthropic's guide to structured outputs, limitations of JSON schema.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::anthropic {

std::string CompilableSchema(std::string_view schema);

// A tool's schema: an object, with its type said.
std::string ToolSchema(std::string_view schema);

}  // namespace signalbox::anthropic
