// What is the same to every reader of Ollama's API, beside what meaning.h says: an empty text, list
// or object of options says nothing, and a stream is asked for unless it is not.
#pragma once

#include <string_view>

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::ollama {

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  constexpr std::string_view kEmptyOnes[] = {
      "content", "system", "template", "format",     "context",     "options",     "images",
      "tools",   "prompt", "stop",     "tool_calls", "description", "done_reason", "response"};
  const bool empty = value.IsString()
                         ? value.Raw() == R"("")"
                         : (value.IsArray() || value.IsObject()) && !value.FirstChild();
  for (const std::string_view one : kEmptyOnes) {
    if (one == key) {
      return empty;
    }
  }
  return key == "raw" && value.AsBool() == false;
}

inline void Complete(testkit::Meaning& object) {
  if (object.At("stop").kind == json::Kind::kString) {
    const testkit::Meaning one = object.At("stop");
    object.members["stop"] = {json::Kind::kArray, {}, {one}, {}};
  }
  if (object.Has("options") && object.At("options").members.empty()) {
    object.members.erase("options");
  }
  const bool request = object.Has("messages") || object.Has("prompt") ||
                       (object.Has("model") && !object.Has("created_at") && !object.Has("done") &&
                        !object.Has("embeddings") && !object.Has("input"));
  if (request && !object.Has("stream")) {
    object.members["stream"] = {json::Kind::kBool, "true", {}, {}};
  }
}

inline constexpr testkit::Rules kRules = {SaysNothing, Complete};

}  // namespace signalbox::ollama
