// What is the same to every reader of OpenAI Chat, for tests:
// - a description, title, id, name, tier, finish reason or arguments of an empty text, and none;
// - an empty list of tools, calls, stop sequences or modalities, and none;
// - details of usage that say nothing, and none;
// - a function whose type is not stated, and "function" (Mistral);
// - a choice without a message, and one whose message has a role alone (Azure's filter).
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::openai_chat {

using testkit::Meaning;

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "tool_calls" || key == "stop" || key == "modalities") {
    return value.IsArray() && !value.FirstChild();
  }
  if (key.ends_with("_tokens_details")) {
    return value.IsObject() && !value.FirstChild();
  }
  return value.Raw() == "\"\"" &&
         (key == "description" || key == "service_tier" || key == "system_fingerprint" ||
          key == "name" || key == "id" || key == "title" || key == "user" ||
          key == "finish_reason" || key == "arguments" || key == "prompt_cache_key" ||
          key == "safety_identifier");
}

inline void StateTheObvious(Meaning& object) {
  if (object.At("function").kind == json::Kind::kObject && !object.Has("type")) {
    object.members["type"] = {json::Kind::kString, "function", {}, {}};
  }
  if (object.Has("finish_reason") && !object.Has("message") && !object.Has("delta")) {
    object.members["message"].kind = json::Kind::kObject;
    object.members["message"].members["role"] = {json::Kind::kString, "assistant", {}, {}};
  }
}

inline constexpr testkit::Rules kChatRules{SaysNothing, StateTheObvious};

template <typename Json>
Meaning MeaningOf(const Json& json) {
  return Meaning::Of(json, kChatRules);
}

}  // namespace signalbox::openai_chat
