// Blocks of a stream that make sense only as a whole: server tools' calls and results, pictures.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/chat/part.h"

namespace signalbox::bedrock {

// The block {"<kind>": …} whose parts came as `start`, an object, and deltas: fragments of `input`
// for a toolUse, elements of a list each for a toolResult, an object each for an image.
chat::Part JoinBlock(std::string_view kind, std::string_view start, std::string_view input,
                     const std::vector<std::string>& content);

// The reverse: what contentBlockStart's `start` and contentBlockDelta's `delta` hold, as JSON.
// `start` is empty for a block that has no such form.
struct SplitBlock {
  std::string start;
  std::string delta;
};
SplitBlock Split(std::string_view block);

}  // namespace signalbox::bedrock
