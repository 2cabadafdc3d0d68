#include "vendors/dialects/openai_responses/parse_input.h"

#include <utility>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/parse_content.h"

namespace signalbox::openai_responses {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Value;

// The turn that an item of the model's belongs to.
Message& Turn(std::vector<Message>& messages) {
  if (messages.empty() || messages.back().role != Role::kAssistant) {
    messages.push_back({.role = Role::kAssistant, .listed = true});
  }
  return messages.back();
}

bool IsAssistants(const Value& item) {
  const auto role = item.Find("role");
  return role && role->AsString() == "assistant";
}

// A message without content says nothing.
bool IsSilent(const Value& item) {
  const auto content = item.Find("content");
  return content && content->IsArray() && !content->FirstChild();
}

Status ParseInputItem(const Value& item, std::vector<Message>& out) {
  if (!item.IsObject()) {
    return wire::Expected("an object");
  }
  const std::string type = TypeOf(item);
  if (type == "message" && !IsAssistants(item)) {
    return ParseMessageItem(item, out.emplace_back());
  }
  if (type == "message" && IsSilent(item)) {
    return {};
  }
  if (type == "function_call_output" || type == "custom_tool_call_output") {
    Message& message = out.emplace_back();
    message.role = Role::kTool;
    return ParseResultItem(item, message.parts.emplace_back());
  }
  return ParseItem(item, wire::Strictness::kStrict, Turn(out).parts);
}

}  // namespace

Status ParseMessageItem(const Value& item, chat::Message& out) {
  const auto role = item.Find("role");
  const auto named = role ? RoleNamed(role->AsString().value_or("")) : std::nullopt;
  if (!named || *named == chat::Role::kTool) {
    return std::unexpected(wire::UnderMember(
        "role", wire::Expected("one of user, assistant, system, developer").error()));
  }
  const auto content = item.Find("content");
  if (!content) {
    return std::unexpected(wire::UnderMember("content", wire::Expected("a string").error()));
  }
  out.role = *named;
  if (auto status = ParseContents(*content, out.parts, out.listed); !status) {
    return std::unexpected(wire::UnderMember("content", std::move(status).error()));
  }
  if (!out.parts.empty()) {
    out.parts.back().item = Without(item, {"content"});
  }
  return {};
}

Status ParseResultItem(const Value& item, Part& out) {
  chat::ToolResult result;
  const auto id = item.Find("call_id");
  if (!id || !wire::ReadText(*id, result.call_id)) {
    return std::unexpected(
        wire::UnderMember("call_id", wire::Expected("the id of a tool call").error()));
  }
  const auto output = item.Find("output");
  if (!output) {
    return std::unexpected(wire::UnderMember("output", wire::Expected("a string").error()));
  }
  if (auto status = ParseContents(*output, result.parts, result.listed); !status) {
    return std::unexpected(wire::UnderMember("output", std::move(status).error()));
  }
  out.content = std::move(result);
  out.item = Without(item, {"call_id", "output"});
  return {};
}

Status ParseInput(const Value& input, std::vector<Message>& out) {
  if (input.IsString()) {
    chat::Text text;
    SB_CHECK_OK(wire::ReadText(input, text.text));
    Message& message = out.emplace_back();
    message.parts.push_back({.content = std::move(text)});
    return {};
  }
  if (!input.IsArray()) {
    return wire::Expected("a string or a list of items");
  }
  return wire::ReadList(input, [&](const Value& item) { return ParseInputItem(item, out); });
}

}  // namespace signalbox::openai_responses
