#include "vendors/dialects/cohere/render_tools.h"

#include <algorithm>

#include "base/json/document.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::FormatKind;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using json::Writer;

bool IsOffered(const Tool& tool, const ToolChoice& choice) {
  const bool chosen =
      choice.mode == ToolChoiceMode::kNamed || choice.mode == ToolChoiceMode::kAllowed;
  return !chosen || std::ranges::find(choice.names, tool.name) != choice.names.end();
}

void RenderTool(const Tool& tool, bool own, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  out.BeginObject().Key("type").String("function").Key("function").BeginObject();
  out.Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  if (tool.parameters.empty() && !own) {
    out.Key("parameters").Raw(R"({"type":"object","properties":{}})");
  } else {
    wire::RenderRaw("parameters", tool.parameters, out);
  }
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

void RenderChoice(const ToolChoice& choice, Writer& out) {
  const bool must = choice.mode == ToolChoiceMode::kRequired ||
                    choice.mode == ToolChoiceMode::kNamed ||
                    (choice.mode == ToolChoiceMode::kAllowed && choice.required);
  if (must) {
    out.Key("tool_choice").String("REQUIRED");
  } else if (choice.mode == ToolChoiceMode::kNone) {
    out.Key("tool_choice").String("NONE");
  } else if (choice.mode == ToolChoiceMode::kRaw) {
    out.Key("tool_choice").Raw(choice.json);
  }
}

bool HasRequiredArgument(const Tool& tool) {
  json::Document schema;
  if (!schema.Parse(tool.parameters)) {
    return false;
  }
  const auto required = schema.Root().Find("required");
  return required && required->IsArray() && required->FirstChild();
}

void RenderStrictness(const std::vector<Tool>& tools, bool own, Writer& out,
                      std::vector<std::string>& dropped) {
  const bool some =
      std::ranges::any_of(tools, [](const Tool& tool) { return tool.strict.value_or(false); });
  if (own) {
    const auto stated =
        std::ranges::find_if(tools, [](const Tool& t) { return t.strict.has_value(); });
    wire::RenderBool("strict_tools", stated == tools.end() ? std::nullopt : stated->strict, out);
  } else if (some) {
    const bool all = std::ranges::all_of(tools, [](const Tool& tool) {
      return tool.strict.value_or(false) && HasRequiredArgument(tool);
    });
    if (all) {
      out.Key("strict_tools").Bool(true);
    } else {
      dropped.emplace_back("tools.strict");
    }
  }
}

}  // namespace

void RenderTools(const chat::Request& request, bool own, Writer& out,
                 std::vector<std::string>& dropped) {
  if (!request.tools.empty()) {
    out.Key("tools").BeginArray();
    for (const Tool& tool : request.tools) {
      if (IsOffered(tool, request.tool_choice)) {
        RenderTool(tool, own, out);
      }
    }
    out.EndArray();
  }
  if (!request.tools.empty() || own) {
    RenderChoice(request.tool_choice, out);
  }
  RenderStrictness(request.tools, own, out, dropped);
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
  out.BeginObject().Key("type").String(format.kind == FormatKind::kText ? "text" : "json_object");
  // The older spelling is in the extra.
  if (!(own && wire::FindMember(format.extra, "schema") != nullptr)) {
    wire::RenderRaw("json_schema", format.schema, out);
  }
  wire::RenderExtra(format.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::cohere
