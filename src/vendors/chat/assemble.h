// A stream's events put together into the answer that they tell.
//
// Owner:   whoever gathers; one per stream.
// Threads: none of its own.
// Errors:  none; a StreamError is kept in error().
// Cancel:  nothing to undo.
//
// Used by tests, which hold the streamed and the whole form of an answer against each other.
#pragma once

#include <optional>
#include <span>

#include "vendors/chat/event.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

class Assembler {
 public:
  void Take(std::span<const Event> events);

  bool ended() const { return ended_; }
  const std::optional<VendorError>& error() const { return error_; }
  // The answer so far; the assembler is spent.
  Response TakeAnswer() && { return std::move(answer_); }

 private:
  // What of a choice is being spoken.
  struct Open {
    bool closed = false;                  // the last part is complete
    std::vector<std::size_t> calls = {};  // places of the calls among the parts
  };

  void TakeOne(const Event& event);
  void EndCall(std::int64_t choice, const ToolCallEnd& end);
  void EndPart(std::int64_t choice, const PartEnd& end);
  Choice& ChoiceAt(std::int64_t index);
  template <typename T>
  T& LastPart(std::int64_t choice);

  Response answer_;
  std::vector<Open> open_;
  std::optional<VendorError> error_;
  bool ended_ = false;
};

}  // namespace signalbox::chat
