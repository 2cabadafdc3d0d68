// The parts of a message by where OpenAI Chat writes them.
//
// Owner: render_message.cc. Threads: any. Errors: none. Cancel: nothing to undo.
// Pointers are into the message, which must stay.
#pragma once

#include <vector>

#include "vendors/chat/message.h"

namespace signalbox::openai_chat {

struct Places {
  std::vector<const chat::Part*> content;
  std::vector<const chat::Part*> calls;
  std::vector<const chat::Part*> results;
  std::vector<const chat::Part*> images;  // of an assistant, beside the content
  std::vector<const chat::Reasoning*> thoughts;
  const chat::Refusal* refusal = nullptr;
  const chat::Media* audio = nullptr;
};

// `own`: the message came in this dialect; what is of another vendor's own kind has no place else.
Places Sort(const chat::Message& message, bool own);
Places Sort(const std::vector<chat::Part>& parts, chat::Role role, bool listed, bool own);

}  // namespace signalbox::openai_chat
