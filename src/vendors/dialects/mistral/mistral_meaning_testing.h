// What is the same to every reader of Mistral's form, for tests:
// - an empty description or id and none; an empty list of tools, calls, contents or stop sequences
//   and none;
// - a picture's URL, and an object that holds it;
// - a function whose type is not stated, and "function"; a call without an index, and the first;
// - a message that is not to be gone on with, and one that does not say so.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::mistral {

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "tool_calls" || key == "stop" ||
      (key == "content" && value.IsArray())) {
    return value.IsArray() && !value.FirstChild();
  }
  if (key == "prompt_tokens_details") {
    return value.IsObject() && !value.FirstChild();
  }
  if (key == "prefix") {
    return value.Raw() == "false";
  }
  return value.Raw() == "\"\"" && (key == "description" || key == "id" || key == "name");
}

inline void StateTheObvious(testkit::Meaning& object) {
  if (object.At("image_url").kind == json::Kind::kString) {
    testkit::Meaning picture{json::Kind::kObject, {}, {}, {}};
    picture.members["url"] = object.At("image_url");
    object.members["image_url"] = std::move(picture);
  }
  if (object.At("function").kind != json::Kind::kObject) {
    return;
  }
  object.members.try_emplace("type", testkit::Meaning{json::Kind::kString, "function", {}, {}});
  object.members.try_emplace("index", testkit::Meaning{json::Kind::kNumber, "0", {}, {}});
}

inline constexpr testkit::Rules kRules{SaysNothing, StateTheObvious};

}  // namespace signalbox::mistral
