// The simple form, POST /ai: one prompt in, one text out.
//
// Owner:   static.
// Threads: any.
// Errors:  as wire::Dialect says.
// Cancel:  nothing to undo.
//
// Request: {"prompt", "provider"?, "model"?, "maxTokens"?, "temperature"?, "stream"?}. Answer:
// {"success":true,"data","provider","model","usage":{"inputTokens","outputTokens","totalTokens"},
// "metadata":{"responseTime","cacheStatus","cost"}}. Error: {"success":false,"error":{"type",
// "message","code","retryAfter"?},"metadata":{"requestId","timestamp"}}. A stream: server-sent
// events, {"success":true,"data":<piece>} each, the last one an answer whose data is empty, with
// "done":true; or an error.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::simple {

inline constexpr std::string_view kDialect = "simple";

const wire::Dialect& TheDialect();

}  // namespace signalbox::simple
