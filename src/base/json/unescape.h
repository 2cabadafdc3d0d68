// From a string as JSON writes it to the text it means.
//
// Owner: the caller. Threads: any. Errors: none; the input is the inside of a string that the
// validator accepted. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::json {

// Appends the meaning of `inside` (without the quotes) to `out`. Surrogate pairs are joined, a lone
// surrogate becomes U+FFFD.
void AppendUnescaped(std::string& out, std::string_view inside);

}  // namespace signalbox::json
