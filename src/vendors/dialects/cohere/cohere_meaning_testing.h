// What is the same to every reader of Cohere's form, for tests:
// - an empty plan, list of tools, calls or citations, and none;
// - arguments "null" or of an empty text, and {}.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::cohere {

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "tool_calls" || key == "citations") {
    return value.IsArray() && !value.FirstChild();
  }
  return (key == "tool_plan" || key == "description") && value.Raw() == "\"\"";
}

inline void StateTheObvious(testkit::Meaning& object) {
  testkit::Meaning& arguments = object.members["arguments"];
  if (!object.Has("name")) {
    object.members.erase("arguments");
  } else if (arguments.scalar == "null" || arguments.scalar.empty()) {
    arguments = {json::Kind::kString, "{}", {}, {}};
  }
}

inline constexpr testkit::Rules kRules{SaysNothing, nullptr};
inline constexpr testkit::Rules kAnswerRules{SaysNothing, StateTheObvious};

}  // namespace signalbox::cohere
