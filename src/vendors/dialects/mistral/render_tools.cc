#include "vendors/dialects/mistral/render_tools.h"

#include <algorithm>

#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::mistral {
namespace {

using chat::FormatKind;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using json::Writer;

bool IsOffered(const Tool& tool, const ToolChoice& choice) {
  return choice.mode != ToolChoiceMode::kAllowed ||
         std::ranges::find(choice.names, tool.name) != choice.names.end();
}

void RenderTool(const Tool& tool, bool own, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  out.BeginObject().Key("type").String("function").Key("function").BeginObject();
  out.Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  out.Key("parameters");
  out.Raw(tool.parameters.empty() ? R"({"type":"object","properties":{}})" : tool.parameters);
  wire::RenderBool("strict", tool.strict, out);
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

void RenderChoice(const ToolChoice& choice, bool own, Writer& out) {
  switch (choice.mode) {
    case ToolChoiceMode::kUnset:
      return;
    case ToolChoiceMode::kRaw:
      out.Key("tool_choice").Raw(choice.json);
      return;
    case ToolChoiceMode::kAuto:
      out.Key("tool_choice").String("auto");
      return;
    case ToolChoiceMode::kNone:
      out.Key("tool_choice").String("none");
      return;
    case ToolChoiceMode::kRequired:
      out.Key("tool_choice").String(own && choice.spelling.empty() ? "required" : "any");
      return;
    case ToolChoiceMode::kAllowed:
      out.Key("tool_choice").String(choice.required ? "any" : "auto");
      return;
    case ToolChoiceMode::kNamed:
      out.Key("tool_choice").BeginObject().Key("type").String("function").Key("function");
      out.BeginObject().Key("name").String(choice.names.front()).EndObject().EndObject();
      return;
  }
}

}  // namespace

void RenderTools(const chat::Request& request, bool own, Writer& out) {
  if (!request.tools.empty()) {
    out.Key("tools").BeginArray();
    for (const Tool& tool : request.tools) {
      if (IsOffered(tool, request.tool_choice)) {
        RenderTool(tool, own, out);
      }
    }
    out.EndArray();
  }
  RenderChoice(request.tool_choice, own, out);
}

void RenderResponseFormat(const chat::ResponseFormat& format, bool own, Writer& out) {
  if (format.kind == FormatKind::kUnset) {
    return;
  }
  if (format.kind == FormatKind::kRaw) {
    out.Key("response_format").Raw(format.json);
    return;
  }
  out.Key("response_format").BeginObject().Key("type");
  if (format.kind != FormatKind::kJsonSchema) {
    out.String(format.kind == FormatKind::kText ? "text" : "json_object");
    wire::RenderExtra(format.extra, own, out);
    out.EndObject();
    return;
  }
  out.String("json_schema").Key("json_schema").BeginObject();
  out.Key("name").String(format.name.empty() ? "answer" : format.name);
  wire::RenderText("description", format.description, out);
  out.Key("schema").Raw(format.schema.empty() ? R"({"type":"object"})" : format.schema);
  wire::RenderBool("strict", format.strict, out);
  wire::RenderExtra(format.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(format.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::mistral
