#include "vendors/dialects/openai_responses/render_tools.h"

#include "base/json/document.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::FormatKind;
using chat::Tool;
using json::Writer;

// A grammar stands one level higher here than in the canonical form.
void RenderToolFormat(const chat::RawJson& format, Writer& out) {
  json::Document document;
  const bool parsed = document.Parse(format).has_value();
  const auto grammar = parsed ? document.Root().Find("grammar") : std::nullopt;
  if (!grammar || !grammar->IsObject()) {
    out.Raw(format);
    return;
  }
  out.BeginObject().Key("type").String("grammar");
  json::ForEachMember(*grammar, [&](const json::Value& key, const json::Value& value) {
    std::string scratch;
    out.Key(*key.AsText(scratch)).Raw(value.Raw());
  });
  out.EndObject();
}

// To this API a function is strict unless it says otherwise; to all others it is the reverse.
void RenderFunction(const Tool& tool, bool own, Writer& out) {
  if (!tool.parameters.empty()) {
    out.Key("parameters").Raw(tool.parameters);
  } else if (!own) {
    out.Key("parameters").Raw(R"({"type":"object","properties":{}})");
  }
  if (tool.strict || !own) {
    out.Key("strict").Bool(tool.strict.value_or(false));
  }
}

void RenderTool(const Tool& tool, bool own, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  const bool custom = tool.kind == chat::ToolKind::kCustom;
  out.BeginObject().Key("type").String(custom ? "custom" : "function");
  out.Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  if (!custom) {
    RenderFunction(tool, own, out);
  } else if (!tool.format.empty()) {
    out.Key("format");
    RenderToolFormat(tool.format, out);
  }
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

void RenderFormat(const chat::ResponseFormat& format, bool own, Writer& out) {
  if (format.kind == FormatKind::kRaw) {
    out.Raw(format.json);
    return;
  }
  out.BeginObject().Key("type");
  if (format.kind == FormatKind::kJsonSchema) {
    out.String("json_schema").Key("name").String(format.name.empty() ? "answer" : format.name);
    wire::RenderText("description", format.description, out);
    const bool schemaless = format.schema.empty() && !own;
    wire::RenderRaw("schema", schemaless ? R"({"type":"object"})" : format.schema, out);
    wire::RenderBool("strict", format.strict, out);
  } else {
    out.String(format.kind == FormatKind::kText ? "text" : "json_object");
  }
  wire::RenderExtra(format.inner_extra, own, out);
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

void RenderTextOptions(const chat::Request& request, bool own, Writer& out) {
  const chat::ResponseFormat& format = request.response_format;
  const bool extra = own && !format.extra.empty();
  if (format.kind == FormatKind::kUnset && request.output.verbosity.empty() && !extra) {
    return;
  }
  out.Key("text").BeginObject();
  if (format.kind != FormatKind::kUnset) {
    out.Key("format");
    RenderFormat(format, own, out);
  }
  wire::RenderText("verbosity", request.output.verbosity, out);
  wire::RenderExtra(format.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_responses
