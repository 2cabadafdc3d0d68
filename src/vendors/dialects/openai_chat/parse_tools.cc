#include "vendors/dialects/openai_chat/parse_tools.h"

#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::ResponseFormat;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
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

// The name in {"type":<kind>,<kind>:{"name":…}} when nothing else is there.
std::optional<std::string> NameIn(const Value& object, std::string_view kind) {
  const auto inner = object.Find(kind);
  const auto name = inner ? inner->Find("name") : std::nullopt;
  const bool plain = name && object.CountChildren() == 2 && object.Find("type") &&
                     object.Find("type")->AsString() == kind && inner->CountChildren() == 1;
  return plain ? name->AsString() : std::nullopt;
}

// {"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[functions]}}
bool ReadAllowed(const Value& choice, ToolChoice& out) {
  const auto allowed = choice.Find("allowed_tools");
  const auto mode = allowed ? allowed->Find("mode") : std::nullopt;
  const auto tools = allowed ? allowed->Find("tools") : std::nullopt;
  if (!mode || !tools || !tools->IsArray() || choice.CountChildren() != 2 ||
      allowed->CountChildren() != 2) {
    return false;
  }
  const auto word = mode->AsString();
  out.required = word == "required";
  return (out.required || word == "auto") &&
         wire::ReadList(*tools, [&](const Value& tool) -> Status {
           auto name = NameIn(tool, "function");
           if (!name) {
             return wire::Expected("a function");
           }
           out.names.push_back(*std::move(name));
           return {};
         });
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
