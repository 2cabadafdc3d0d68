#include "vendors/dialects/openai_responses/parse_tools.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::ResponseFormat;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
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

Status ParseChoiceWord(const Value& choice, ToolChoice& out) {
  const std::string word = *choice.AsString();
  if (word == "auto") {
    out.mode = ToolChoiceMode::kAuto;
  } else if (word == "none") {
    out.mode = ToolChoiceMode::kNone;
  } else if (word == "required" || word == "any") {
    out.mode = ToolChoiceMode::kRequired;
    out.spelling = word == "any" ? word : "";
  } else {
    return wire::Expected("none, auto, required or a tool");
  }
  return {};
}

// The name in {"type":<kind>,"name":…} when nothing else is there.
std::optional<std::string> NameIn(const Value& object, std::string_view kind) {
  const auto name = object.Find("name");
  const bool plain = name && object.CountChildren() == 2 && TypeIn(object) == kind;
  return plain ? name->AsString() : std::nullopt;
}

// {"type":"allowed_tools","mode":…,"tools":[functions]}
bool ReadAllowed(const Value& choice, ToolChoice& out) {
  const auto mode = choice.Find("mode");
  const auto tools = choice.Find("tools");
  if (!mode || !tools || choice.CountChildren() != 3 || TypeIn(choice) != "allowed_tools") {
    return false;
  }
  const auto word = mode->AsString();
  out.required = word == "required";
  const auto status = wire::ReadList(*tools, [&](const Value& tool) -> Status {
    auto name = NameIn(tool, "function");
    if (!name) {
      return wire::Expected("a function");
    }
    out.names.push_back(*std::move(name));
    return {};
  });
  return (out.required || word == "auto") && status;
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

Status ParseToolChoice(const Value& choice, ToolChoice& out) {
  if (choice.IsString()) {
    return ParseChoiceWord(choice, out);
  }
  if (!choice.IsObject()) {
    return wire::Expected("none, auto, required or a tool");
  }
  auto function = NameIn(choice, "function");
  auto custom = NameIn(choice, "custom");
  ToolChoice allowed;
  if (function || custom) {
    out.mode = ToolChoiceMode::kNamed;
    out.custom = custom.has_value();
    out.names.push_back(function ? *std::move(function) : *std::move(custom));
  } else if (ReadAllowed(choice, allowed)) {
    out = std::move(allowed);
    out.mode = ToolChoiceMode::kAllowed;
  } else {
    out.mode = ToolChoiceMode::kRaw;
    out.json = std::string(choice.Raw());
  }
  return {};
}

Status ParseTextOptions(const Value& text, chat::Request& out) {
  return wire::ReadObject(text, kTextFields, out, out.response_format.extra);
}

}  // namespace signalbox::openai_responses
