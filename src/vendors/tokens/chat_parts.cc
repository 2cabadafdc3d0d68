#include "vendors/tokens/chat_parts.h"

#include <algorithm>
#include <string>

#include "vendors/tokens/tool_signature.h"

namespace signalbox::tokens {
namespace {

constexpr std::size_t kPerName = 1;
// Found by comparing with recorded usage; see README.md for how close.
constexpr std::size_t kTools = 9;
constexpr std::size_t kToolsAfterSystem = 5;  // they share the system message
constexpr std::size_t kOneCall = 8;           // beside the function's name and arguments
constexpr std::size_t kParallelCalls = 1;     // around several
constexpr std::size_t kPerParallelCall = 14;
constexpr std::size_t kSchema = 2;  // around a schema without white space
// Published prices of pictures for GPT-4o: 85 tokens in low detail; 85 + 170 for each of the four
// tiles of a picture of 1024 × 1024.
constexpr std::size_t kPictureLow = 85;
constexpr std::size_t kPicture = 765;
constexpr std::size_t kBytesOfBase64PerToken = 24;  // of sound and documents, very roughly

// JSON without the white space between its values.
std::string Compact(std::string_view json) {
  std::string compact;
  bool text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    text = text != (c == '"');
    if (text && c == '\\' && i + 1 < json.size()) {
      compact += c;
      compact += json[++i];
    } else if (text || std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
      compact += c;
    }
  }
  return compact;
}

}  // namespace

void ChatParts::Add(const chat::Request& request, Framing framing) {
  for (const chat::Message& message : request.messages) {
    AddMessage(message, framing);
  }
  tokens_ += static_cast<std::size_t>(framing.per_call);
  AddTools(request);
  AddFormat(request.response_format);
}

void ChatParts::AddMessage(const chat::Message& message, Framing framing) {
  tokens_ += static_cast<std::size_t>(framing.per_message);
  if (!message.name.empty()) {
    tokens_ += kPerName;
    AddText(message.name);
  }
  for (const chat::Part& part : message.parts) {
    AddPart(part);
  }
  AddCalls(message);
}

void ChatParts::AddPart(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    AddText(text->text);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    AddText(refusal->text);
    Guess(0);
  } else if (const auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
    AddText(reasoning->text);
    Guess(0);
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    AddMedia(*media);
  } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    for (const chat::Part& inner : result->parts) {
      AddPart(inner);
    }
    Guess(0);
  } else if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    AddText(raw->json);
    Guess(0);
  }
}

void ChatParts::AddMedia(const chat::Media& media) {
  if (media.kind == chat::MediaKind::kImage) {
    Guess(media.detail == "low" ? kPictureLow : kPicture);
  } else {
    Guess(media.data.size() / kBytesOfBase64PerToken);
  }
}

void ChatParts::AddCalls(const chat::Message& message) {
  std::size_t calls = 0;
  for (const chat::Part& part : message.parts) {
    if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
      ++calls;
      AddText(call->name);
      AddText(call->arguments);
    }
  }
  if (calls > 0) {
    Guess(calls == 1 ? kOneCall : kParallelCalls + kPerParallelCall * calls);
  }
}

void ChatParts::AddTools(const chat::Request& request) {
  if (request.tools.empty()) {
    return;
  }
  const bool system = std::ranges::any_of(request.messages, [](const chat::Message& message) {
    return message.role == chat::Role::kSystem || message.role == chat::Role::kDeveloper;
  });
  AddText(ToolSignatures(request.tools));
  Guess(system ? kToolsAfterSystem : kTools);
}

void ChatParts::AddFormat(const chat::ResponseFormat& format) {
  if (format.kind == chat::FormatKind::kJsonSchema || format.kind == chat::FormatKind::kRaw) {
    AddText(Compact(format.schema));
    AddText(Compact(format.json));
    Guess(kSchema);
  }
}

}  // namespace signalbox::tokens
