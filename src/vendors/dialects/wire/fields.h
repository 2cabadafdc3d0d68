// Reading objects by a table of fields: known members into their places, the others into Extra.
//
// Owner:   the parsers of this folder.
// Threads: any.
// Errors:  kInvalidRequest whose `param` is the path from where the reading began.
// Cancel:  nothing to undo.
//
// A known member that is null counts as absent; so does, in an answer, one that makes no sense and
// that our own form always has (`drop`), because nobody could read both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/raw.h"

namespace signalbox::wire {

enum class OnFailure : std::uint8_t {
  kStrictness,  // as the reader's strictness says
  kKeep,        // to Extra, in a request too
  kDrop,        // an error in a request, nothing in an answer
};

template <typename T>
struct Field {
  std::string_view name;
  core::Status (*read)(const json::Value& value, T& out);
  OnFailure on_failure = OnFailure::kStrictness;
};

enum class Strictness : std::uint8_t {
  kStrict,   // requests: a member of the wrong kind is an error
  kLenient,  // answers: it goes to Extra
};

// "<what> was expected"
std::unexpected<core::Error> Expected(std::string_view what);

// Puts a step in front of the error's path.
core::Error UnderMember(std::string_view member, core::Error error);
core::Error UnderElement(std::size_t index, core::Error error);

core::Status ReadText(const json::Value& value, std::string& out);
core::Status ReadRaw(const json::Value& value, chat::RawJson& out);
core::Status ReadBool(const json::Value& value, std::optional<bool>& out);
core::Status ReadInt(const json::Value& value, std::optional<std::int64_t>& out);
core::Status ReadNumber(const json::Value& value, std::optional<chat::Number>& out);
core::Status ReadTextList(const json::Value& value, std::vector<std::string>& out);
core::Status ReadTokenIds(const json::Value& value, std::vector<std::int64_t>& out);
core::Status ReadCache(const json::Value& value, std::optional<chat::CacheMarker>& out);

void Keep(const json::Value& key, const json::Value& value, chat::Extra& extra);

template <typename T, std::size_t N>
core::Status ReadMember(const json::Value& key, const json::Value& value,
                        const Field<T> (&fields)[N], T& out, chat::Extra& extra,
                        Strictness strictness) {
  std::string scratch;
  const std::string_view name = *key.AsText(scratch);
  for (const Field<T>& field : fields) {
    if (field.name != name) {
      continue;
    }
    if (value.IsNull()) {
      return {};
    }
    auto status = field.read(value, out);
    if (status) {
      return {};
    }
    if (strictness == Strictness::kStrict && field.on_failure != OnFailure::kKeep) {
      return std::unexpected(UnderMember(name, std::move(status).error()));
    }
    if (field.on_failure == OnFailure::kDrop) {
      return {};
    }
    break;
  }
  Keep(key, value, extra);
  return {};
}

// Reads `object` by `fields`; fails when it is no object.
template <typename T, std::size_t N>
core::Status ReadObject(const json::Value& object, const Field<T> (&fields)[N], T& out,
                        chat::Extra& extra, Strictness strictness = Strictness::kStrict) {
  if (!object.IsObject()) {
    return Expected("an object");
  }
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    SB_CHECK_OK(ReadMember(*key, *value, fields, out, extra, strictness));
    key = value->NextIn(object);
  }
  return {};
}

// Calls read(element) → Status for each element; fails when `list` is no list.
template <typename Read>
core::Status ReadList(const json::Value& list, Read read) {
  if (!list.IsArray()) {
    return Expected("a list");
  }
  std::size_t index = 0;
  for (auto element = list.FirstChild(); element; element = element->NextIn(list), ++index) {
    if (auto status = read(*element); !status) {
      return std::unexpected(UnderElement(index, std::move(status).error()));
    }
  }
  return {};
}

}  // namespace signalbox::wire
