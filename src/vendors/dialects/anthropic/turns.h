// The messages of another dialect as the turns that Anthropic wants: a system prompt apart, user
// and assistant, the results of a turn's calls together and first, nothing empty.
//
// Owner:   the rendering of one request; the request outlives it.
// Threads: none of its own.
// Errors:  kInvalidRequest for a document that is neither PDF nor text.
// Cancel:  nothing to undo.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/request.h"

namespace signalbox::anthropic {

struct Turn {
  bool user = false;
  std::vector<const chat::Part*> results;  // of calls
  std::vector<const chat::Part*> parts;    // everything else
  bool HasCall() const;
};

class Turns {
 public:
  // Names in `dropped` the thoughts that are not Anthropic's.
  static core::Result<Turns> Of(const chat::Request& request, std::vector<std::string>& dropped);

  const std::vector<Turn>& all() const { return turns_; }
  const std::vector<const chat::Part*>& system() const { return system_; }
  // All system prompts, joined by a blank line.
  const std::string& system_text() const { return system_text_; }
  bool system_has_marker() const;
  // The answer goes on where a call's result came, after a thought that is not there.
  bool InLoopWithoutThought() const;

 private:
  void TakeSystem(const chat::Message& message);
  core::Status TakeMessage(const chat::Message& message, std::size_t index,
                           std::vector<std::string>& dropped);
  void Place(const chat::Part& part, const chat::Message& message);
  Turn& TurnOf(bool user);
  const chat::Part* WithId(const chat::Part& part);
  void Finish();

  std::vector<Turn> turns_;
  std::vector<const chat::Part*> system_;
  std::string system_text_;
  std::deque<chat::Part> made_;       // parts that are not in the request as they go out
  std::vector<std::string> unnamed_;  // names of the calls that came without an id, in order
  std::vector<bool> answered_;        // which of them have their result
};

}  // namespace signalbox::anthropic
