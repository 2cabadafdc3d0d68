// Text that goes into parameters.
//
// Owner: values. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::store {

// Whether every engine takes `text` as TEXT: valid UTF-8 without a NUL byte. What may be anything
// goes into BYTEA, or through StorableText.
bool IsStorableText(std::string_view text);

// `text` with U+FFFD in place of every byte that IsStorableText objects to.
std::string StorableText(std::string_view text);

// `text` as a part of a pattern that means just itself. Belongs to `LIKE $1 ESCAPE '\'`; the caller
// puts % around it. LIKE tells upper case from lower case in every engine here.
std::string EscapeLike(std::string_view text);

}  // namespace signalbox::store
