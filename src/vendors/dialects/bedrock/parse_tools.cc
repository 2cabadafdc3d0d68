// Tools and the choice among them, in.
#include <utility>

#include "vendors/dialects/bedrock/parse_block.h"
#include "vendors/dialects/bedrock/parse_request.h"

namespace signalbox::bedrock {
namespace {

using chat::Request;
using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using core::Status;
using json::Value;
using V = const Value&;

// {"json":{…}}; what stands beside it keeps the whole.
Status ReadSchema(const Value& value, Tool& out) {
  const auto schema = value.Find("json");
  if (schema && value.CountChildren() > 1) {
    out.inner_extra.push_back({std::string(kInputSchema), std::string(value.Raw())});
  }
  return schema ? wire::ReadRaw(*schema, out.parameters) : wire::Expected("a JSON schema");
}

constexpr wire::Field<Tool> kSpecFields[] = {
    {"name", [](V v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](V v, Tool& out) { return wire::ReadText(v, out.description); }},
    {kInputSchema, ReadSchema},
    {"strict", [](V v, Tool& out) { return wire::ReadBool(v, out.strict); }},
};

constexpr wire::Field<Tool> kToolFields[] = {
    {"toolSpec",
     [](V v, Tool& out) { return wire::ReadObject(v, kSpecFields, out, out.inner_extra); }},
};

Status ReadTool(const Value& value, std::vector<Tool>& out) {
  if (!value.IsObject() || !value.FirstChild()) {
    return wire::Expected("a tool");
  }
  const auto point = value.Find("cachePoint");
  if (point && value.CountChildren() == 1 && !out.empty() && !out.back().cache &&
      ReadCachePoint(*point, out.back().cache)) {
    return {};
  }
  Tool tool;
  if (!value.Find("toolSpec")) {
    tool.kind = chat::ToolKind::kRaw;
    tool.type = *value.FirstChild()->AsString();
    tool.json = std::string(value.Raw());
  } else {
    SB_CHECK_OK(wire::ReadObject(value, kToolFields, tool, tool.extra));
  }
  out.push_back(std::move(tool));
  return {};
}

Status ReadTools(const Value& value, Request& out) {
  return wire::ReadList(value, [&](const Value& tool) { return ReadTool(tool, out.tools); });
}

// {"auto":{}}, {"any":{}} or {"tool":{"name":…}}
Status ReadChoice(const Value& value, Request& out) {
  ToolChoice& choice = out.tool_choice;
  const auto kind = value.IsObject() ? value.FirstChild() : std::nullopt;
  if (!kind) {
    return wire::Expected("an object with one member");
  }
  const std::string word = *kind->AsString();
  const Value inside = *kind->NextIn(value);
  const auto name = inside.Find("name");
  const bool plain = value.CountChildren() == 1 && inside.IsObject();
  if (plain && word == "auto" && inside.CountChildren() == 0) {
    choice.mode = ToolChoiceMode::kAuto;
  } else if (plain && word == "any" && inside.CountChildren() == 0) {
    choice.mode = ToolChoiceMode::kRequired;
  } else if (plain && word == "tool" && name && name->IsString() && inside.CountChildren() == 1) {
    choice.mode = ToolChoiceMode::kNamed;
    choice.names = {*name->AsString()};
  } else {
    choice.mode = ToolChoiceMode::kRaw;
    choice.json = std::string(value.Raw());
  }
  return {};
}

constexpr wire::Field<Request> kFields[] = {
    {"tools", ReadTools},
    {"toolChoice", ReadChoice},
};

}  // namespace

Status ReadToolConfig(const Value& value, Request& out) {
  chat::Extra rest;
  SB_CHECK_OK(wire::ReadObject(value, kFields, out, rest));
  KeepUnder(kToolConfig, std::move(rest), out);
  return {};
}

}  // namespace signalbox::bedrock
