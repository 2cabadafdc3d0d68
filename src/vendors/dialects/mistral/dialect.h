// Mistral's Chat Completions and Embeddings as a dialect: OpenAI Chat's form with an accent, and a
// server that refuses members that it does not know.
//
// Owner: static. Threads: any. Errors: as wire::Dialect says. Cancel: nothing to undo.
// Source: Mistral's OpenAPI; recordings.
//
// Mistral's own clients post to /v1/chat/completions as OpenAI's do; their User-Agent tells them
// apart. Members of Mistral's that users of OpenAI's clients add by hand are filed under
// openai_chat, and go out to Mistral all the same.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::mistral {

inline constexpr std::string_view kDialect = "mistral";
inline constexpr std::string_view kTitle = "Mistral";

const wire::Dialect& TheDialect();

}  // namespace signalbox::mistral
