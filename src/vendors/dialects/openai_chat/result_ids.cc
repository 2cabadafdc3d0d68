#include "vendors/dialects/openai_chat/result_ids.h"

#include <algorithm>
#include <string>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Message;
using chat::Role;
using chat::ToolCall;
using chat::ToolResult;

bool IsAnswered(const std::string& id, const std::vector<Message>& messages, std::size_t begin) {
  return std::any_of(messages.begin() + static_cast<std::ptrdiff_t>(begin), messages.end(),
                     [&](const Message& message) {
                       return std::get<ToolResult>(message.parts.front().content).call_id == id;
                     });
}

}  // namespace

core::Status CompleteResult(std::vector<Message>& messages) {
  auto& result = std::get<ToolResult>(messages.back().parts.front().content);
  if (!result.call_id.empty()) {
    return {};
  }
  std::size_t first = messages.size() - 1;  // of the results in a row
  while (first > 0 && messages[first - 1].role == Role::kTool) {
    --first;
  }
  for (std::size_t i = 0; first > 0 && i < messages[first - 1].parts.size(); ++i) {
    const auto* call = std::get_if<ToolCall>(&messages[first - 1].parts[i].content);
    if (call != nullptr && !call->id.empty() &&
        (result.name.empty() || result.name == call->name) &&
        !IsAnswered(call->id, messages, first)) {
      result.call_id = call->id;
      return {};
    }
  }
  return std::unexpected(
      wire::UnderMember("tool_call_id", wire::Expected("the id of a tool call").error()));
}

}  // namespace signalbox::openai_chat
