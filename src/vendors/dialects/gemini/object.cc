#include "vendors/dialects/gemini/object.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace signalbox::gemini {

using json::Value;

std::string_view Camel(std::string_view name, std::string& scratch) {
  if (name.find('_', 1) == std::string_view::npos) {
    return name;
  }
  scratch.clear();
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool joint = name[i] == '_' && i > 0 && i + 1 < name.size();
    if (joint && name[i + 1] >= 'a' && name[i + 1] <= 'z') {
      scratch += static_cast<char>(name[++i] - 'a' + 'A');
    } else {
      scratch += name[i];
    }
  }
  return scratch;
}

std::optional<Value> Find(const Value& object, std::string_view camel) {
  if (!object.IsObject()) {
    return std::nullopt;
  }
  std::string text;
  std::string scratch;
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    if (!value->IsNull() && Camel(*key->AsText(text), scratch) == camel) {
      return value;
    }
    key = value->NextIn(object);
  }
  return std::nullopt;
}

core::Status ReadCount(const Value& value, std::optional<std::int64_t>& out) {
  out = value.AsInt();
  if (const auto real = value.AsDouble();
      !out && real && std::trunc(*real) == *real && std::abs(*real) < 9e15) {
    out = static_cast<std::int64_t>(*real);
  }
  if (std::string scratch; const auto text = value.AsText(scratch)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size()) {
      out = number;
    }
  }
  return out ? core::Status{} : wire::Expected("an integer");
}

void KeepUnder(std::string_view prefix, std::string_view name, const Value& value,
               chat::Extra& extra) {
  // A name that looks like a path of ours is nobody's.
  constexpr std::string_view kPlaces[] = {"generationConfig.", "toolConfig.", kCallPrefix,
                                          kResultPrefix};
  if (prefix.empty() && std::ranges::any_of(kPlaces, [&](std::string_view place) {
        return name.starts_with(place);
      })) {
    return;
  }
  extra.push_back({std::string(prefix).append(name), std::string(value.Raw())});
}

}  // namespace signalbox::gemini
