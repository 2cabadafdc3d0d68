#include "vendors/dialects/workers_ai/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace signalbox::workers_ai {
namespace {

using chat::Message;
using chat::Part;

bool IsContent(const Part& part) {
  return !std::holds_alternative<chat::ToolCall>(part.content) &&
         !std::holds_alternative<chat::Reasoning>(part.content);
}

bool IsText(const Part& part) {
  return std::holds_alternative<chat::Text>(part.content);
}

// Something to be written as content; Workers AI refuses null.
void FillContent(Message& message) {
  const bool results = std::ranges::any_of(message.parts, [](const Part& part) {
    return std::holds_alternative<chat::ToolResult>(part.content);
  });
  if (!results && !message.listed && std::ranges::none_of(message.parts, IsContent)) {
    message.parts.insert(message.parts.begin(), Part{.content = chat::Text{}});
  }
}

// Models that know texts only take no lists.
void JoinTexts(std::vector<Part>& parts, bool& listed) {
  if (!listed || parts.empty() || !std::ranges::all_of(parts, IsText)) {
    return;
  }
  std::string joined;
  for (const Part& part : parts) {
    const std::string& text = std::get<chat::Text>(part.content).text;
    joined += joined.empty() || text.empty() ? "" : "\n";
    joined += text;
  }
  parts.clear();
  parts.push_back({.content = chat::Text{std::move(joined), {}}});
  listed = false;
}

core::Status CheckFetched(const Message& message, std::size_t place) {
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const auto* media = std::get_if<chat::Media>(&message.parts[i].content);
    if (media != nullptr && media->data.empty()) {
      std::string path = fmt::format("messages[{}].content[{}]", place, i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        path + ": Workers AI cannot carry an image that was not fetched", path);
    }
  }
  return {};
}

void Translate(Message& message) {
  if (message.role == chat::Role::kDeveloper) {
    message.role = chat::Role::kSystem;
  }
  message.name.clear();
  for (Part& part : message.parts) {
    if (auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
      part.content = chat::Text{std::move(refusal->text), {}};
    } else if (auto* media = std::get_if<chat::Media>(&part.content)) {
      media->detail.clear();
      media->url.clear();  // its data is here
    } else if (auto* result = std::get_if<chat::ToolResult>(&part.content)) {
      JoinTexts(result->parts, result->listed);
    }
  }
  JoinTexts(message.parts, message.listed);
}

}  // namespace

core::Result<std::vector<Message>> PrepareMessages(const chat::Request& request, bool own) {
  std::vector<Message> messages = request.messages;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!own) {
      SB_CHECK_OK(CheckFetched(messages[i], i));
      Translate(messages[i]);
    }
    FillContent(messages[i]);
  }
  return messages;
}

}  // namespace signalbox::workers_ai
