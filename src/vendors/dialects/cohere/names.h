// The words of Cohere for what the canonical conversation has an enum for.
//
// Owner: nobody; tables. Threads: any. Errors: nullopt for a word that is none of them.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string_view>

#include "vendors/chat/message.h"
#include "vendors/chat/response.h"

namespace signalbox::cohere {

std::optional<chat::Role> RoleNamed(std::string_view word);
// Developers speak as the system.
std::string_view RoleName(chat::Role role);

// Any other word is kOther.
chat::FinishReason FinishNamed(std::string_view word);

// `text` when it came from this dialect (`own`), else the nearest word. `stopped`: a stop sequence
// was hit.
std::string_view FinishName(chat::FinishReason reason, std::string_view text, bool stopped,
                            bool own);

}  // namespace signalbox::cohere
