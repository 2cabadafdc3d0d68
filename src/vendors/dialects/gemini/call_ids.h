// Ids for the calls of a conversation or an answer: those that Gemini gives, and made ones for the
// models that give none. Results without an id find their call by its name.
//
// Owner:   one per request, answer or stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// Made ids come from the bytes alone, so that the same history has the same ids every time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/gemini/names.h"

namespace signalbox::gemini {

class CallIds {
 public:
  // `answer`: the answer's own id, which keeps the calls of different answers apart.
  explicit CallIds(std::string_view answer = {}) : answer_(answer) {}

  void NameAnswer(std::string_view answer) { answer_ = std::string(answer); }
  // The id of the next call: `given`, or one of our own.
  std::string ForCall(std::string given, std::string_view name);
  // The id that a result belongs to: `given`, or that of the first call by this name which has no
  // result; empty when there is none.
  std::string ForResult(std::string given, std::string_view name);

 private:
  struct Open {
    std::string id;
    std::string name;
  };

  std::string answer_;
  std::vector<Open> open_;  // calls without a result
  std::size_t calls_ = 0;
};

inline bool IsMade(std::string_view id) {
  return id.starts_with(kMadeId);
}

}  // namespace signalbox::gemini
