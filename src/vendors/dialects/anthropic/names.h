// The words of Anthropic Messages for what the canonical conversation has an enum for.
//
// Owner: nobody; tables. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/response.h"

namespace signalbox::anthropic {

// chat::Reasoning::format of a thought that a model of Anthropic's signed.
inline constexpr std::string_view kThoughtFormat = "anthropic-claude-v1";

// Why the model stopped; a word that is none of Anthropic's is kOther, an empty one kUnset.
chat::FinishReason FinishNamed(std::string_view word);

// The word for `reason`: `text` itself when it is Anthropic's for it (or `own`), else the nearest.
// `called`: the answer holds a call, which some vendors do not count as a reason.
std::string_view FinishName(chat::FinishReason reason, std::string_view text, bool stop_sequence,
                            bool called, bool own);

// An id of a call as Anthropic takes it: letters, digits, _ and -; anything else becomes _.
std::string IdFor(std::string_view id);

}  // namespace signalbox::anthropic
