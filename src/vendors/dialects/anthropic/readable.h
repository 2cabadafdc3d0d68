// What others can read of the blocks that only Anthropic understands.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/document.h"

namespace signalbox::anthropic {

// The words of a search result, of a document that is a list of texts, or of what a tool of
// Anthropic's gave; nothing, but a text, for the call of such a tool. nullopt: what it says cannot
// be said in words (a file in a container, pictures).
std::optional<std::string> ReadableText(const json::Value& block, std::string_view type);

}  // namespace signalbox::anthropic
