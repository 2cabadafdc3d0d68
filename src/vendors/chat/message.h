// One turn of a conversation.
//
// Owner: the request or the answer. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// System prompts are messages too, where they stand. Vendors with a field of their own for them
// (Anthropic's `system`, Gemini's `systemInstruction`, Responses' `instructions`) get them lifted
// out by system_prompt.h, and put theirs in front when parsed. A tool's result is a part, so both
// OpenAI's one-message-per-result and Anthropic's results inside a user turn have a place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/part.h"
#include "vendors/chat/raw.h"

namespace signalbox::chat {

enum class Role : std::uint8_t { kSystem, kDeveloper, kUser, kAssistant, kTool };

struct Message {
  Role role = Role::kUser;
  std::string name = {};  // of the participant
  std::vector<Part> parts = {};
  bool listed = false;  // the content was written as a list of parts, not as one text
  std::optional<CacheMarker> cache = {};
  Extra extra = {};
};

}  // namespace signalbox::chat
