#include "vendors/dialects/gemini/join_thoughts.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/gemini/seal.h"

namespace signalbox::gemini {
namespace {

using chat::Message;
using chat::Part;
using chat::Reasoning;

// A redacted thought is whole without a text.
bool IsSealed(const Part& part) {
  const auto* thought = std::get_if<Reasoning>(&part.content);
  return thought != nullptr && !thought->format.empty() && thought->format != kFormat &&
         (!thought->signature.empty() || !thought->id.empty());
}

bool IsPiece(const Part& part) {
  const auto* thought = std::get_if<Reasoning>(&part.content);
  return thought != nullptr && thought->format.empty() && part.extra.empty();
}

// Takes the pieces that `parts` ends with; their text.
std::string TakePieces(std::vector<Part>& parts) {
  auto first = parts.end();
  while (first != parts.begin() && IsPiece(*std::prev(first))) {
    --first;
  }
  std::string text;
  for (auto piece = first; piece != parts.end(); ++piece) {
    text += std::get<Reasoning>(piece->content).text;
  }
  parts.erase(first, parts.end());
  return text;
}

// Of the model's contents right before messages[at].
std::string TakePiecesBefore(std::vector<Message>& messages, std::size_t at) {
  std::size_t first = at;
  while (first > 0 && messages[first - 1].role == chat::Role::kAssistant) {
    --first;
    if (!std::ranges::all_of(messages[first].parts, IsPiece)) {
      break;
    }
  }
  std::string text;
  for (; first < at; ++first) {
    text += TakePieces(messages[first].parts);
  }
  return text;
}

void JoinIn(std::vector<Message>& messages, std::size_t at) {
  std::vector<Part> parts = std::exchange(messages[at].parts, {});
  std::vector<Part> joined;
  joined.reserve(parts.size());
  for (Part& part : parts) {
    if (IsSealed(part)) {
      std::string text = TakePieces(joined);
      if (joined.empty()) {
        text.insert(0, TakePiecesBefore(messages, at));
      }
      std::get<Reasoning>(part.content).text.insert(0, text);
    }
    joined.push_back(std::move(part));
  }
  messages[at].parts = std::move(joined);
}

}  // namespace

void JoinThoughts(std::vector<Message>& messages) {
  bool any = false;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& message = messages[i];
    if (message.role == chat::Role::kAssistant && std::ranges::any_of(message.parts, IsSealed)) {
      JoinIn(messages, i);
      any = true;
    }
  }
  if (any) {
    std::erase_if(messages, [](const Message& message) {
      return message.role == chat::Role::kAssistant && message.parts.empty() &&
             message.extra.empty();
    });
  }
}

}  // namespace signalbox::gemini
