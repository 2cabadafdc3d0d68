// Times as Ollama writes them: RFC 3339 in UTC or with an offset, with or without a fraction.
//
// Owner: the caller. Threads: any. Errors: nullopt or an empty text for what is no time of the
// years 1970 to 9999. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::ollama {

// Whole seconds since 1970.
std::optional<std::int64_t> ReadTime(std::string_view text);

// "2025-01-02T03:04:05Z"
std::string WriteTime(std::int64_t seconds);

}  // namespace signalbox::ollama
