#include "vendors/dialects/huggingface/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "vendors/dialects/huggingface/dialect.h"

namespace signalbox::huggingface {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Result;

bool IsSystem(const Message& message) {
  return message.role == Role::kSystem || message.role == Role::kDeveloper;
}

// The texts of a message, a line each; thoughts stay out.
Result<std::string> TextOf(const Message& message, std::size_t place) {
  std::string joined;
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Part& part = message.parts[i];
    const auto* text = std::get_if<chat::Text>(&part.content);
    const auto* refusal = std::get_if<chat::Refusal>(&part.content);
    if (std::holds_alternative<chat::Reasoning>(part.content)) {
      continue;
    }
    if (text == nullptr && refusal == nullptr) {
      std::string path = fmt::format("messages[{}].content[{}]", place, i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        fmt::format("{}: {} carries text alone", path, kTitle), path);
    }
    const std::string& said = text != nullptr ? text->text : refusal->text;
    joined += joined.empty() || said.empty() ? "" : "\n";
    joined += said;
  }
  return joined;
}

void AddSystem(const std::string& text, std::string& out) {
  out += out.empty() || text.empty() ? "" : "\n\n";
  out += text;
}

}  // namespace

Result<Prompt> MakePrompt(const chat::Request& request) {
  std::string system;
  std::string turns;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    SB_TRY(const std::string text, TextOf(message, i));
    if (request.messages.size() == 1 && message.role == Role::kUser) {
      return Prompt{text, false};
    }
    if (IsSystem(message)) {
      AddSystem(text, system);
    } else {
      turns += message.role == Role::kAssistant ? "Assistant: " : "User: ";
      turns += text;
      turns += '\n';
    }
  }
  Prompt prompt{std::move(system), true};
  prompt.text += prompt.text.empty() ? "" : "\n\n";
  prompt.text += turns + "Assistant:";
  return prompt;
}

std::size_t TurnAtEnd(std::string_view text) {
  std::size_t size = std::min(text.size(), kTurn.size());
  while (size > 0 && !text.ends_with(kTurn.substr(0, size))) {
    --size;
  }
  return size;
}

}  // namespace signalbox::huggingface
