#include "vendors/dialects/anthropic/render_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/schema.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Request;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using json::Writer;

bool IsSent(const Tool& tool, const ToolChoice& choice) {
  return choice.mode != ToolChoiceMode::kAllowed ||
         std::ranges::find(choice.names, tool.name) != choice.names.end();
}

void RenderTool(const Tool& tool, bool own, bool strict, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  out.BeginObject();
  wire::RenderText("type", own ? std::string_view(tool.type) : "", out);
  out.Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  if (own) {
    wire::RenderRaw("input_schema", tool.parameters, out);
    wire::RenderBool("strict", tool.strict, out);
  } else {
    const std::string schema = ToolSchema(tool.parameters);
    out.Key("input_schema").Raw(strict ? CompilableSchema(schema) : schema);
    wire::RenderBool("strict", strict ? std::optional(true) : std::nullopt, out);
  }
  RenderCacheControl(tool.cache, own, out);
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

std::string_view TypeOf(const ToolChoice& choice) {
  switch (choice.mode) {
    case ToolChoiceMode::kNone:
      return "none";
    case ToolChoiceMode::kRequired:
      return "any";
    case ToolChoiceMode::kNamed:
      return "tool";
    case ToolChoiceMode::kAllowed:
      return choice.required ? "any" : "auto";
    case ToolChoiceMode::kUnset:
    case ToolChoiceMode::kAuto:
    case ToolChoiceMode::kRaw:
      break;
  }
  return "auto";
}

void RenderChoice(const Request& request, bool own, Writer& out) {
  const ToolChoice& choice = request.tool_choice;
  if (choice.mode == ToolChoiceMode::kRaw) {
    wire::RenderRaw("tool_choice", choice.json, out);
    return;
  }
  // Anthropic's own word is "disable"; to say that it is not disabled is the caller's business.
  const bool alone = request.parallel_tool_calls == false;
  const bool stated = own ? request.parallel_tool_calls.has_value() : alone;
  if (choice.mode == ToolChoiceMode::kUnset && !stated) {
    return;
  }
  out.Key("tool_choice").BeginObject().Key("type").String(TypeOf(choice));
  if (choice.mode == ToolChoiceMode::kNamed && !choice.names.empty()) {
    out.Key("name").String(choice.names[0]);
  }
  if (stated && choice.mode != ToolChoiceMode::kNone) {
    out.Key("disable_parallel_tool_use").Bool(alone);
  }
  out.EndObject();
}

}  // namespace

void RenderTools(const Request& request, bool own, bool strict, std::vector<std::string>& dropped,
                 Writer& out) {
  if (request.tools.empty()) {
    if (own) {
      RenderChoice(request, own, out);
    }
    return;  // a choice among no tools is refused
  }
  out.Key("tools").BeginArray();
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    const Tool& tool = request.tools[i];
    if (!IsSent(tool, request.tool_choice)) {
      continue;
    }
    const bool bound = tool.strict.value_or(false);
    if (bound && !strict && !own) {
      dropped.push_back(fmt::format("tools[{}].strict", i));
    }
    RenderTool(tool, own, bound && strict, out);
  }
  out.EndArray();
  RenderChoice(request, own, out);
}

}  // namespace signalbox::anthropic
