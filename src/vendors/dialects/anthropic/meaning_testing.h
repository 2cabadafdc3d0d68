// What is the same to every reader of Anthropic Messages, for tests:
// - an empty list of tools, stop sequences or citations, an empty description or title, an empty
//   output_config, and none;
// - "output_format" and the format of "output_config".
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::anthropic {

using testkit::Meaning;

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "stop_sequences" || key == "system" || key == "citations") {
    return value.IsArray() && !value.FirstChild();
  }
  return value.Raw() == "\"\"" && (key == "description" || key == "title" || key == "user_id");
}

inline void StateTheObvious(Meaning& object) {
  if (object.Has("output_config") && object.At("output_config").members.empty()) {
    object.members.erase("output_config");
  }
  if (object.Has("output_format") && object.Has("messages")) {
    Meaning& config = object.members["output_config"];
    config.kind = json::Kind::kObject;
    config.members["format"] = object.At("output_format");
    object.members.erase("output_format");
  }
}

inline constexpr testkit::Rules kRules{SaysNothing, StateTheObvious};

template <typename Json>
Meaning MeaningOf(const Json& json) {
  return Meaning::Of(json, kRules);
}

}  // namespace signalbox::anthropic
