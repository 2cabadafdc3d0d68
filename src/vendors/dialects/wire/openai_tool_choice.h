// The choice of a tool in OpenAI's two APIs: the same words, nested in two ways.
//
// Owner: the tool files of those dialects. Threads: any. Errors: kInvalidRequest for a choice that
// is neither a word nor an object. Cancel: nothing to undo.
// Source: OpenAI API reference, tool_choice of Chat Completions and of Responses.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/tool.h"

namespace signalbox::wire {

enum class OpenAiNesting : bool {
  kFlat,    // Responses: {"type":"function","name":…}
  kNested,  // Chat: {"type":"function","function":{"name":…}}
};

core::Status ParseOpenAiToolChoice(const json::Value& choice, OpenAiNesting nesting,
                                   chat::ToolChoice& out);
// The member "tool_choice"; nothing where none is stated.
void RenderOpenAiToolChoice(const chat::ToolChoice& choice, OpenAiNesting nesting, bool own,
                            json::Writer& out);

}  // namespace signalbox::wire
