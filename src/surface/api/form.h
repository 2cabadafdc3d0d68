// Bodies, answers and query parameters of the management API: plain structs and the tables that
// bind names to their members, the same tables that configuration is read by.
//
//   struct KeyChange {
//     std::optional<std::string> name;  // left out: stays as it is
//     static const config::Table<KeyChange>& Members();
//   };
//
// Owner:   nobody, they are functions. Threads: any.
// Errors:  kInvalidRequest; `param` names the member. No value is ever repeated.
// Cancel:  nothing to undo.
//
// What is not in the table cannot be set: a member that nobody declared is refused, as is one that
// stands twice, has another type, is null, or is missing where it has to be there.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/config/table.h"
#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::api {

inline constexpr std::uint64_t kMostBodyBytes = 64 * 1024;
inline constexpr std::uint32_t kMostBodyDepth = 8;

template <typename T>
concept Form = requires {
  { T::Members() } -> std::same_as<const config::Table<T>&>;
};

// `text` is a JSON object.
core::Status ReadJson(const config::TableData& table, std::string_view text, void* object);
// `query` as it stands behind the question mark.
core::Status ReadQuery(const config::TableData& table, std::string_view query, void* object);

// What is not set is null. Sections are objects, entries are objects by name.
void WriteJson(const config::TableData& table, const void* object, json::Writer& out);

template <Form T>
core::Result<T> JsonAs(std::string_view text) {
  T out;
  SB_CHECK_OK(ReadJson(*T::Members().data(), text, &out));
  return out;
}
template <Form T>
core::Result<T> QueryAs(std::string_view query) {
  T out;
  SB_CHECK_OK(ReadQuery(*T::Members().data(), query, &out));
  return out;
}
template <Form T>
void Write(const T& value, json::Writer& out) {
  WriteJson(*T::Members().data(), &value, out);
}
template <Form T>
std::string JsonOf(const T& value) {
  std::string out;
  json::Writer writer(out);
  Write(value, writer);
  return out;
}

// Each step of a path or a query as text: %2F becomes a slash; with `plus` a plus becomes a blank.
std::string PercentDecoded(std::string_view text, bool plus = false);

}  // namespace signalbox::api
