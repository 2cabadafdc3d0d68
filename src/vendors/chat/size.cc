#include "vendors/chat/size.h"

namespace signalbox::chat {
namespace {

constexpr std::size_t kFrame = 512;   // the outermost members
constexpr std::size_t kMember = 128;  // the names and quotes around one part or tool

// A little more than the text: it may hold escapes.
std::size_t Quoted(const std::string& text) {
  return text.size() + text.size() / 32;
}

std::size_t SizeOf(const std::vector<Part>& parts) {
  std::size_t bytes = 0;
  for (const Part& part : parts) {
    bytes += kMember;
    if (const auto* text = std::get_if<Text>(&part.content)) {
      bytes += Quoted(text->text);
    } else if (const auto* thought = std::get_if<Reasoning>(&part.content)) {
      bytes += Quoted(thought->text) + thought->signature.size() + thought->redacted.size();
    } else if (const auto* media = std::get_if<Media>(&part.content)) {
      bytes += media->data.size() + media->url.size();
    } else if (const auto* call = std::get_if<ToolCall>(&part.content)) {
      bytes += Quoted(call->arguments);
    } else if (const auto* result = std::get_if<ToolResult>(&part.content)) {
      bytes += SizeOf(result->parts) + result->json.size();
    }
  }
  return bytes;
}

}  // namespace

std::size_t RenderedSize(const Request& request) {
  std::size_t bytes = kFrame + request.response_format.schema.size();
  for (const Message& message : request.messages) {
    bytes += SizeOf(message.parts);
  }
  for (const Tool& tool : request.tools) {
    bytes += kMember + Quoted(tool.description) + tool.parameters.size();
  }
  return bytes;
}

std::size_t RenderedSize(const Response& response) {
  std::size_t bytes = kFrame;
  for (const Choice& choice : response.choices) {
    bytes += SizeOf(choice.parts) + choice.logprobs.size();
  }
  return bytes;
}

}  // namespace signalbox::chat
