// The meaning of a JSON text, for tests: member order, white space, spelling of numbers and escapes
// do not matter, and a member that is null is one that is absent. A dialect adds rules of its own.
//
// Owner: a test. Threads: plain data. Errors: none; the values come from a validated document.
// Cancel: nothing to undo.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::testkit {

struct Meaning;

// What is the same to every reader of one dialect, beside that.
struct Rules {
  // A member that might as well not be there; one that is null never counts.
  bool (*says_nothing)(std::string_view key, const json::Value& value) = nullptr;
  // Puts into an object what it need not say.
  void (*complete)(Meaning& object) = nullptr;
};

struct Meaning {
  json::Kind kind = json::Kind::kNull;
  std::string scalar;  // text, "true", or a number in one spelling
  std::vector<Meaning> items;
  std::map<std::string, Meaning> members;

  static Meaning Of(const json::Value& value, const Rules& rules = {}) {
    Meaning meaning{value.kind(), {}, {}, {}};
    if (value.IsObject()) {
      json::ForEachMember(value, [&](const json::Value& key, const json::Value& member) {
        const std::string name = *key.AsString();
        const bool empty = rules.says_nothing != nullptr && rules.says_nothing(name, member);
        if (!member.IsNull() && !empty) {
          meaning.members.emplace(name, Of(member, rules));
        }
      });
      if (rules.complete != nullptr) {
        rules.complete(meaning);
      }
    } else if (value.IsArray()) {
      json::ForEachElement(
          value, [&](const json::Value& element) { meaning.items.push_back(Of(element, rules)); });
    } else if (value.IsString()) {
      meaning.scalar = *value.AsString();
    } else if (value.IsNumber()) {
      json::Writer(meaning.scalar).Double(value.AsDouble().value_or(0));
    } else {
      meaning.scalar = std::string(value.Raw());
    }
    return meaning;
  }
  static Meaning Of(std::string_view text, const Rules& rules = {}) {
    json::Document document;
    return document.Parse(text) ? Of(document.Root(), rules)
                                : Meaning{json::Kind::kNull, "not JSON", {}, {}};
  }

  bool Has(const std::string& key) const { return members.contains(key); }
  // The member, or an empty meaning; never added by a look.
  const Meaning& At(const std::string& key) const {
    static const Meaning kNothing;
    const auto found = members.find(key);
    return found == members.end() ? kNothing : found->second;
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

}  // namespace signalbox::testkit
