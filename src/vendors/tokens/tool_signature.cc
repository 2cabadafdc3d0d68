#include "vendors/tokens/tool_signature.h"

#include <string_view>

#include "base/json/document.h"

namespace signalbox::tokens {
namespace {

constexpr int kDeepest = 16;  // schemas nested deeper are shown as any

std::string TextOf(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or(std::string()) : std::string();
}

bool IsRequired(const json::Value& object, std::string_view name) {
  const auto required = object.Find("required");
  bool found = false;
  if (required) {
    std::string scratch;
    json::ForEachElement(*required, [&](const json::Value& value) {
      found = found || value.AsText(scratch) == name;
    });
  }
  return found;
}

void AppendProperties(const json::Value& object, int depth, std::string& out);

void AppendEnum(const json::Value& values, std::string& out) {
  bool first = true;
  json::ForEachElement(values, [&](const json::Value& value) {
    out.append(first ? "" : " | ").append(value.Raw());
    first = false;
  });
}

void AppendType(const json::Value& schema, int depth, std::string& out) {
  if (const auto values = schema.Find("enum"); values && values->IsArray()) {
    return AppendEnum(*values, out);
  }
  const std::string type = TextOf(schema, "type");
  if (type == "object" && depth < kDeepest) {
    out += "{\n";
    AppendProperties(schema, depth + 1, out);
    out += "}";
  } else if (type == "array") {
    const auto items = schema.Find("items");
    if (items && depth < kDeepest) {
      AppendType(*items, depth + 1, out);
    } else {
      out += "any";
    }
    out += "[]";
  } else {
    out += type == "integer" ? "number" : type.empty() || type == "object" ? "any" : type;
  }
}

void AppendProperties(const json::Value& object, int depth, std::string& out) {
  const auto properties = object.Find("properties");
  if (!properties || !properties->IsObject()) {
    return;
  }
  json::ForEachMember(*properties, [&](const json::Value& key, const json::Value& schema) {
    const std::string name = key.AsString().value_or(std::string());
    if (const std::string text = TextOf(schema, "description"); !text.empty()) {
      out.append("// ").append(text).append("\n");
    }
    out.append(name).append(IsRequired(object, name) ? ": " : "?: ");
    AppendType(schema, depth, out);
    out += ",";
    if (const auto value = schema.Find("default")) {
      out.append(" // default: ").append(value->AsString().value_or(std::string(value->Raw())));
    }
    out += "\n";
  });
}

void AppendFunction(const chat::Tool& tool, std::string& out) {
  if (!tool.description.empty()) {
    out.append("// ").append(tool.description).append("\n");
  }
  out.append("type ").append(tool.name);
  json::Document schema;
  std::string properties;
  if (!tool.parameters.empty() && schema.Parse(tool.parameters)) {
    AppendProperties(schema.Root(), 0, properties);
  }
  if (properties.empty()) {
    out += " = () => any;\n\n";
  } else {
    out.append(" = (_: {\n").append(properties).append("}) => any;\n\n");
  }
}

}  // namespace

std::string ToolSignatures(std::span<const chat::Tool> tools) {
  std::string out = "namespace functions {\n\n";
  for (const chat::Tool& tool : tools) {
    if (tool.kind == chat::ToolKind::kRaw) {
      out.append(tool.json).append("\n\n");
    } else {
      AppendFunction(tool, out);
      out += tool.format;
    }
  }
  return out + "} // namespace functions";
}

}  // namespace signalbox::tokens
