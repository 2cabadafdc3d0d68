// What is the same to every reader of OpenAI Responses, for tests:
// - an empty list of tools, annotations, logprobs, and of a reasoning item's contents, and none;
// - an empty object of details, text options or stream options, and none;
// - a text as a string, and as a list of one text;
// - an empty description, tier, key or sealed thought, and none;
// - a message that says that it is one, and one that does not.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::openai_responses {

using testkit::Meaning;

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (value.IsArray() && !value.FirstChild()) {
    return key == "tools" || key == "annotations" || key == "logprobs" || key == "content";
  }
  if (value.IsObject() && !value.FirstChild()) {
    return key == "input_tokens_details" || key == "output_tokens_details" || key == "text" ||
           key == "stream_options";
  }
  return value.Raw() == "\"\"" &&
         (key == "description" || key == "service_tier" || key == "encrypted_content" ||
          key == "user" || key == "prompt_cache_key" || key == "safety_identifier");
}

inline void AsList(Meaning& content, const char* type) {
  Meaning text{json::Kind::kObject, {}, {}, {}};
  text.members["type"] = {json::Kind::kString, type, {}, {}};
  text.members["text"] = {json::Kind::kString, content.scalar, {}, {}};
  content = {json::Kind::kArray, {}, {text}, {}};
}

inline void StateTheObvious(Meaning& object) {
  if (object.Has("text") && object.At("text").kind == json::Kind::kObject &&
      object.At("text").members.empty()) {
    object.members.erase("text");
  }
  if (object.Has("role") && !object.Has("type")) {
    object.members["type"] = {json::Kind::kString, "message", {}, {}};
  }
  if (object.Has("role") && object.At("content").kind == json::Kind::kString) {
    AsList(object.members["content"],
           object.At("role").scalar == "assistant" ? "output_text" : "input_text");
  }
}

inline constexpr testkit::Rules kRules{SaysNothing, StateTheObvious};

template <typename Json>
Meaning MeaningOf(const Json& json) {
  return Meaning::Of(json, kRules);
}

}  // namespace signalbox::openai_responses
