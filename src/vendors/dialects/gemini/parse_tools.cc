#include "vendors/dialects/gemini/parse_tools.h"

#include "base/json/writer.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/schema.h"

namespace signalbox::gemini {
namespace {

using chat::Tool;
using chat::ToolChoice;
using chat::ToolChoiceMode;
using core::Status;
using json::Value;
using wire::Strictness;

Status ReadParameters(const Value& value, Tool& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.parameters = JsonSchemaOf(value);
  return wire::ReadRaw(value, out.json);  // that it was said in Google's Schema
}

Status ReadJsonSchema(const Value& value, Tool& out) {
  return out.json.empty() ? wire::ReadRaw(value, out.parameters)
                          : wire::Expected("parameters or parametersJsonSchema, not both,");
}

constexpr wire::Field<Tool> kFunctionFields[] = {
    {"name", [](const Value& v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](const Value& v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", ReadParameters},
    {"parametersJsonSchema", ReadJsonSchema},
};

Status ParseFunction(const Value& value, Tool& out) {
  SB_CHECK_OK(ReadMembers(value, kFunctionFields, out, out.inner_extra, Strictness::kStrict));
  return out.name.empty()
             ? Status(std::unexpected(wire::UnderMember("name", wire::Expected("a name").error())))
             : Status{};
}

Status ParseTool(const Value& value, std::vector<Tool>& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  Status status;
  std::string scratch;
  const std::size_t before = out.size();
  json::ForEachMember(value, [&](const Value& key, const Value& member) {
    const std::string written = *key.AsString();
    if (!status || member.IsNull()) {
      return;
    }
    if (Camel(written, scratch) == "functionDeclarations") {
      status = ReadListOrOne(member, [&](const Value& function) {
        return ParseFunction(function, out.emplace_back());
      });
      if (!status) {
        status = std::unexpected(wire::UnderMember(written, std::move(status).error()));
      }
      return;
    }
    Tool& tool = out.emplace_back();
    tool.kind = chat::ToolKind::kRaw;
    tool.type = std::string(Camel(written, scratch));
    json::Writer(tool.json).BeginObject().Key(written).Raw(member.Raw()).EndObject();
  });
  for (std::size_t i = before + 1; i < out.size(); ++i) {
    out[i].joined = true;
  }
  return status;
}

struct Calling {
  std::string mode;
  std::vector<std::string> names;
};

constexpr wire::Field<Calling> kCallingFields[] = {
    {"mode",
     [](const Value& v, Calling& out) {
       auto status = wire::ReadText(v, out.mode);
       out.mode = Upper(out.mode);
       return status;
     }},
    {"allowedFunctionNames",
     [](const Value& v, Calling& out) { return wire::ReadTextList(v, out.names); }},
};

Status ReadCalling(const Value& value, chat::Request& out) {
  Calling calling;
  SB_CHECK_OK(
      ReadMembers(value, kCallingFields, calling, out.extra, Strictness::kStrict, kCallingPrefix));
  ToolChoice& choice = out.tool_choice;
  choice.names = std::move(calling.names);
  const bool named = !choice.names.empty();
  if (calling.mode == "AUTO" || calling.mode == "VALIDATED") {
    choice.mode = named ? ToolChoiceMode::kAllowed : ToolChoiceMode::kAuto;
    choice.spelling = calling.mode;
  } else if (calling.mode == "ANY") {
    choice.required = named;
    choice.mode = !named                     ? ToolChoiceMode::kRequired
                  : choice.names.size() == 1 ? ToolChoiceMode::kNamed
                                             : ToolChoiceMode::kAllowed;
  } else if (calling.mode == "NONE") {
    choice.mode = ToolChoiceMode::kNone;
  } else if (!calling.mode.empty() && calling.mode != "MODE_UNSPECIFIED") {
    return std::unexpected(
        wire::UnderMember("mode", wire::Expected("AUTO, ANY, NONE or VALIDATED").error()));
  }
  return {};
}

constexpr wire::Field<chat::Request> kConfigFields[] = {
    {"functionCallingConfig", ReadCalling},
};

}  // namespace

Status ParseTools(const Value& value, std::vector<Tool>& out) {
  return ReadListOrOne(value, [&](const Value& tool) { return ParseTool(tool, out); });
}

Status ParseToolConfig(const Value& value, chat::Request& out) {
  return ReadMembers(value, kConfigFields, out, out.extra, Strictness::kStrict, kToolsPrefix);
}

}  // namespace signalbox::gemini
