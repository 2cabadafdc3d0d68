// Anthropic Messages: the dialect of Claude, and the name that its extras are filed under.
//
// Owner:   static, for ever. Threads: any.
// Errors:  as wire::Dialect's.
// Cancel:  nothing to undo.
// Source:  Anthropic's API reference (messages, count tokens, streaming, errors) and recordings.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

inline constexpr std::string_view kDialect = "anthropic";
inline constexpr std::string_view kTitle = "Anthropic Messages";

const wire::Dialect& TheDialect();

}  // namespace signalbox::anthropic
