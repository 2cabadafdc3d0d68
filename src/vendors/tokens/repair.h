// Text as UTF-8, whatever the bytes are.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::tokens {

// `text` with U+FFFD in the place of what is not UTF-8: one per maximal part of a character
// (Unicode 3.9, practice of WHATWG and Python), which is what the reference counts.
std::string RepairUtf8(std::string_view text);

}  // namespace signalbox::tokens
