// JSON Schema into Google's.
#include <algorithm>

#include "base/json/writer.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/schema.h"

namespace signalbox::gemini {
namespace {

using json::Value;
using json::Writer;

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::ranges::find(names, name) != std::end(names);
}

// JSON Schema into Google's. Every step says whether Google's can say it.
class Translation {
 public:
  explicit Translation(Writer& out) : out_(out) {}

  bool Object(const Value& schema) {
    if (!schema.IsObject()) {
      return false;
    }
    bool said = true;
    out_.BeginObject();
    json::ForEachMember(schema, [&](const Value& key, const Value& value) {
      said = said && Member(schema, *key.AsString(), value);
    });
    out_.EndObject();
    return said;
  }

 private:
  bool Member(const Value& schema, const std::string& name, const Value& value) {
    constexpr std::string_view kSame[] = {"title",         "description",  "required",  "minimum",
                                          "maximum",       "pattern",      "default",   "nullable",
                                          "minItems",      "maxItems",     "minLength", "maxLength",
                                          "minProperties", "maxProperties"};
    constexpr std::string_view kSilent[] = {"$schema",    "$id",      "$comment", "examples",
                                            "deprecated", "readOnly", "writeOnly"};
    if (IsOneOf(name, kSame)) {
      out_.Key(name).Raw(value.Raw());
      return true;
    }
    if (name == "type") {
      return Type(value);
    }
    if (name == "properties") {
      return Properties(value);
    }
    if (name == "items") {
      out_.Key("items");
      return Object(value);
    }
    if (name == "anyOf" || (name == "oneOf" && !schema.Find("anyOf"))) {
      return AnyOf(value);
    }
    if (name == "enum") {
      return Enum(value);
    }
    if (name == "format") {
      return Format(value.AsString().value_or(""));
    }
    return IsOneOf(name, kSilent) || (name == "additionalProperties" && !value.IsObject());
  }

  bool Type(const Value& value) {
    if (value.IsString()) {
      out_.Key("type").String(Upper(*value.AsString()));
      return true;
    }
    std::vector<std::string> types;
    if (!wire::ReadTextList(value, types)) {
      return false;
    }
    const auto others = std::ranges::remove(types, "null");
    const bool nullable = !others.empty();
    types.erase(others.begin(), others.end());
    if (types.size() != 1) {
      return false;
    }
    out_.Key("type").String(Upper(types.front()));
    if (nullable) {
      out_.Key("nullable").Bool(true);
    }
    return true;
  }

  bool Properties(const Value& value) {
    if (!value.IsObject()) {
      return false;
    }
    bool said = true;
    std::vector<std::string> order;
    out_.Key("properties").BeginObject();
    json::ForEachMember(value, [&](const Value& key, const Value& property) {
      order.push_back(*key.AsString());
      out_.Key(order.back());
      said = said && Object(property);
    });
    out_.EndObject();
    if (!order.empty()) {
      out_.Key("propertyOrdering").BeginArray();
      for (const std::string& name : order) {
        out_.String(name);
      }
      out_.EndArray();
    }
    return said;
  }

  bool AnyOf(const Value& value) {
    bool said = value.IsArray();
    out_.Key("anyOf").BeginArray();
    json::ForEachElement(value, [&](const Value& element) { said = said && Object(element); });
    out_.EndArray();
    return said;
  }

  bool Enum(const Value& value) {
    bool said = value.IsArray();
    json::ForEachElement(value, [&](const Value& element) { said = said && element.IsString(); });
    out_.Key("enum").Raw(value.Raw());
    return said;
  }

  bool Format(std::string_view format) {
    constexpr std::string_view kKnown[] = {"enum",   "date-time", "float",
                                           "double", "int32",     "int64"};
    if (IsOneOf(format, kKnown)) {
      out_.Key("format").String(format);
    }
    return true;
  }

  Writer& out_;
};

}  // namespace

std::string SchemaOf(std::string_view json_schema) {
  json::Document document;
  if (!document.Parse(json_schema)) {
    return {};
  }
  std::string text;
  Writer out(text);
  return Translation(out).Object(document.Root()) ? text : std::string();
}

}  // namespace signalbox::gemini
