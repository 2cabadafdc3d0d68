// Items: what the input and the output of Responses are lists of. Internal.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kInvalidRequest whose `param` is the path inside the item.
// Cancel:  nothing to undo.
//
// An item is one part or several: a message's contents, a reasoning item's summaries and texts. The
// last of them holds in Part::item what else the item says (id, status, phase, …), so that it can
// be written again as it was.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/message.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_responses {

// The format of a thought that OpenAI sealed, whoever passed it on: chat::Reasoning::format.
inline constexpr std::string_view kOpenAiFormat = "openai-responses-v1";

// The text of a member; empty when there is none.
std::string TextIn(const json::Value& object, std::string_view key);

// "message" also for one that does not say so.
std::string TypeOf(const json::Value& item);

// `object` without the members named.
chat::RawJson Without(const json::Value& object, std::initializer_list<std::string_view> names);

// Writes the members of `object`, a JSON object, into the object that is being written.
void RenderMembers(std::string_view object, json::Writer& out);

// Appends the parts of what a model says: a message of it, its thoughts, its calls. What is of
// another kind, or says what has no place here, is a RawPart, whole.
core::Status ParseItem(const json::Value& item, wire::Strictness strictness,
                       std::vector<chat::Part>& out);

// A message of anybody.
core::Status ParseMessageItem(const json::Value& item, chat::Message& out);

// function_call_output and custom_tool_call_output.
core::Status ParseResultItem(const json::Value& item, chat::Part& out);

}  // namespace signalbox::openai_responses
