#include "vendors/dialects/gemini/schema.h"

#include <algorithm>

#include "base/json/writer.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/object.h"

namespace signalbox::gemini {
namespace {

using json::Value;
using json::Writer;

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::ranges::find(names, name) != std::end(names);
}

constexpr std::string_view kCounts[] = {"minItems",  "maxItems",      "minLength",
                                        "maxLength", "minProperties", "maxProperties"};

// An int64 of proto JSON is a text.
void WriteCount(const Value& value, Writer& out) {
  std::optional<std::int64_t> count;
  if (ReadCount(value, count)) {
    out.Int(*count);
  } else {
    out.Raw(value.Raw());
  }
}

void ToJsonSchema(const Value& schema, Writer& out);

void MapToJsonSchema(const Value& map, Writer& out) {
  if (!map.IsObject()) {
    out.Raw(map.Raw());
    return;
  }
  out.BeginObject();
  json::ForEachMember(map, [&](const Value& key, const Value& value) {
    out.Key(*key.AsString());
    ToJsonSchema(value, out);
  });
  out.EndObject();
}

void ListToJsonSchema(const Value& list, Writer& out) {
  out.BeginArray();
  json::ForEachElement(list, [&](const Value& element) { ToJsonSchema(element, out); });
  out.EndArray();
}

void TypeToJsonSchema(const Value& type, bool nullable, Writer& out) {
  const std::string name = Lower(type.AsString().value_or(""));
  if (name.empty() || name == "type_unspecified") {
    return;
  }
  out.Key("type");
  if (!nullable) {
    out.String(name);
    return;
  }
  out.BeginArray().String(name).String("null").EndArray();
}

void MemberToJsonSchema(std::string_view name, const Value& value, bool nullable, Writer& out) {
  constexpr std::string_view kSilent[] = {"nullable", "propertyOrdering", "example"};
  if (IsOneOf(name, kSilent)) {
    return;
  }
  if (name == "type" && value.IsString()) {
    TypeToJsonSchema(value, nullable, out);
    return;
  }
  if (name == "format" && value.AsString() == "enum") {
    return;
  }
  out.Key(name == "ref" ? "$ref" : name == "defs" ? "$defs" : name);
  if (name == "properties" || name == "defs" || name == "$defs") {
    MapToJsonSchema(value, out);
  } else if ((name == "items" || name == "additionalProperties") && value.IsObject()) {
    ToJsonSchema(value, out);
  } else if (name == "anyOf" && value.IsArray()) {
    ListToJsonSchema(value, out);
  } else if (IsOneOf(name, kCounts)) {
    WriteCount(value, out);
  } else {
    out.Raw(value.Raw());
  }
}

void ToJsonSchema(const Value& schema, Writer& out) {
  if (!schema.IsObject()) {
    out.Raw(schema.Raw());
    return;
  }
  const auto nullable = schema.Find("nullable");
  const bool or_null = nullable && nullable->AsBool().value_or(false);
  out.BeginObject();
  std::string scratch;
  json::ForEachMember(schema, [&](const Value& key, const Value& value) {
    const std::string written = *key.AsString();
    const std::string_view name = Camel(written, scratch);
    if (!value.IsNull() && (name == written || !schema.Find(name))) {
      MemberToJsonSchema(name, value, or_null, out);
    }
  });
  out.EndObject();
}

}  // namespace

std::string JsonSchemaOf(const Value& schema) {
  std::string text;
  Writer out(text);
  ToJsonSchema(schema, out);
  return text;
}

}  // namespace signalbox::gemini
