// Content blocks in.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path from the block on; with kLenient none, what
// makes no sense is a RawPart.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::bedrock {

// Where the unknown members inside a block's value stand among those beside it.
inline constexpr std::string_view kCallPlace = "toolUse.";
inline constexpr std::string_view kResultPlace = "toolResult.";
inline constexpr std::string_view kThoughtPlace = "reasoningContent.";
inline constexpr std::string_view kCitedText = "citationsContent";

// A list of blocks. A cachePoint marks the part before it; one with nothing before it is a RawPart.
core::Status ReadBlocks(const json::Value& list, wire::Strictness strictness,
                        std::vector<chat::Part>& out);

// {"type":"default","ttl":…}; the canonical type is Anthropic's word for the same.
core::Status ReadCachePoint(const json::Value& value, std::optional<chat::CacheMarker>& out);

}  // namespace signalbox::bedrock
