// One part of a content: text, thought, media, call, result, or a kind that is carried whole.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path from the part; only when strict.
// Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/gemini/call_ids.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::gemini {

core::Status ParsePart(const json::Value& value, wire::Strictness strictness, CallIds& ids,
                       chat::Part& out);

// A functionCall as it stands in a part or a streamed frame.
struct RawCall {
  std::string id;
  std::string name;
  chat::RawJson args;
  chat::RawJson partial_args;
  std::optional<bool> will_continue;
  chat::Extra extra;
};
core::Status ParseRawCall(const json::Value& value, wire::Strictness strictness, RawCall& out);

}  // namespace signalbox::gemini
