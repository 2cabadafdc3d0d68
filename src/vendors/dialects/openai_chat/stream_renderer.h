// Canonical events into a stream in OpenAI Chat's form: a batch in, a frame out.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vendors/chat/event.h"

namespace signalbox::openai_chat {

class StreamRenderer {
 public:
  // `own`: the events came in this dialect, so that their extras go out too.
  explicit StreamRenderer(bool own) : own_(own) {}

  // Appends the data of the frames that `events` make: at most one chunk, then an error, then
  // [DONE]. Events that this dialect has no word for (the end of a call) make none.
  void Render(std::span<const chat::Event> events, std::vector<std::string>& frames);

 private:
  bool own_;
  chat::StreamStart head_;
};

}  // namespace signalbox::openai_chat
