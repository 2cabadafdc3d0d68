// A custom tool's free text for vendors whose tools take JSON arguments alone.
//
// Owner: the renderers of this folder. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::wire {

// {"input":"<free_text>"}
std::string ArgumentsOf(std::string_view free_text);

// The same bit by bit: the start, each piece, the end.
inline constexpr std::string_view kFreeTextStart = R"({"input":")";
inline constexpr std::string_view kFreeTextEnd = R"("})";
std::string FreeTextPiece(std::string_view text);

}  // namespace signalbox::wire
