#include "vendors/chat/system_prompt.h"

#include <utility>

namespace signalbox::chat {
namespace {

std::string TextOf(const Message& message) {
  std::string text;
  for (const Part& part : message.parts) {
    if (const auto* piece = std::get_if<Text>(&part.content)) {
      text += piece->text;
    }
  }
  return text;
}

}  // namespace

std::string LiftSystemPrompts(Request& request) {
  std::string joined;
  std::vector<Message> kept;
  kept.reserve(request.messages.size());
  for (Message& message : request.messages) {
    if (message.role != Role::kSystem && message.role != Role::kDeveloper) {
      kept.push_back(std::move(message));
      continue;
    }
    const std::string text = TextOf(message);
    if (!text.empty()) {
      joined += joined.empty() ? "" : "\n\n";
      joined += text;
    }
  }
  request.messages = std::move(kept);
  return joined;
}

}  // namespace signalbox::chat
