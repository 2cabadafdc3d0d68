// Reading Google's objects: proto JSON takes each name in camelCase and in snake_case, a list of
// one without its brackets, and whole numbers as text or with a fraction of zero.
//
// Owner:   the parsers of this folder. Threads: any.
// Errors:  as wire/fields.h; a member that stands in both spellings is one.
// Cancel:  nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::gemini {

// "max_output_tokens" → "maxOutputTokens". A view of `name`, or of `scratch`.
std::string_view Camel(std::string_view name, std::string& scratch);

// The member of either spelling; null counts as absent.
std::optional<json::Value> Find(const json::Value& object, std::string_view camel);

core::Status ReadCount(const json::Value& value, std::optional<std::int64_t>& out);

// Where the unknown members of a part's call or result stand among those of the part.
inline constexpr std::string_view kCallPrefix = "functionCall.";
inline constexpr std::string_view kResultPrefix = "functionResponse.";

// Puts an unknown member behind `prefix` ("generationConfig."): where it goes back to.
void KeepUnder(std::string_view prefix, std::string_view name, const json::Value& value,
               chat::Extra& extra);

template <typename T>
core::Status ReadKnown(const wire::Field<T>& field, const json::Value& value, std::string_view name,
                       T& out, chat::Extra& extra, wire::Strictness strictness) {
  auto status = field.read(value, out);
  if (status ||
      (strictness == wire::Strictness::kLenient && field.on_failure == wire::OnFailure::kDrop)) {
    return {};
  }
  if (strictness == wire::Strictness::kStrict) {
    return std::unexpected(wire::UnderMember(name, std::move(status).error()));
  }
  KeepUnder({}, name, value, extra);
  return {};
}

template <typename T, std::size_t N>
core::Status ReadMembers(const json::Value& object, const wire::Field<T> (&fields)[N], T& out,
                         chat::Extra& extra, wire::Strictness strictness,
                         std::string_view prefix = {}) {
  static_assert(N <= 64);
  if (!object.IsObject()) {
    return wire::Expected("an object");
  }
  std::uint64_t seen = 0;
  std::string scratch;
  std::string camel;
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    const std::string_view name = *key->AsText(scratch);
    const std::string_view spelled = Camel(name, camel);
    std::size_t at = 0;
    while (at < N && fields[at].name != spelled) {
      ++at;
    }
    if (at == N) {
      KeepUnder(prefix, name, *value, extra);
    } else if (!value->IsNull()) {
      const std::uint64_t bit = std::uint64_t{1} << at;
      if ((seen & bit) != 0 && strictness == wire::Strictness::kStrict) {
        return std::unexpected(wire::UnderMember(name, wire::Expected("one spelling").error()));
      }
      if ((seen & bit) == 0) {
        seen |= bit;
        SB_CHECK_OK(ReadKnown(fields[at], *value, name, out, extra, strictness));
      }
    }
    key = value->NextIn(object);
  }
  return {};
}

// A list, or its only element.
template <typename Read>
core::Status ReadListOrOne(const json::Value& value, Read read) {
  return value.IsObject() ? read(value) : wire::ReadList(value, read);
}

}  // namespace signalbox::gemini
