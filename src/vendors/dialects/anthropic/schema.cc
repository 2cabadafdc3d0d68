#include "vendors/dialects/anthropic/schema.h"

#include <algorithm>
#include <iterator>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::anthropic {
namespace {

using json::Value;
using json::Writer;

constexpr std::string_view kMaps[] = {"properties", "$defs", "definitions"};
constexpr std::string_view kLists[] = {"anyOf", "allOf", "oneOf"};
constexpr std::string_view kBounds[] = {
    "minimum",       "maximum",       "exclusiveMinimum",  "exclusiveMaximum", "multipleOf",
    "minLength",     "maxLength",     "maxItems",          "uniqueItems",      "contains",
    "minProperties", "maxProperties", "patternProperties", "propertyNames",    "prefixItems"};
constexpr std::string_view kFormats[] = {"date-time", "time", "date", "duration", "email",
                                         "hostname",  "uri",  "ipv4", "ipv6",     "uuid"};

template <std::size_t N>
bool Among(const std::string_view (&list)[N], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

bool IsBound(std::string_view key, const Value& value) {
  if (key == "minItems") {
    return value.AsInt().value_or(2) > 1;
  }
  if (key == "format") {
    return !Among(kFormats, value.AsString().value_or(""));
  }
  return Among(kBounds, key);
}

bool IsObjectSchema(const Value& schema) {
  const auto type = schema.Find("type");
  return type ? type->AsString() == "object" : schema.Find("properties").has_value();
}

class Compiler {
 public:
  explicit Compiler(std::string& text) : out_(text) {}

  void Schema(const Value& schema) {
    if (!schema.IsObject()) {
      out_.Raw(schema.Raw());
      return;
    }
    std::string description;
    std::string bounds;
    out_.BeginObject();
    json::ForEachMember(schema, [&](const Value& key, const Value& value) {
      const std::string name = *key.AsString();
      if (name == "description") {
        description = value.AsString().value_or("");
      } else if (IsBound(name, value)) {
        bounds.append(bounds.empty() ? "" : ", ").append(name).append(": ").append(value.Raw());
      } else if (name != "additionalProperties") {
        Member(name, value);
      }
    });
    if (IsObjectSchema(schema)) {
      out_.Key("additionalProperties").Bool(false);
    }
    Describe(description, bounds);
    out_.EndObject();
  }

 private:
  void Member(const std::string& name, const Value& value) {
    out_.Key(name == "oneOf" ? "anyOf" : name);
    if (Among(kMaps, name) && value.IsObject()) {
      out_.BeginObject();
      json::ForEachMember(value, [&](const Value& key, const Value& schema) {
        out_.Key(*key.AsString());
        Schema(schema);
      });
      out_.EndObject();
    } else if (Among(kLists, name) && value.IsArray()) {
      out_.BeginArray();
      json::ForEachElement(value, [&](const Value& schema) { Schema(schema); });
      out_.EndArray();
    } else if (name == "items") {
      Schema(value);
    } else {
      out_.Raw(value.Raw());
    }
  }

  void Describe(std::string description, const std::string& bounds) {
    if (!bounds.empty()) {
      description.append(description.empty() ? "{" : "\n\n{").append(bounds).append("}");
    }
    if (!description.empty()) {
      out_.Key("description").String(description);
    }
  }

  Writer out_;
};

}  // namespace

std::string CompilableSchema(std::string_view schema) {
  json::Document document;
  if (!document.Parse(schema)) {
    return std::string(schema);
  }
  std::string text;
  Compiler(text).Schema(document.Root());
  return text;
}

std::string ToolSchema(std::string_view schema) {
  json::Document document;
  if (schema.empty() || !document.Parse(schema) || !document.Root().IsObject()) {
    return R"({"type":"object","properties":{}})";
  }
  const auto type = document.Root().Find("type");
  if (type && !type->IsNull()) {
    return std::string(schema);
  }
  std::string text;
  Writer out(text);
  out.BeginObject().Key("type").String("object");
  json::ForEachMember(document.Root(), [&](const Value& key, const Value& value) {
    if (key.AsString() != "type") {
      out.Key(*key.AsString()).Raw(value.Raw());
    }
  });
  out.EndObject();
  return text;
}

}  // namespace signalbox::anthropic
