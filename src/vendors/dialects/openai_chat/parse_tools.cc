#include "vendors/dialects/openai_chat/parse_tools.h"

#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::ResponseFormat;
using chat::Tool;
using core::Status;
using json::Value;

constexpr wire::Field<Tool> kFunctionFields[] = {
    {"name", [](const Value& v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", [](const Value& v, Tool& out) { return wire::ReadRaw(v, out.parameters); }},
    {"strict", [](const Value& v, Tool& out) { return wire::ReadBool(v, out.strict); }},
};

constexpr wire::Field<Tool> kCustomFields[] = {
    {"name", [](const Value& v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"format", [](const Value& v, Tool& out) { return wire::ReadRaw(v, out.format); }},
};

constexpr wire::Field<Tool> kToolFields[] = {
    {"type", [](const Value& v, Tool& out) { return wire::ReadText(v, out.type); }},
    {"function",
     [](const Value& v, Tool& out) {
       return wire::ReadObject(v, kFunctionFields, out, out.inner_extra);
     }},
    {"custom",
     [](const Value& v, Tool& out) {
       out.kind = chat::ToolKind::kCustom;
       return wire::ReadObject(v, kCustomFields, out, out.inner_extra);
     }},
    {"cache_control", [](const Value& v, Tool& out) { return wire::ReadCache(v, out.cache); },
     wire::OnFailure::kKeep},
};

Status ParseTool(const Value& tool, Tool& out) {
  if (!tool.IsObject()) {
    return wire::Expected("an object");
  }
  if (!tool.Find("function") && !tool.Find("custom")) {
    const auto type = tool.Find("type");
    if (!type || !type->IsString()) {
      return std::unexpected(wire::UnderMember("type", wire::Expected("a string").error()));
    }
    out.kind = chat::ToolKind::kRaw;
    out.type = *type->AsString();
    out.json = std::string(tool.Raw());
    return {};
  }
  SB_CHECK_OK(wire::ReadObject(tool, kToolFields, out, out.extra));
  out.type.clear();
  return out.name.empty()
             ? std::unexpected(wire::UnderMember("function.name", wire::Expected("a name").error()))
             : Status{};
}

constexpr wire::Field<ResponseFormat> kSchemaFields[] = {
    {"name", [](const Value& v, ResponseFormat& out) { return wire::ReadText(v, out.name); }},
    {"description",
     [](const Value& v, ResponseFormat& out) { return wire::ReadText(v, out.description); }},
    {"schema", [](const Value& v, ResponseFormat& out) { return wire::ReadRaw(v, out.schema); }},
    {"strict", [](const Value& v, ResponseFormat& out) { return wire::ReadBool(v, out.strict); }},
};

constexpr wire::Field<ResponseFormat> kFormatFields[] = {
    {"type", [](const Value&, ResponseFormat&) { return Status{}; }},
    {"json_schema",
     [](const Value& v, ResponseFormat& out) {
       return wire::ReadObject(v, kSchemaFields, out, out.inner_extra);
     }},
};

}  // namespace

Status ParseTools(const Value& tools, std::vector<Tool>& out) {
  return wire::ReadList(tools,
                        [&](const Value& tool) { return ParseTool(tool, out.emplace_back()); });
}

Status ParseResponseFormat(const Value& format, ResponseFormat& out) {
  if (!format.IsObject()) {
    return wire::Expected("an object");
  }
  const auto type = format.Find("type");
  if (!type || !type->IsString()) {
    return std::unexpected(wire::UnderMember("type", wire::Expected("a string").error()));
  }
  const std::string word = *type->AsString();
  const auto schema = format.Find("json_schema");
  if (word == "json_schema" && schema && schema->IsObject()) {
    out.kind = chat::FormatKind::kJsonSchema;
  } else if ((word == "text" || word == "json_object") && !schema) {
    out.kind = word == "text" ? chat::FormatKind::kText : chat::FormatKind::kJsonObject;
  } else {
    out.kind = chat::FormatKind::kRaw;
    out.json = std::string(format.Raw());
    return {};
  }
  return wire::ReadObject(format, kFormatFields, out, out.extra);
}

}  // namespace signalbox::openai_chat
