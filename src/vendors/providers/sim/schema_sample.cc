#include "vendors/providers/sim/schema_sample.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/json/writer.h"
#include "vendors/providers/sim/schema_parts.h"
#include "vendors/providers/sim/schema_values.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

using json::Value;

constexpr int kDeepest = 24;  // a schema that demands more has no finite document
constexpr std::size_t kMaxItems = 1000;
constexpr int kTriesToBeUnique = 64;

class Sampler {
 public:
  Sampler(const Value& root, std::uint64_t seed) : root_(root), seed_(seed) {}

  void Write(const Parts& parts, std::string_view name, int depth, std::string& out);

 private:
  std::uint64_t Draw() { return Mix(seed_, ++draws_); }
  bool WriteGiven(const Parts& parts, std::string& out);
  std::string Type(const Parts& parts, int depth) const;
  void WriteText(const Parts& parts, std::string_view name, std::string& out);
  void WriteNumber(const Parts& parts, bool integer, std::string& out);
  void WriteArray(const Parts& parts, std::string_view name, int depth, std::string& out);
  void WriteObject(const Parts& parts, int depth, std::string& out);
  std::vector<std::string> ChooseKeys(const Parts& parts, int depth) const;
  void WriteMember(const Parts& parts, const std::string& key, int depth, std::string& out);

  Value root_;
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
};

void Sampler::Write(const Parts& parts, std::string_view name, int depth, std::string& out) {
  if (depth > kDeepest) {
    out += "null";
    return;
  }
  if (WriteGiven(parts, out)) {
    return;
  }
  const std::string type = Type(parts, depth);
  if (type == "object") {
    WriteObject(parts, depth, out);
  } else if (type == "array") {
    WriteArray(parts, name, depth, out);
  } else if (type == "integer" || type == "number") {
    WriteNumber(parts, type == "integer", out);
  } else if (type == "boolean") {
    out += Draw() % 2 == 0 ? "true" : "false";
  } else if (type == "null") {
    out += "null";
  } else {
    WriteText(parts, name, out);
  }
}

bool Sampler::WriteGiven(const Parts& parts, std::string& out) {
  if (const auto constant = Find(parts, "const")) {
    out += constant->Raw();
    return true;
  }
  const auto choices = Find(parts, "enum");
  const std::size_t count = choices && choices->IsArray() ? choices->CountChildren() : 0;
  if (count == 0) {
    return false;
  }
  std::size_t skip = Draw() % count;
  auto choice = choices->FirstChild();
  while (skip-- != 0) {
    choice = choice->NextIn(*choices);
  }
  out += choice->Raw();
  return true;
}

std::string Sampler::Type(const Parts& parts, int depth) const {
  if (const auto type = Find(parts, "type")) {
    if (!type->IsArray()) {
      return type->AsString().value_or("string");
    }
    std::string chosen;
    json::ForEachElement(*type, [&](const Value& each) {
      const auto word = each.AsString().value_or("string");
      const bool null_wanted = depth >= kRoomy && word == "null";
      if (chosen.empty() || chosen == "null" || null_wanted) {
        chosen = depth >= kRoomy && chosen == "null" ? chosen : word;
      }
    });
    return chosen;
  }
  const auto has = [&](std::initializer_list<std::string_view> keys) {
    return std::ranges::any_of(keys, [&](auto key) { return Find(parts, key).has_value(); });
  };
  return has({"properties", "required", "additionalProperties"})         ? "object"
         : has({"items", "prefixItems", "minItems", "contains"})         ? "array"
         : has({"minimum", "maximum", "multipleOf", "exclusiveMinimum"}) ? "number"
                                                                         : "string";
}

void Sampler::WriteText(const Parts& parts, std::string_view name, std::string& out) {
  TextWish wish{.name = name};
  if (const auto format = Find(parts, "format")) {
    wish.format = format->AsString().value_or("");
  }
  if (const auto pattern = Find(parts, "pattern")) {
    wish.pattern = pattern->AsString();
  }
  wish.min_length = std::min<std::size_t>(Size(parts, "minLength", true, 0), 1 << 20);
  wish.max_length = Size(parts, "maxLength", false, SIZE_MAX);
  json::AppendQuoted(out, SampleText(wish, Draw()));
}

void Sampler::WriteNumber(const Parts& parts, bool integer, std::string& out) {
  NumberWish wish{.least = Extreme(parts, "minimum", true),
                  .most = Extreme(parts, "maximum", false),
                  .step = Extreme(parts, "multipleOf", true).value_or(0),
                  .integer = integer};
  const auto above = Extreme(parts, "exclusiveMinimum", true);
  const auto below = Extreme(parts, "exclusiveMaximum", false);
  if (above && (!wish.least || *above >= *wish.least)) {
    wish.least = above;
    wish.above_least = true;
  }
  if (below && (!wish.most || *below <= *wish.most)) {
    wish.most = below;
    wish.below_most = true;
  }
  out += SampleNumber(wish, Draw());
}

void Sampler::WriteArray(const Parts& parts, std::string_view name, int depth, std::string& out) {
  const auto items = Find(parts, "items");
  auto prefix = Find(parts, "prefixItems");
  prefix = !prefix && items && items->IsArray() ? items : prefix;
  const std::size_t heads = prefix && prefix->IsArray() ? prefix->CountChildren() : 0;
  const std::size_t least = std::min(Size(parts, "minItems", true, 0), kMaxItems);
  const std::size_t usual = std::max(depth < kRoomy && !prefix ? std::size_t{2} : 0, heads);
  const std::size_t count =
      std::clamp(usual, least, std::max(least, Size(parts, "maxItems", false, kMaxItems)));
  const auto unique = Find(parts, "uniqueItems");
  const bool must_differ = unique && unique->AsBool().value_or(false);

  std::vector<std::string> written;
  auto head = heads > 0 ? prefix->FirstChild() : std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    Parts item;
    if (head) {
      Collect(root_, *head, depth + 1, item);
      head = head->NextIn(*prefix);
    } else if (items && !items->IsArray()) {
      Collect(root_, *items, depth + 1, item);
    }
    if (const auto contained = Find(parts, "contains"); contained && i == 0) {
      Collect(root_, *contained, depth + 1, item);
    }
    std::string text;
    for (int tries = 0; tries < kTriesToBeUnique; ++tries) {
      text.clear();
      Write(item, must_differ && tries > 0 ? std::string_view() : name, depth + 1, text);
      if (!must_differ || std::ranges::find(written, text) == written.end()) {
        break;
      }
    }
    written.push_back(std::move(text));
  }
  out += fmt::format("[{}]", fmt::join(written, ","));
}

std::vector<std::string> Sampler::ChooseKeys(const Parts& parts, int depth) const {
  std::vector<std::string> keys;
  const auto add = [&](std::optional<std::string> key) {
    if (key && std::ranges::find(keys, *key) == keys.end()) {
      keys.push_back(*std::move(key));
    }
  };
  std::vector<std::string> required;
  for (const Value& part : parts) {
    if (const auto names = part.Find("required"); names && names->IsArray()) {
      json::ForEachElement(
          *names, [&](const Value& name) { required.push_back(name.AsString().value_or("")); });
    }
  }
  const std::size_t most = Size(parts, "maxProperties", false, SIZE_MAX);
  const std::size_t least = std::min(Size(parts, "minProperties", true, 0), kMaxItems);
  for (const Value& part : parts) {
    const auto properties = part.Find("properties");
    if (!properties || !properties->IsObject()) {
      continue;
    }
    json::ForEachMember(*properties, [&](const Value& key, const Value& schema) {
      const auto name = key.AsString();
      const bool needed = std::ranges::find(required, *name) != required.end();
      const bool optional_fits = (depth < kRoomy || keys.size() < least) &&
                                 required.size() <= most && keys.size() < most &&
                                 most == SIZE_MAX && schema.Raw() != "false";
      if (needed || optional_fits) {
        add(name);
      }
    });
  }
  for (auto& name : required) {
    add(std::move(name));
  }
  for (int i = 1; keys.size() < least; ++i) {
    add(fmt::format("key{}", i));
  }
  return keys;
}

void Sampler::WriteMember(const Parts& parts, const std::string& key, int depth, std::string& out) {
  Parts member;
  for (const Value& part : parts) {
    const auto properties = part.Find("properties");
    if (const auto schema = properties ? properties->Find(key) : std::nullopt) {
      Collect(root_, *schema, depth + 1, member);
    }
  }
  if (const auto others = Find(parts, "additionalProperties"); others && member.empty()) {
    Collect(root_, *others, depth + 1, member);
  }
  json::AppendQuoted(out, key);
  out += ':';
  Write(member, key, depth + 1, out);
}

void Sampler::WriteObject(const Parts& parts, int depth, std::string& out) {
  char separator = '{';
  for (const auto& key : ChooseKeys(parts, depth)) {
    out += std::exchange(separator, ',');
    WriteMember(parts, key, depth, out);
  }
  out += separator == '{' ? "{}" : "}";
}

}  // namespace

void SampleSchema(const Value& schema, std::uint64_t seed, std::string& out) {
  Sampler sampler(schema, seed);
  Parts parts;
  Collect(schema, schema, 0, parts);
  sampler.Write(parts, {}, 0, out);
}

std::string SampleSchemaText(std::string_view schema, std::uint64_t seed) {
  json::Document document;
  std::string out;
  if (!document.Parse(schema)) {
    return "{}";
  }
  SampleSchema(document.Root(), seed, out);
  return out;
}

}  // namespace signalbox::sim
