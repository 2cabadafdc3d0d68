// OpenAI Chat Completions, the older Completions and Embeddings as a dialect.
//
// Owner: static. Threads: any. Errors: as wire::Dialect says. Cancel: nothing to undo.
//
// The functions of fast_lane.h and completions.h do what the class has no virtual for.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

// The name that this dialect's extras are filed under.
inline constexpr std::string_view kDialect = "openai_chat";
inline constexpr std::string_view kTitle = "OpenAI Chat Completions";

const wire::Dialect& TheDialect();

// The older Completions, as callers speak them; upstreams of TheDialect take them as they stand.
inline constexpr std::string_view kCompletions = "openai_completions";
const wire::Dialect& Completions();

}  // namespace signalbox::openai_chat
