// For tests and fuzzing: a second opinion on JSON texts, simdjson's.
//
// Owner: the caller. Threads: one. Errors: the answer is the disagreement in words, empty when
// there is none. Cancel: nothing to undo.
//
// Known differences: we refuse a key that stands twice and nesting over the limit; simdjson refuses
// lone surrogates and numbers that neither a 64-bit integer nor a finite double can hold.
#pragma once

#include <simdjson.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/validator.h"

namespace signalbox::json::oracle {

inline constexpr Limits kLimits{.max_depth = 500};  // simdjson stops at 1,024

// Whether simdjson has a reason of its own to refuse the value.
inline bool TheyCannotHold(const Value& value) {
  if (value.IsNumber()) {
    const std::string_view raw = value.Raw();
    const bool integer = raw.find_first_of(".eE") == std::string_view::npos;
    // 18 digits always fit; above, theirs is the judgement
    return integer ? raw.size() > 18 && !value.AsInt() : !value.AsDouble();
  }
  if (value.IsString()) {
    const std::string_view raw = value.Raw();
    return raw.find("\\ud") != std::string_view::npos || raw.find("\\uD") != std::string_view::npos;
  }
  for (auto child = value.FirstChild(); child; child = child->NextIn(value)) {
    if (TheyCannotHold(*child)) {
      return true;
    }
  }
  return false;
}

inline bool HasDuplicate(simdjson::dom::element element) {
  std::set<std::string_view> keys;
  if (simdjson::dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto [key, value] : object) {
      if (!keys.insert(key).second || HasDuplicate(value)) {
        return true;
      }
    }
  }
  if (simdjson::dom::array array; element.get(array) == simdjson::SUCCESS) {
    for (const simdjson::dom::element value : array) {
      if (HasDuplicate(value)) {
        return true;
      }
    }
  }
  return false;
}

inline bool SameNumber(const Value& ours, simdjson::dom::element theirs) {
  if (std::int64_t integer = 0; theirs.get(integer) == simdjson::SUCCESS) {
    return ours.AsInt() == integer;
  }
  double number = 0;
  return theirs.get(number) == simdjson::SUCCESS && ours.AsDouble() == number;
}

inline bool SameText(const Value& ours, std::string_view theirs) {
  std::string scratch;
  return ours.AsText(scratch) == theirs;
}

inline bool SameMeaning(const Value& ours, simdjson::dom::element theirs) {
  switch (theirs.type()) {
    case simdjson::dom::element_type::NULL_VALUE:
      return ours.IsNull();
    case simdjson::dom::element_type::BOOL:
      return ours.AsBool() == bool(theirs);
    case simdjson::dom::element_type::STRING:
      return SameText(ours, std::string_view(theirs));
    case simdjson::dom::element_type::ARRAY: {
      auto child = ours.FirstChild();
      for (const simdjson::dom::element element : simdjson::dom::array(theirs)) {
        if (!child || !SameMeaning(*child, element)) {
          return false;
        }
        child = child->NextIn(ours);
      }
      return ours.IsArray() && !child;
    }
    case simdjson::dom::element_type::OBJECT: {
      auto key = ours.FirstChild();
      for (const auto [their_key, their_value] : simdjson::dom::object(theirs)) {
        if (!key || !SameText(*key, their_key) || !SameMeaning(*key->NextIn(ours), their_value)) {
          return false;
        }
        key = key->NextIn(ours)->NextIn(ours);
      }
      return ours.IsObject() && !key;
    }
    default:
      return SameNumber(ours, theirs);
  }
}

// The portable block and the machine's own must see the same.
inline bool BlocksAgree(std::string_view text) {
  std::vector<Node> one;
  std::vector<Node> other;
  Validator<Block> fast(text, kLimits, one);
  Validator<SwarBlock> portable(text, kLimits, other);
  if (fast.Run() != portable.Run() || fast.flaw().reason != portable.flaw().reason ||
      fast.flaw().offset != portable.flaw().offset || fast.count() != portable.count()) {
    return false;
  }
  for (std::uint32_t i = 0; i < fast.count(); ++i) {
    const auto key = [](const Node& n) {
      return std::tuple(n.begin, n.end, n.next, n.kind, n.escaped);
    };
    if (key(one[i]) != key(other[i])) {
      return false;
    }
  }
  return true;
}

// In what our reading of `text` differs from simdjson's beyond the known differences.
inline std::string Disagreement(std::string_view text) {
  Document document;
  const core::Status status = document.Parse(text, kLimits);
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::dom::element element;
  const auto verdict = parser.parse(padded).get(element);
  if (!BlocksAgree(text)) {
    return "the two kinds of block differ";
  }
  if (status && verdict != simdjson::SUCCESS) {
    return TheyCannotHold(document.Root())
               ? ""
               : std::string("only we accept: ") + simdjson::error_message(verdict);
  }
  if (status) {
    return TheyCannotHold(document.Root()) || SameMeaning(document.Root(), element)
               ? ""
               : "both accept and read it differently";
  }
  if (verdict != simdjson::SUCCESS) {
    return "";
  }
  const std::string& why = status.error().message;
  const bool deeper = why.find("nested deeper") != std::string::npos;
  const bool twice = why.ends_with("stands twice") && HasDuplicate(element);
  return deeper || twice ? "" : "only they accept: " + why;
}

}  // namespace signalbox::json::oracle
