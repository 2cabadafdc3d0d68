#include "vendors/dialects/cohere/parse_tools.h"

#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::cohere {
namespace {

using chat::FormatKind;
using chat::ResponseFormat;
using chat::Tool;
using core::Status;
using json::Value;
using V = const Value&;

constexpr wire::Field<Tool> kFunctionFields[] = {
    {"name", [](V v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](V v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", [](V v, Tool& out) { return wire::ReadRaw(v, out.parameters); }},
};

constexpr wire::Field<Tool> kToolFields[] = {
    {"type", [](V v, Tool& out) { return wire::ReadText(v, out.type); }},
    {"function",
     [](V v, Tool& out) { return wire::ReadObject(v, kFunctionFields, out, out.inner_extra); }},
};

Status ParseTool(V value, Tool& out) {
  SB_CHECK_OK(wire::ReadObject(value, kToolFields, out, out.extra));
  if (out.type.empty() || out.type == "function") {
    out.type.clear();
    return {};
  }
  Tool raw;
  raw.kind = chat::ToolKind::kRaw;
  raw.type = std::move(out.type);
  raw.json = std::string(value.Raw());
  out = std::move(raw);
  return {};
}

constexpr wire::Field<ResponseFormat> kFormatFields[] = {
    {"type",
     [](V v, ResponseFormat& out) -> Status {
       const auto type = v.AsString();
       out.kind = type == "text"          ? FormatKind::kText
                  : type == "json_object" ? FormatKind::kJsonObject
                                          : FormatKind::kRaw;
       return {};
     }},
    {"json_schema", [](V v, ResponseFormat& out) { return wire::ReadRaw(v, out.schema); }},
    {"schema",
     [](V v, ResponseFormat& out) {
       out.extra.push_back({"schema", std::string(v.Raw())});
       return out.schema.empty() ? wire::ReadRaw(v, out.schema) : Status{};
     }},
};

}  // namespace

Status ParseTools(V tools, std::vector<Tool>& out) {
  return wire::ReadList(tools, [&](V tool) { return ParseTool(tool, out.emplace_back()); });
}

Status ParseToolChoice(V choice, chat::ToolChoice& out) {
  const auto word = choice.AsString();
  if (word == "REQUIRED") {
    out.mode = chat::ToolChoiceMode::kRequired;
  } else if (word == "NONE") {
    out.mode = chat::ToolChoiceMode::kNone;
  } else {
    out.mode = chat::ToolChoiceMode::kRaw;
    out.json = std::string(choice.Raw());
  }
  return {};
}

Status ParseResponseFormat(V format, ResponseFormat& out) {
  SB_CHECK_OK(wire::ReadObject(format, kFormatFields, out, out.extra));
  if (out.kind == FormatKind::kUnset || out.kind == FormatKind::kRaw ||
      (out.kind == FormatKind::kText && !out.schema.empty())) {
    ResponseFormat raw;
    raw.kind = FormatKind::kRaw;
    raw.json = std::string(format.Raw());
    out = std::move(raw);
  } else if (!out.schema.empty()) {
    out.kind = FormatKind::kJsonSchema;
  }
  return {};
}

}  // namespace signalbox::cohere
