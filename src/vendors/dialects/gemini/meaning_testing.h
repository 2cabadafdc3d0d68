// What may change in this dialect without changing the meaning, for tests.
//
// Owner: a test. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <algorithm>
#include <string>

#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::gemini {

// Nothing is what proto JSON leaves out: a count or index of 0, an empty text, object or list.
inline bool SaysNothing(std::string_view key, const json::Value& value) {
  const bool none = (key.ends_with("TokenCount") || key == "index") && value.AsInt() == 0;
  const bool silent = key == "description" && value.Raw() == "\"\"";
  constexpr std::string_view kEmpties[] = {"candidates",     "generationConfig",      "toolConfig",
                                           "thinkingConfig", "functionCallingConfig", "tools"};
  const bool empty = std::ranges::find(kEmpties, key) != std::end(kEmpties) && !value.FirstChild();
  return none || silent || empty;
}

// One spelling of each name, roles that need not be said, one alphabet of Base64.
inline void Complete(testkit::Meaning& object) {
  std::map<std::string, testkit::Meaning> members;
  for (auto& [key, member] : object.members) {
    std::string scratch;
    members.emplace(std::string(Camel(key, scratch)), std::move(member));
  }
  object.members = std::move(members);
  if (object.Has("mimeType") && object.Has("data")) {
    std::string& data = object.members["data"].scalar;
    std::ranges::replace(data, '-', '+');
    std::ranges::replace(data, '_', '/');
    data.append((4 - data.size() % 4) % 4, '=');
  }
  if (object.Has("role") || object.Has("parts")) {
    object.members.erase("role");
  }
  if (object.Has("toolConfig") && object.At("toolConfig").members.empty()) {
    object.members.erase("toolConfig");
  }
  if (object.Has("systemInstruction")) {
    object.members["systemInstruction"].members.erase("role");
  }
  if (object.Has("finishReason") && object.At("content").members.empty()) {
    object.members.erase("content");
  }
  if (auto schema = object.members.extract("_responseJsonSchema"); !schema.empty()) {
    object.members["responseJsonSchema"] = std::move(schema.mapped());
  }
  if (object.Has("functionCall") && !object.At("functionCall").Has("args")) {
    object.members["functionCall"].members["args"].kind = json::Kind::kObject;
  }
}

inline constexpr testkit::Rules kRules = {.says_nothing = SaysNothing, .complete = Complete};

inline testkit::Meaning MeaningOf(std::string_view text) {
  return testkit::Meaning::Of(text, kRules);
}

}  // namespace signalbox::gemini
