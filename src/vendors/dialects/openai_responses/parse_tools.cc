#include "vendors/dialects/openai_responses/parse_tools.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::ResponseFormat;
using chat::Tool;
using core::Status;
using json::Value;

std::string TypeIn(const Value& object) {
  const auto type = object.Find("type");
  return type ? type->AsString().value_or("") : "";
}

// A grammar stands one level deeper in the canonical form, as OpenAI Chat has it.
Status ReadToolFormat(const Value& value, Tool& out) {
  const auto syntax = value.Find("syntax");
  const auto definition = value.Find("definition");
  if (TypeIn(value) != "grammar" || !syntax || !definition || value.CountChildren() != 3) {
    return wire::ReadRaw(value, out.format);
  }
  json::Writer json(out.format);
  json.BeginObject().Key("type").String("grammar").Key("grammar").BeginObject();
  json.Key("syntax").Raw(syntax->Raw()).Key("definition").Raw(definition->Raw());
  json.EndObject().EndObject();
  return {};
}

constexpr wire::Field<Tool> kFunctionFields[] = {
    {"type", [](const Value&, Tool&) { return Status{}; }},
    {"name", [](const Value& v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", [](const Value& v, Tool& out) { return wire::ReadRaw(v, out.parameters); }},
    {"strict", [](const Value& v, Tool& out) { return wire::ReadBool(v, out.strict); }},
};

constexpr wire::Field<Tool> kCustomFields[] = {
    {"type", [](const Value&, Tool&) { return Status{}; }},
    {"name", [](const Value& v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"format", ReadToolFormat},
};

Status ParseTool(const Value& tool, Tool& out) {
  if (!tool.IsObject()) {
    return wire::Expected("an object");
  }
  std::string type = TypeIn(tool);
  if (type != "function" && type != "custom") {
    out.kind = chat::ToolKind::kRaw;
    out.type = std::move(type);
    out.json = std::string(tool.Raw());
    return {};
  }
  if (type == "function") {
    SB_CHECK_OK(wire::ReadObject(tool, kFunctionFields, out, out.extra));
  } else {
    out.kind = chat::ToolKind::kCustom;
    SB_CHECK_OK(wire::ReadObject(tool, kCustomFields, out, out.extra));
  }
  return out.name.empty()
             ? std::unexpected(wire::UnderMember("name", wire::Expected("a name").error()))
             : Status{};
}

constexpr wire::Field<ResponseFormat> kSchemaFields[] = {
    {"type", [](const Value&, ResponseFormat&) { return Status{}; }},
    {"name", [](const Value& v, ResponseFormat& out) { return wire::ReadText(v, out.name); }},
    {"description",
     [](const Value& v, ResponseFormat& out) { return wire::ReadText(v, out.description); }},
    {"schema", [](const Value& v, ResponseFormat& out) { return wire::ReadRaw(v, out.schema); }},
    {"strict", [](const Value& v, ResponseFormat& out) { return wire::ReadBool(v, out.strict); }},
};

Status ReadFormat(const Value& format, chat::Request& request) {
  ResponseFormat& out = request.response_format;
  if (!format.IsObject()) {
    return wire::Expected("an object");
  }
  const std::string word = TypeIn(format);
  if (word == "json_schema") {
    out.kind = chat::FormatKind::kJsonSchema;
  } else if (word == "text" || word == "json_object") {
    out.kind = word == "text" ? chat::FormatKind::kText : chat::FormatKind::kJsonObject;
  } else {
    out.kind = chat::FormatKind::kRaw;
    out.json = std::string(format.Raw());
    return {};
  }
  return wire::ReadObject(format, kSchemaFields, out, out.inner_extra);
}

constexpr wire::Field<chat::Request> kTextFields[] = {
    {"format", ReadFormat},
    {"verbosity",
     [](const Value& v, chat::Request& out) { return wire::ReadText(v, out.output.verbosity); }},
};

}  // namespace

Status ParseTools(const Value& tools, std::vector<Tool>& out) {
  return wire::ReadList(tools,
                        [&](const Value& tool) { return ParseTool(tool, out.emplace_back()); });
}

Status ParseTextOptions(const Value& text, chat::Request& out) {
  return wire::ReadObject(text, kTextFields, out, out.response_format.extra);
}

}  // namespace signalbox::openai_responses
