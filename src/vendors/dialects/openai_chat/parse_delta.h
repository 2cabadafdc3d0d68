// The `delta` of one choice of a streamed frame.
//
// Owner: the stream parser. Threads: any. Errors: none; what is not understood goes on as it is.
// Cancel: nothing to undo.
#pragma once

#include <optional>

#include "base/json/document.h"
#include "vendors/chat/event.h"
#include "vendors/dialects/openai_chat/call_tracker.h"
#include "vendors/dialects/openai_chat/details.h"

namespace signalbox::openai_chat {

// What the deltas of one choice have said so far.
struct DeltaState {
  CallTracker calls;
  std::optional<Detail> thought;  // the last piece of one
};

void ParseDelta(const json::Value& delta, std::int64_t choice, DeltaState& state,
                chat::EventBatch& out);

// A member that has no event of its own, as it is.
void KeepMember(chat::Level level, std::int64_t choice, std::int64_t call, const json::Value& key,
                const json::Value& value, chat::EventBatch& out);

}  // namespace signalbox::openai_chat
