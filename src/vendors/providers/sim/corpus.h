// What the simulated model says when nobody scripted it: a small corpus of our own.
//
// Owner: nobody; a pure function. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::sim {

// An answer to `prompt`, the text of the last user message. `draw` picks among equals.
std::string CannedAnswer(std::string_view prompt, std::uint64_t draw);

}  // namespace signalbox::sim
