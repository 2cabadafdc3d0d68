// OpenAI Responses as a dialect: OpenAI, Azure, xAI, DeepSeek, Bedrock, OpenRouter, LM Studio.
//
// Owner: static. Threads: any. Errors: as wire::Dialect says. Cancel: nothing to undo.
// Source: OpenAI API reference, responses; recordings of the vendors named.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_responses {

// The name that this dialect's extras are filed under.
inline constexpr std::string_view kDialect = "openai_responses";

const wire::Dialect& TheDialect();

}  // namespace signalbox::openai_responses
