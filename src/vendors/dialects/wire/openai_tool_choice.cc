#include "vendors/dialects/wire/openai_tool_choice.h"

#include <optional>
#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::wire {
namespace {

using chat::ToolChoice;
using chat::ToolChoiceMode;
using core::Status;
using json::Value;
using json::Writer;

constexpr std::string_view kAllowedTools = "allowed_tools";

Status ParseWord(const Value& choice, ToolChoice& out) {
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

// What bears the members of a choice of this kind, if there is nothing else beside them.
std::optional<Value> Bearer(const Value& object, std::string_view kind, OpenAiNesting nesting,
                            std::size_t members) {
  const auto type = object.Find("type");
  if (!type || type->AsString() != kind) {
    return std::nullopt;
  }
  if (nesting == OpenAiNesting::kFlat) {
    return object.CountChildren() == members + 1 ? std::optional(object) : std::nullopt;
  }
  const auto inner = object.Find(kind);
  const bool alone = inner && object.CountChildren() == 2 && inner->CountChildren() == members;
  return alone ? inner : std::nullopt;
}

std::optional<std::string> NameIn(const Value& object, std::string_view kind,
                                  OpenAiNesting nesting) {
  const auto bearer = Bearer(object, kind, nesting, 1);
  const auto name = bearer ? bearer->Find("name") : std::nullopt;
  return name ? name->AsString() : std::nullopt;
}

bool ReadAllowed(const Value& choice, OpenAiNesting nesting, ToolChoice& out) {
  const auto bearer = Bearer(choice, kAllowedTools, nesting, 2);
  const auto mode = bearer ? bearer->Find("mode") : std::nullopt;
  const auto tools = bearer ? bearer->Find("tools") : std::nullopt;
  if (!mode || !tools) {
    return false;
  }
  const auto word = mode->AsString();
  out.required = word == "required";
  const Status read = ReadList(*tools, [&](const Value& tool) -> Status {
    auto name = NameIn(tool, "function", nesting);
    if (!name) {
      return Expected("a function");
    }
    out.names.push_back(*std::move(name));
    return {};
  });
  return read && (out.required || word == "auto");
}

void RenderNamed(std::string_view kind, std::string_view name, OpenAiNesting nesting, Writer& out) {
  out.BeginObject().Key("type").String(kind);
  if (nesting == OpenAiNesting::kFlat) {
    out.Key("name").String(name).EndObject();
  } else {
    out.Key(kind).BeginObject().Key("name").String(name).EndObject().EndObject();
  }
}

void RenderAllowed(const ToolChoice& choice, OpenAiNesting nesting, Writer& out) {
  out.BeginObject().Key("type").String(kAllowedTools);
  if (nesting == OpenAiNesting::kNested) {
    out.Key(kAllowedTools).BeginObject();
  }
  out.Key("mode").String(choice.required ? "required" : "auto").Key("tools").BeginArray();
  for (const std::string& name : choice.names) {
    RenderNamed("function", name, nesting, out);
  }
  out.EndArray().EndObject();
  if (nesting == OpenAiNesting::kNested) {
    out.EndObject();
  }
}

}  // namespace

Status ParseOpenAiToolChoice(const Value& choice, OpenAiNesting nesting, ToolChoice& out) {
  if (choice.IsString()) {
    return ParseWord(choice, out);
  }
  if (!choice.IsObject()) {
    return Expected("none, auto, required or a tool");
  }
  auto function = NameIn(choice, "function", nesting);
  auto custom = NameIn(choice, "custom", nesting);
  ToolChoice allowed;
  if (function || custom) {
    out.mode = ToolChoiceMode::kNamed;
    out.custom = custom.has_value();
    out.names.push_back(function ? *std::move(function) : *std::move(custom));
  } else if (ReadAllowed(choice, nesting, allowed)) {
    out = std::move(allowed);
    out.mode = ToolChoiceMode::kAllowed;
  } else {
    out.mode = ToolChoiceMode::kRaw;
    out.json = std::string(choice.Raw());
  }
  return {};
}

void RenderOpenAiToolChoice(const ToolChoice& choice, OpenAiNesting nesting, bool own,
                            Writer& out) {
  if (choice.mode == ToolChoiceMode::kUnset) {
    return;
  }
  out.Key("tool_choice");
  switch (choice.mode) {
    case ToolChoiceMode::kUnset:
    case ToolChoiceMode::kAuto:
      out.String("auto");
      return;
    case ToolChoiceMode::kNone:
      out.String("none");
      return;
    case ToolChoiceMode::kRequired:
      out.String(own && !choice.spelling.empty() ? choice.spelling : "required");
      return;
    case ToolChoiceMode::kNamed:
      RenderNamed(choice.custom ? "custom" : "function", choice.names.front(), nesting, out);
      return;
    case ToolChoiceMode::kAllowed:
      RenderAllowed(choice, nesting, out);
      return;
    case ToolChoiceMode::kRaw:
      out.Raw(choice.json);
      return;
  }
}

}  // namespace signalbox::wire
