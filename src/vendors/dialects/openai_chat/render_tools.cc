#include "vendors/dialects/openai_chat/render_tools.h"

#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::FormatKind;
using chat::Tool;
using json::Writer;

void RenderTool(const Tool& tool, bool own, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  const std::string_view kind = tool.kind == chat::ToolKind::kCustom ? "custom" : "function";
  out.BeginObject().Key("type").String(kind).Key(kind).BeginObject().Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  wire::RenderRaw("parameters", tool.parameters, out);
  wire::RenderRaw("format", tool.format, out);
  wire::RenderBool("strict", tool.strict, out);
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
  wire::RenderCache(tool.cache, own, out);
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

}  // namespace

void RenderTools(const std::vector<Tool>& tools, bool own, Writer& out) {
  if (tools.empty()) {
    return;
  }
  out.Key("tools").BeginArray();
  for (const Tool& tool : tools) {
    RenderTool(tool, own, out);
  }
  out.EndArray();
}

void RenderResponseFormat(const chat::ResponseFormat& format, bool own, Writer& out) {
  if (format.kind == FormatKind::kUnset) {
    return;
  }
  out.Key("response_format");
  if (format.kind == FormatKind::kRaw) {
    out.Raw(format.json);
    return;
  }
  out.BeginObject().Key("type");
  if (format.kind == FormatKind::kJsonSchema) {
    out.String("json_schema").Key("json_schema").BeginObject();
    out.Key("name").String(format.name.empty() ? "answer" : format.name);
    wire::RenderText("description", format.description, out);
    wire::RenderRaw("schema", format.schema, out);
    wire::RenderBool("strict", format.strict, out);
    wire::RenderExtra(format.inner_extra, own, out);
    out.EndObject();
  } else {
    out.String(format.kind == FormatKind::kText ? "text" : "json_object");
  }
  wire::RenderExtra(format.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_chat
