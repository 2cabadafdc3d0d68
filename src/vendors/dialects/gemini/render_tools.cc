#include "vendors/dialects/gemini/render_tools.h"

#include <algorithm>

#include "base/json/document.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/parse_tools.h"
#include "vendors/dialects/gemini/render_config.h"
#include "vendors/dialects/gemini/schema.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Tool;
using chat::ToolChoiceMode;
using chat::ToolKind;
using json::Writer;

void RenderFunction(const Tool& tool, bool own, const ModelFacts& facts, Writer& out) {
  out.BeginObject().Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  if (!tool.parameters.empty()) {
    const std::string googles = own                 ? tool.json
                                : facts.json_schema ? std::string()
                                                    : SchemaOf(tool.parameters);
    wire::RenderRaw(googles.empty() ? "parametersJsonSchema" : "parameters",
                    googles.empty() ? tool.parameters : googles, out);
  }
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
}

bool IsStrict(const Tool& tool) {
  return tool.strict.value_or(false);
}

// The mode, "" when nobody asked for one.
std::string_view ModeOf(const chat::Request& request, bool own, const ModelFacts& facts,
                        std::vector<std::string>& dropped) {
  const chat::ToolChoice& choice = request.tool_choice;
  const bool strict = !own && std::ranges::any_of(request.tools, IsStrict);
  switch (choice.mode) {
    case ToolChoiceMode::kNone:
      return "NONE";
    case ToolChoiceMode::kRequired:
    case ToolChoiceMode::kNamed:
      return "ANY";
    case ToolChoiceMode::kAllowed:
      return choice.required ? "ANY" : own ? std::string_view(choice.spelling) : "VALIDATED";
    case ToolChoiceMode::kUnset:
    case ToolChoiceMode::kAuto:
    case ToolChoiceMode::kRaw:
      break;
  }
  if (strict && !facts.json_schema) {
    dropped.emplace_back("tools.strict");
  } else if (strict) {
    return "VALIDATED";
  }
  const bool stated = choice.mode == ToolChoiceMode::kAuto;
  return own && stated ? std::string_view(choice.spelling) : stated ? "AUTO" : "";
}

// The objects of "tools". Functions of other dialects are one list, Google's own as they stood.
class ToolList {
 public:
  ToolList(bool own, Writer& out) : own_(own), out_(out) {}

  void BeginFunction(const Tool& tool) {
    if (listing_ && (tool.joined || !own_)) {
      return;
    }
    BeginMember(tool);
    out_.Key("functionDeclarations").BeginArray();
    listing_ = true;
  }
  void RenderRaw(const Tool& tool) {
    json::Document document;
    if (!document.Parse(tool.json) || !document.Root().IsObject()) {
      return;
    }
    BeginMember(tool);
    json::ForEachMember(document.Root(), [&](const json::Value& key, const json::Value& value) {
      out_.Key(*key.AsString()).Raw(value.Raw());
    });
  }
  void End() {
    EndList();
    if (open_) {
      out_.EndObject();
    }
    open_ = false;
  }

 private:
  void BeginMember(const Tool& tool) {
    tool.joined ? EndList() : End();
    if (!open_) {
      out_.BeginObject();
    }
    open_ = true;
  }
  void EndList() {
    if (listing_) {
      out_.EndArray();
    }
    listing_ = false;
  }

  const bool own_;
  Writer& out_;
  bool open_ = false;
  bool listing_ = false;
};

void RenderToolExtra(const chat::Extra& extra, Host host, std::vector<std::string>& dropped,
                     Writer& out) {
  for (const chat::Member& member : extra) {
    const std::string_view key = member.key;
    if (!key.starts_with(kToolsPrefix) || key.starts_with(kCallingPrefix)) {
      continue;
    }
    // Vertex AI shows the calls of its own tools unasked, and refuses to be asked.
    if (host == Host::kVertex && key == "toolConfig.includeServerSideToolInvocations") {
      dropped.push_back(member.key);
    } else {
      out.Key(key.substr(kToolsPrefix.size())).Raw(member.value);
    }
  }
}

}  // namespace

void RenderTools(const chat::Request& request, const ModelFacts& facts, Writer& out) {
  if (request.tools.empty()) {
    return;
  }
  const bool own = request.dialect == kDialect;
  ToolList list(own, out);
  out.Key("tools").BeginArray();
  for (const Tool& tool : request.tools) {
    if (tool.kind == ToolKind::kFunction) {
      list.BeginFunction(tool);
      RenderFunction(tool, own, facts, out);
    } else if (own) {
      list.RenderRaw(tool);
    }
  }
  list.End();
  out.EndArray();
}

void RenderToolConfig(const chat::Request& request, const ModelFacts& facts, Host host,
                      std::vector<std::string>& dropped, Writer& out) {
  const bool own = request.dialect == kDialect;
  std::string calling_text;
  Writer calling(calling_text);
  calling.BeginObject();
  wire::RenderText("mode", ModeOf(request, own, facts, dropped), calling);
  wire::RenderTextList("allowedFunctionNames", request.tool_choice.names, calling);
  std::string text;
  Writer config(text);
  config.BeginObject();
  if (own) {
    RenderBehind(kCallingPrefix, request.extra, calling);
    RenderToolExtra(request.extra, host, dropped, config);
  }
  calling.EndObject();
  if (calling_text != "{}") {
    config.Key("functionCallingConfig").Raw(calling_text);
  }
  config.EndObject();
  if (text != "{}") {
    out.Key("toolConfig").Raw(text);
  }
}

}  // namespace signalbox::gemini
