#include "vendors/dialects/wire/fields.h"

namespace signalbox::wire {
namespace {

using core::Status;
using json::Value;

constexpr Field<chat::CacheMarker> kCacheFields[] = {
    {"type", [](const Value& v, chat::CacheMarker& out) { return ReadText(v, out.type); }},
    {"ttl", [](const Value& v, chat::CacheMarker& out) { return ReadText(v, out.ttl); }},
};

}  // namespace

std::unexpected<core::Error> Expected(std::string_view what) {
  return core::Fail(core::ErrorCode::kInvalidRequest, std::string(what) + " was expected");
}

core::Error UnderMember(std::string_view member, core::Error error) {
  std::string path(member);
  if (!error.param.empty() && error.param.front() != '[') {
    path += '.';
  }
  error.param.insert(0, path);
  return error;
}

core::Error UnderElement(std::size_t index, core::Error error) {
  return UnderMember("[" + std::to_string(index) + "]", std::move(error));
}

Status ReadText(const Value& value, std::string& out) {
  const auto text = value.AsText(out);
  if (!text) {
    return Expected("a string");
  }
  if (text->data() != out.data()) {
    out = *text;
  }
  return {};
}

Status ReadRaw(const Value& value, chat::RawJson& out) {
  out = value.Raw();
  return {};
}

Status ReadBool(const Value& value, std::optional<bool>& out) {
  out = value.AsBool();
  return out ? Status{} : Expected("true or false");
}

Status ReadInt(const Value& value, std::optional<std::int64_t>& out) {
  out = value.AsInt();
  return out ? Status{} : Expected("an integer");
}

Status ReadNumber(const Value& value, std::optional<chat::Number>& out) {
  if (!value.IsNumber()) {
    return Expected("a number");
  }
  out = chat::Number{std::string(value.Raw())};
  return {};
}

Status ReadTextList(const Value& value, std::vector<std::string>& out) {
  return ReadList(value,
                  [&](const Value& element) { return ReadText(element, out.emplace_back()); });
}

Status ReadCache(const Value& value, std::optional<chat::CacheMarker>& out) {
  chat::CacheMarker marker;
  marker.type.clear();
  SB_CHECK_OK(ReadObject(value, kCacheFields, marker, marker.extra));
  out = std::move(marker);
  return {};
}

void Keep(const Value& key, const Value& value, chat::Extra& extra) {
  extra.push_back({*key.AsString(), std::string(value.Raw())});
}

Status ReadTokenIds(const Value& value, std::vector<std::int64_t>& out) {
  return ReadList(value, [&](const Value& token) -> Status {
    const auto id = token.AsInt();
    if (!id) {
      return Expected("a token");
    }
    out.push_back(*id);
    return {};
  });
}

}  // namespace signalbox::wire
