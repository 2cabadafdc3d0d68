// Tools and the choice among them, out.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/render_block.h"
#include "vendors/dialects/bedrock/render_request.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Request;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;

constexpr std::string_view kAnyObject = R"({"type":"object"})";

// A tool that may be called: all of them, or those that the choice allows.
bool IsOffered(const Tool& tool, const Request& request) {
  const ToolChoice& choice = request.tool_choice;
  return choice.mode != ToolChoiceMode::kAllowed ||
         std::ranges::find(choice.names, tool.name) != choice.names.end();
}

void RenderTool(const Tool& tool, bool own, json::Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  out.BeginObject().Key("toolSpec").BeginObject().Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  const bool whole = own && wire::FindMember(tool.inner_extra, kInputSchema) != nullptr;
  if (!whole && (!own || !tool.parameters.empty())) {
    out.Key(kInputSchema).BeginObject().Key("json");
    out.Raw(tool.parameters.empty() ? kAnyObject : std::string_view(tool.parameters)).EndObject();
  }
  if (own || tool.strict.value_or(false)) {
    wire::RenderBool("strict", tool.strict, out);
  }
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

// Converse refuses a history with calls and no tools: what was called stands in for them.
void RenderToolsOfHistory(const Request& request, json::Writer& out) {
  std::set<std::string_view> names;
  for (const chat::Message& message : request.messages) {
    for (const chat::Part& part : message.parts) {
      if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
        names.insert(call->name);
      }
    }
  }
  if (names.empty()) {
    names.insert("tool");
  }
  for (const std::string_view name : names) {
    out.BeginObject().Key("toolSpec").BeginObject().Key("name").String(name);
    out.Key("inputSchema").BeginObject().Key("json").Raw(kAnyObject).EndObject();
    out.EndObject().EndObject();
  }
}

void RenderNamed(std::string_view name, json::Writer& out) {
  out.Key("tool").BeginObject().Key("name").String(name).EndObject();
}

void RenderChoice(const ToolChoice& choice, json::Writer& out) {
  switch (choice.mode) {
    case ToolChoiceMode::kUnset:
    case ToolChoiceMode::kNone:
      return;
    case ToolChoiceMode::kRaw:
      out.Key("toolChoice").Raw(choice.json);
      return;
    default:
      break;
  }
  out.Key("toolChoice").BeginObject();
  if (choice.mode == ToolChoiceMode::kNamed && !choice.names.empty()) {
    RenderNamed(choice.names.front(), out);
  } else {
    const bool any = choice.mode == ToolChoiceMode::kRequired ||
                     (choice.mode == ToolChoiceMode::kAllowed && choice.required);
    out.Key(any ? "any" : "auto").BeginObject().EndObject();
  }
  out.EndObject();
}

void RenderTools(const Outgoing& of, json::Writer& out) {
  const Request& request = of.request;
  BlockWriter blocks({.own = of.own, .model = request.model}, out);
  out.Key("tools").BeginArray();
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    const Tool& tool = request.tools[i];
    if (!of.own && !IsOffered(tool, request)) {
      continue;
    }
    RenderTool(tool, of.own, out);
    if (tool.cache && blocks.takes_cache_points()) {
      blocks.WriteCachePoint(*tool.cache);
    } else if (tool.cache) {
      of.dropped.push_back(fmt::format("tools[{}].cache_control", i));
    }
  }
  if (request.tools.empty() && !of.own) {
    RenderToolsOfHistory(request, out);
  }
  out.EndArray();
}

}  // namespace

bool MustNotCall(const Outgoing& of) {
  return !of.own && of.calls_before &&
         (of.request.tools.empty() || of.request.tool_choice.mode == ToolChoiceMode::kNone);
}

bool HasOneCallAtATime(const Outgoing& of) {
  return !of.own && of.request.parallel_tool_calls == false && !of.request.tools.empty() &&
         of.request.tool_choice.mode != ToolChoiceMode::kNone;
}

void RenderToolConfig(const Outgoing& of, json::Writer& out) {
  const Request& request = of.request;
  const bool unwanted = !of.own && request.tool_choice.mode == ToolChoiceMode::kNone;
  const bool any = of.own ? !request.tools.empty() ||
                                request.tool_choice.mode != ToolChoiceMode::kUnset ||
                                HasUnder(kToolConfig, request, true)
                          : of.calls_before || (!request.tools.empty() && !unwanted);
  if (!any) {
    return;
  }
  out.Key(kToolConfig).BeginObject();
  RenderTools(of, out);
  const bool said_elsewhere = of.family == Family::kClaude && HasOneCallAtATime(of);
  if (!said_elsewhere && (of.own || !request.tools.empty())) {
    RenderChoice(request.tool_choice, out);
  }
  RenderUnder(kToolConfig, request, of.own, out);
  out.EndObject();
}

void RenderClaudeToolChoice(const Request& request, json::Writer& out) {
  const ToolChoice& choice = request.tool_choice;
  const bool named = choice.mode == ToolChoiceMode::kNamed && !choice.names.empty();
  const bool any = choice.mode == ToolChoiceMode::kRequired ||
                   (choice.mode == ToolChoiceMode::kAllowed && choice.required);
  out.Key("tool_choice").BeginObject();
  out.Key("type").String(named ? "tool" : any ? "any" : "auto");
  if (named) {
    out.Key("name").String(choice.names.front());
  }
  out.Key("disable_parallel_tool_use").Bool(true).EndObject();
}

}  // namespace signalbox::bedrock
