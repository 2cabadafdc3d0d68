// Cohere's API v2 as a dialect: chat, embed, rerank. The base URL ends with /v2.
//
// Owner: static. Threads: any. Errors: as wire::Dialect says. Cancel: nothing to undo.
// Source: Cohere API reference v2; recordings.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

// The name that this dialect's extras are filed under.
inline constexpr std::string_view kDialect = "cohere";
inline constexpr std::string_view kTitle = "Cohere";

const wire::Dialect& TheDialect();

}  // namespace signalbox::cohere
