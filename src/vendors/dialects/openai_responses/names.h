// The words of OpenAI Responses for what the canonical conversation has an enum for.
//
// Owner: nobody; tables. Threads: any. Errors: nullopt for a word that is none of them.
// Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vendors/chat/message.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_responses {

std::optional<chat::Role> RoleNamed(std::string_view word);
std::string_view RoleName(chat::Role role);

// How an answer ended: "completed", or "incomplete" for a reason.
struct Ending {
  std::string_view status;
  std::string_view reason;  // of incomplete_details; empty: none
};
// `text` is the vendor's own word for it: a status other than "incomplete", or the reason; it
// counts when it came in this dialect (`own`).
Ending EndingOf(chat::FinishReason reason, std::string_view text, bool own);
// `calls`: the answer calls a function.
chat::FinishReason FinishOf(std::string_view status, std::string_view reason, bool calls);

// The effort that thinks about as long as `budget` tokens.
std::string_view EffortOf(std::int64_t budget);
// The word of this dialect for another vendor's effort.
std::string_view EffortNamed(std::string_view effort);

}  // namespace signalbox::openai_responses
