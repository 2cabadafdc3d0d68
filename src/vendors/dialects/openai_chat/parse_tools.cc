#include "vendors/dialects/openai_chat/parse_tools.h"

#include <utility>

#include "vendors/dialects/openai_chat/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::ResponseFormat;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using core::Status;
using json::Value;

constexpr Field<Tool> kFunctionFields[] = {
    {"name", [](const Value& v, Tool& out) { return ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return ReadText(v, out.description); }},
    {"parameters", [](const Value& v, Tool& out) { return ReadRaw(v, out.parameters); }},
    {"strict", [](const Value& v, Tool& out) { return ReadBool(v, out.strict); }},
};

constexpr Field<Tool> kCustomFields[] = {
    {"name", [](const Value& v, Tool& out) { return ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return ReadText(v, out.description); }},
    {"format", [](const Value& v, Tool& out) { return ReadRaw(v, out.format); }},
};

constexpr Field<Tool> kToolFields[] = {
    {"type", [](const Value& v, Tool& out) { return ReadText(v, out.type); }},
    {"function", [](const Value& v,
                    Tool& out) { return ReadObject(v, kFunctionFields, out, out.inner_extra); }},
    {"custom",
     [](const Value& v, Tool& out) {
       out.kind = chat::ToolKind::kCustom;
       return ReadObject(v, kCustomFields, out, out.inner_extra);
     }},
    {"cache_control", [](const Value& v, Tool& out) { return ReadCache(v, out.cache); },
     OnFailure::kKeep},
};

Status ParseTool(const Value& tool, Tool& out) {
  if (!tool.IsObject()) {
    return Expected("an object");
  }
  if (!tool.Find("function") && !tool.Find("custom")) {
    const auto type = tool.Find("type");
    if (!type || !type->IsString()) {
      return std::unexpected(UnderMember("type", Expected("a string").error()));
    }
    out.kind = chat::ToolKind::kRaw;
    out.type = *type->AsString();
    out.json = std::string(tool.Raw());
    return {};
  }
  SB_CHECK_OK(ReadObject(tool, kToolFields, out, out.extra));
  out.type.clear();
  return out.name.empty()
             ? std::unexpected(UnderMember("function.name", Expected("a name").error()))
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
    return Expected("none, auto, required or a tool");
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
  return (out.required || word == "auto") && ReadList(*tools, [&](const Value& tool) -> Status {
           auto name = NameIn(tool, "function");
           if (!name) {
             return Expected("a function");
           }
           out.names.push_back(*std::move(name));
           return {};
         });
}

constexpr Field<ResponseFormat> kSchemaFields[] = {
    {"name", [](const Value& v, ResponseFormat& out) { return ReadText(v, out.name); }},
    {"description",
     [](const Value& v, ResponseFormat& out) { return ReadText(v, out.description); }},
    {"schema", [](const Value& v, ResponseFormat& out) { return ReadRaw(v, out.schema); }},
    {"strict", [](const Value& v, ResponseFormat& out) { return ReadBool(v, out.strict); }},
};

constexpr Field<ResponseFormat> kFormatFields[] = {
    {"type", [](const Value&, ResponseFormat&) { return Status{}; }},
    {"json_schema",
     [](const Value& v, ResponseFormat& out) {
       return ReadObject(v, kSchemaFields, out, out.inner_extra);
     }},
};

}  // namespace

Status ParseTools(const Value& tools, std::vector<Tool>& out) {
  return ReadList(tools, [&](const Value& tool) { return ParseTool(tool, out.emplace_back()); });
}

Status ParseToolChoice(const Value& choice, ToolChoice& out) {
  if (choice.IsString()) {
    return ParseChoiceWord(choice, out);
  }
  if (!choice.IsObject()) {
    return Expected("none, auto, required or a tool");
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
    return Expected("an object");
  }
  const auto type = format.Find("type");
  if (!type || !type->IsString()) {
    return std::unexpected(UnderMember("type", Expected("a string").error()));
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
  return ReadObject(format, kFormatFields, out, out.extra);
}

}  // namespace signalbox::openai_chat
