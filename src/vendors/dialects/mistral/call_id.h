// The ids of tool calls as Mistral wants them: nine letters or digits.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::mistral {

// `id` where it is one; else nine characters that are the same for the same id, whenever and
// wherever it comes, so that a result finds its call.
std::string CallId(std::string_view id);

}  // namespace signalbox::mistral
