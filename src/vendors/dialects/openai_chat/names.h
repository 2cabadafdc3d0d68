// The words of OpenAI Chat for what the canonical conversation has an enum for.
//
// Owner: nobody; tables. Threads: any. Errors: nullopt for a word that is none of them.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vendors/chat/message.h"
#include "vendors/chat/response.h"

namespace signalbox::openai_chat {

// "function", the word of 2023 for a tool's result, is kTool too.
std::optional<chat::Role> RoleNamed(std::string_view word);
std::string_view RoleName(chat::Role role);

// Also understands Mistral's "model_length" and "error"; any other word is kOther.
chat::FinishReason FinishNamed(std::string_view word);

// `text` when it is a word of this dialect for `reason` (or `own`: when it came from it), else the
// nearest word of OpenAI.
std::string_view FinishName(chat::FinishReason reason, std::string_view text, bool own);

// An id for the call at `index` of an answer that has none.
std::string MadeCallId(std::int64_t index, std::string_view name);

// An id for what came without one: the same for the same `of`.
std::string MadeId(std::string_view prefix, std::string_view of);

}  // namespace signalbox::openai_chat
