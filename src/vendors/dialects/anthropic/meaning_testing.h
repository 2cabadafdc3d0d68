// What is the same to every reader of Anthropic Messages, for tests:
// - an empty list of tools or stop sequences, an empty description or title, and none;
// - "output_format" and the format of "output_config";
// - a tool of type "custom", and one without a type.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::anthropic {

using testkit::Meaning;

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "stop_sequences" || key == "system") {
    return value.IsArray() && !value.FirstChild();
  }
  return value.Raw() == "\"\"" && (key == "description" || key == "title" || key == "user_id");
}

inline void StateTheObvious(Meaning& object) {
  if (object.Has("output_format") && object.Has("messages")) {
    Meaning& config = object.members["output_config"];
    config.kind = json::Kind::kObject;
    config.members["format"] = object.At("output_format");
    object.members.erase("output_format");
  }
  if (object.Has("input_schema") && object.At("type").scalar == "custom") {
    object.members.erase("type");
  }
}

inline constexpr testkit::Rules kRules{SaysNothing, StateTheObvious};

template <typename Json>
Meaning MeaningOf(const Json& json) {
  return Meaning::Of(json, kRules);
}

}  // namespace signalbox::anthropic
