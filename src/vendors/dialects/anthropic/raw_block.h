// Blocks that the canonical form does not know, out of the pieces that a stream sends them in, and
// into such pieces again.
//
// Owner: the caller. Threads: any. Errors: none; pieces that make no JSON are left out.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/chat/raw.h"

namespace signalbox::anthropic {

// A member of a delta of a kind that is not known: texts go on, anything else is replaced.
void GrowMember(std::string_view name, const json::Value& value, chat::Extra& grown);

// The block that began as `start`, with what came of its input and of other members.
chat::RawJson WholeBlock(const chat::RawJson& start, std::string_view input,
                         const chat::Extra& grown);

// A block whose input a reader expects in a delta: `start` has an empty one.
struct SplitBlock {
  chat::RawJson start;
  chat::RawJson input;  // empty: it goes out whole
};
SplitBlock Split(const chat::RawJson& block);

}  // namespace signalbox::anthropic
