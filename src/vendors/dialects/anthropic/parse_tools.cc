#include "vendors/dialects/anthropic/parse_tools.h"

#include <string>
#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Request;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using core::Status;
using json::Value;
using V = const Value&;

// "custom" is the type of a tool that the caller runs; it is the same as none, and goes back out.
constexpr wire::Field<Tool> kToolFields[] = {
    {"type", [](V v, Tool& t) { return wire::ReadText(v, t.type); }},
    {"name", [](V v, Tool& t) { return wire::ReadText(v, t.name); }},
    {"description", [](V v, Tool& t) { return wire::ReadText(v, t.description); }},
    {"input_schema",
     [](V v, Tool& t) {
       return v.IsObject() ? wire::ReadRaw(v, t.parameters) : wire::Expected("an object");
     }},
    {"strict", [](V v, Tool& t) { return wire::ReadBool(v, t.strict); }},
    {"cache_control", [](V v, Tool& t) { return wire::ReadCache(v, t.cache); },
     wire::OnFailure::kKeep},
};

Status ReadTool(V value, Tool& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  const auto type = value.Find("type");
  const std::string word = type ? type->AsString().value_or("") : "";
  if (!word.empty() && word != "custom") {
    const auto name = value.Find("name");
    out.kind = chat::ToolKind::kRaw;
    out.type = word;
    out.name = name ? name->AsString().value_or("") : "";
    out.json = std::string(value.Raw());
    return {};
  }
  SB_CHECK_OK(wire::ReadObject(value, kToolFields, out, out.extra));
  return out.name.empty()
             ? std::unexpected(wire::UnderMember("name", wire::Expected("a name").error()))
             : Status{};
}

struct Choice {
  std::string type;
  std::string name;
  std::optional<bool> alone;  // disable_parallel_tool_use
};

constexpr wire::Field<Choice> kChoiceFields[] = {
    {"type", [](V v, Choice& c) { return wire::ReadText(v, c.type); }},
    {"name", [](V v, Choice& c) { return wire::ReadText(v, c.name); }},
    {"disable_parallel_tool_use", [](V v, Choice& c) { return wire::ReadBool(v, c.alone); }},
};

}  // namespace

Status ParseTools(const Value& tools, std::vector<Tool>& out) {
  return wire::ReadList(tools, [&](V tool) { return ReadTool(tool, out.emplace_back()); });
}

Status ParseToolChoice(const Value& value, Request& out) {
  Choice parsed;
  chat::Extra extra;
  SB_CHECK_OK(wire::ReadObject(value, kChoiceFields, parsed, extra));
  ToolChoice& choice = out.tool_choice;
  if (parsed.type == "auto") {
    choice.mode = ToolChoiceMode::kAuto;
  } else if (parsed.type == "any") {
    choice.mode = ToolChoiceMode::kRequired;
  } else if (parsed.type == "none") {
    choice.mode = ToolChoiceMode::kNone;
  } else if (parsed.type == "tool" && !parsed.name.empty()) {
    choice.mode = ToolChoiceMode::kNamed;
    choice.names = {std::move(parsed.name)};
  }
  if (choice.mode == ToolChoiceMode::kUnset || !extra.empty()) {
    choice = {};
    choice.mode = ToolChoiceMode::kRaw;
    choice.json = std::string(value.Raw());
  } else if (parsed.alone) {
    out.parallel_tool_calls = !*parsed.alone;
  }
  return {};
}

}  // namespace signalbox::anthropic
