// A conversation as one text that is gone on with.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of what is no text. Cancel: nothing to undo.
//
// A single user message goes as it stands: whoever knows the model's own template writes it. Any
// other conversation is put so, whatever the model:
//
//   <system prompts, joined by a blank line>
//
//   User: <text>
//   Assistant: <text>
//   User: <text>
//   Assistant:
//
// and kTurn, where the model would begin to speak for the user, is a stop sequence.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "vendors/chat/request.h"

namespace signalbox::huggingface {

inline constexpr std::string_view kTurn = "\nUser:";

struct Prompt {
  std::string text;
  bool turns = false;  // put as above
};

core::Result<Prompt> MakePrompt(const chat::Request& request);

// How much of the end of `text` may be the beginning of kTurn.
std::size_t TurnAtEnd(std::string_view text);

}  // namespace signalbox::huggingface
