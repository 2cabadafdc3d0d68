// What requests of other dialects say in a way of their own, put into OpenAI's words.
//
// Owner: RenderRequest. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of a medium that should have been fetched.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/catalog/capabilities.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

// Documents and audio must be here, not at a URL.
core::Status CheckFetched(const chat::Request& request, bool own);

// Effort, budget and switch as reasoning_effort, where the model has one; what it has no word for
// is named in `dropped`.
void RenderForeignReasoning(const chat::Request& request, const catalog::Capabilities& of,
                            std::vector<std::string>& dropped, json::Writer& out);

// OpenAI's word for a service tier; empty for one that it does not have.
std::string TierWord(std::string_view tier);

}  // namespace signalbox::openai_chat
