#include "vendors/providers/sim/schema_parts.h"

#include <string>

namespace signalbox::sim {
namespace {

using json::Value;

constexpr std::size_t kMaxParts = 64;

bool IsNullSchema(const Value& schema) {
  const auto type = schema.Find("type");
  return type && type->AsString() == "null";
}

// One step of a JSON pointer (RFC 6901).
std::optional<Value> Step(const Value& value, std::string step) {
  for (const auto& [escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
    for (auto at = step.find(escape); at != std::string::npos; at = step.find(escape, at + 1)) {
      step.replace(at, 2, plain);
    }
  }
  if (value.IsArray()) {
    std::size_t skip = static_cast<std::size_t>(std::atoi(step.c_str()));
    for (auto item = value.FirstChild(); item; item = item->NextIn(value)) {
      if (skip-- == 0) {
        return item;
      }
    }
    return std::nullopt;
  }
  return value.Find(step);
}

std::optional<Value> Resolve(const Value& root, const std::string& pointer) {
  if (!pointer.starts_with('#')) {
    return std::nullopt;
  }
  std::optional<Value> at = root;
  for (std::size_t begin = 1; at && begin < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
    at = Step(*at, pointer.substr(begin + 1, end - begin - 1));
    begin = end;
  }
  return at;
}

// Near the root the first branch that is not null; further down whatever ends soonest.
std::optional<Value> Branch(const Value& branches, int depth) {
  std::optional<Value> chosen;
  for (auto branch = branches.FirstChild(); branch; branch = branch->NextIn(branches)) {
    const bool better =
        depth < kRoomy ? !IsNullSchema(*branch) : IsNullSchema(*branch) || !branch->Find("$ref");
    if (better) {
      return branch;
    }
    chosen = chosen ? chosen : branch;
  }
  return chosen;
}

}  // namespace

std::optional<Value> Find(const Parts& parts, std::string_view key) {
  for (const Value& part : parts) {
    if (auto found = part.Find(key)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<double> Extreme(const Parts& parts, std::string_view key, bool largest) {
  std::optional<double> out;
  for (const Value& part : parts) {
    const auto found = part.Find(key);
    const auto number = found ? found->AsDouble() : std::nullopt;
    if (number && (!out || (largest ? *number > *out : *number < *out))) {
      out = number;
    }
  }
  return out;
}

std::size_t Size(const Parts& parts, std::string_view key, bool largest, std::size_t otherwise) {
  const auto number = Extreme(parts, key, largest);
  return number && *number >= 0 && *number < 1e9 ? static_cast<std::size_t>(*number) : otherwise;
}

void Collect(const Value& root, const Value& schema, int depth, Parts& parts) {
  if (!schema.IsObject() || parts.size() >= kMaxParts) {
    return;
  }
  parts.push_back(schema);
  if (const auto ref = schema.Find("$ref")) {
    const auto pointer = ref->AsString();
    if (const auto target = pointer ? Resolve(root, *pointer) : std::nullopt) {
      Collect(root, *target, depth, parts);
    }
  }
  if (const auto all = schema.Find("allOf"); all && all->IsArray()) {
    json::ForEachElement(*all, [&](const Value& each) { Collect(root, each, depth, parts); });
  }
  for (const std::string_view key : {"anyOf", "oneOf"}) {
    const auto branches = schema.Find(key);
    if (const auto branch =
            branches && branches->IsArray() ? Branch(*branches, depth) : std::nullopt) {
      Collect(root, *branch, depth, parts);
    }
  }
}

}  // namespace signalbox::sim
