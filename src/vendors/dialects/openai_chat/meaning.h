// The meaning of a JSON text, for tests: member order, white space, spelling of numbers and escapes
// do not matter. Five more things are the same to every reader of OpenAI Chat:
// - a member that is null, and one that is absent;
// - a description, title, id, name, tier, finish reason or arguments of an empty text, and none;
// - an empty list of tools or calls, and none;
// - a function whose type is not stated, and "function" (Mistral);
// - a choice without a message, and one whose message has a role alone (Azure's filter).
//
// Owner: a test. Threads: plain data. Errors: none; the values come from a validated document.
// Cancel: nothing to undo.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::openai_chat {

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "tools" || key == "tool_calls") {
    return value.IsArray() && !value.FirstChild();
  }
  return value.Raw() == "\"\"" &&
         (key == "description" || key == "service_tier" || key == "system_fingerprint" ||
          key == "name" || key == "id" || key == "title" || key == "user" ||
          key == "finish_reason" || key == "arguments");
}

struct Meaning {
  json::Kind kind = json::Kind::kNull;
  std::string scalar;  // text, "true", or a number in one spelling
  std::vector<Meaning> items;
  std::map<std::string, Meaning> members;

  static Meaning Of(const json::Value& value) {
    Meaning meaning{value.kind(), {}, {}, {}};
    if (value.IsObject()) {
      json::ForEachMember(value, [&](const json::Value& key, const json::Value& member) {
        const std::string name = *key.AsString();
        if (!member.IsNull() && !SaysNothing(name, member)) {
          meaning.members.emplace(name, Of(member));
        }
      });
      meaning.StateTheObvious();
    } else if (value.IsArray()) {
      json::ForEachElement(
          value, [&](const json::Value& element) { meaning.items.push_back(Of(element)); });
    } else if (value.IsString()) {
      meaning.scalar = *value.AsString();
    } else if (value.IsNumber()) {
      json::Writer(meaning.scalar).Double(value.AsDouble().value_or(0));
    } else {
      meaning.scalar = std::string(value.Raw());
    }
    return meaning;
  }
  static Meaning Of(std::string_view text) {
    json::Document document;
    return document.Parse(text) ? Of(document.Root())
                                : Meaning{json::Kind::kNull, "not JSON", {}, {}};
  }

  bool Has(const std::string& key) const { return members.contains(key); }
  // The member, or an empty meaning; never added by a look.
  const Meaning& At(const std::string& key) const {
    static const Meaning kNothing;
    const auto found = members.find(key);
    return found == members.end() ? kNothing : found->second;
  }

  void StateTheObvious() {
    if (At("function").kind == json::Kind::kObject && !Has("type")) {
      members["type"] = {json::Kind::kString, "function", {}, {}};
    }
    if (Has("finish_reason") && !Has("message") && !Has("delta")) {
      members["message"].kind = json::Kind::kObject;
      members["message"].members["role"] = {json::Kind::kString, "assistant", {}, {}};
    }
  }

  void Write(json::Writer& out) const {
    if (kind == json::Kind::kObject) {
      out.BeginObject();
      for (const auto& [key, member] : members) {
        out.Key(key);
        member.Write(out);
      }
      out.EndObject();
    } else if (kind == json::Kind::kArray) {
      out.BeginArray();
      for (const Meaning& item : items) {
        item.Write(out);
      }
      out.EndArray();
    } else if (kind == json::Kind::kString) {
      out.String(scalar);
    } else {
      out.Raw(kind == json::Kind::kNull ? "null" : scalar);
    }
  }
  std::string Text() const {
    std::string text;
    json::Writer out(text);
    Write(out);
    return text;
  }
};

// Where `a` and `b` first differ, as a path with both texts; empty when they mean the same.
inline std::string Difference(const Meaning& a, const Meaning& b, const std::string& path = "$") {
  if (a.kind != b.kind || a.scalar != b.scalar || a.items.size() != b.items.size()) {
    return path + ": " + a.Text() + " is not " + b.Text();
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    std::string found = Difference(a.items[i], b.items[i], path + "[" + std::to_string(i) + "]");
    if (!found.empty()) {
      return found;
    }
  }
  for (const auto& [key, member] : a.members) {
    std::string found = b.Has(key) ? Difference(member, b.At(key), path + "." + key)
                                   : path + "." + key + ": only on the left: " + member.Text();
    if (!found.empty()) {
      return found;
    }
  }
  for (const auto& [key, member] : b.members) {
    if (!a.Has(key)) {
      return path + "." + key + ": only on the right: " + member.Text();
    }
  }
  return {};
}

}  // namespace signalbox::openai_chat
