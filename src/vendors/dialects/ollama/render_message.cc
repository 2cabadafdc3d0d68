#include "vendors/dialects/ollama/render_message.h"

#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using chat::Part;
using json::Writer;

std::string_view RoleName(chat::Role role) {
  switch (role) {
    case chat::Role::kSystem:
    case chat::Role::kDeveloper:
      return "system";
    case chat::Role::kAssistant:
      return "assistant";
    case chat::Role::kTool:
      return "tool";
    case chat::Role::kUser:
      break;
  }
  return "user";
}

// The name of the function that the call `id` called.
std::string_view NameOfCall(const chat::Request& request, std::string_view id) {
  for (const chat::Message& message : request.messages) {
    for (const Part& part : message.parts) {
      const auto* call = std::get_if<chat::ToolCall>(&part.content);
      if (call != nullptr && call->id == id) {
        return call->name;
      }
    }
  }
  return {};
}

void RenderResult(const chat::Request& request, const chat::Message& message,
                  const chat::ToolResult& result, bool own, Writer& out) {
  out.BeginObject().Key("role").String("tool").Key("content");
  out.String(result.json.empty() ? TextOf(result.parts, "\n") : result.json);
  RenderImages(result.parts, out);
  const bool named = own || !result.name.empty();
  wire::RenderText("tool_name", named ? result.name : NameOfCall(request, result.call_id), out);
  if (!IsMade(result.call_id)) {
    wire::RenderText("tool_call_id", result.call_id, out);
  }
  if (message.role == chat::Role::kTool) {
    wire::RenderExtra(message.extra, own, out);
  }
  out.EndObject();
}

void RenderThinking(const std::vector<Part>& parts, Writer& out) {
  std::string text;
  for (const Part& part : parts) {
    if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
      text += thought->text;
    }
  }
  wire::RenderText("thinking", text, out);
}

void RenderCalls(const std::vector<Part>& parts, bool own, Writer& out) {
  bool open = false;
  for (const Part& part : parts) {
    if (std::holds_alternative<chat::ToolCall>(part.content)) {
      if (!open) {
        out.Key("tool_calls").BeginArray();
        open = true;
      }
      RenderCall(part, own, out);
    }
  }
  if (open) {
    out.EndArray();
  }
}

}  // namespace

void RenderMessages(const chat::Request& request, const chat::Message& message, bool own,
                    Writer& out) {
  std::size_t results = 0;
  for (const Part& part : message.parts) {
    if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
      RenderResult(request, message, *result, own, out);
      ++results;
    }
  }
  if (message.role == chat::Role::kTool || (results != 0 && results == message.parts.size())) {
    return;
  }
  // What a model said goes on where it stopped; what people send are pieces.
  const std::string_view between = message.role == chat::Role::kAssistant ? "" : "\n";
  out.BeginObject().Key("role").String(RoleName(message.role));
  RenderThinking(message.parts, out);
  out.Key("content").String(TextOf(message.parts, between));
  RenderImages(message.parts, out);
  RenderCalls(message.parts, own, out);
  wire::RenderExtra(message.extra, own, out);
  out.EndObject();
}

std::string TextOf(const std::vector<Part>& parts, std::string_view between) {
  std::string joined;
  const auto add = [&](std::string_view text) {
    joined += joined.empty() || text.empty() ? "" : between;
    joined += text;
  };
  for (const Part& part : parts) {
    if (const auto* text = std::get_if<chat::Text>(&part.content)) {
      add(text->text);
    } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
      add(refusal->text);
    }
  }
  return joined;
}

void RenderImages(const std::vector<Part>& parts, Writer& out) {
  bool open = false;
  for (const Part& part : parts) {
    if (const auto* media = std::get_if<chat::Media>(&part.content)) {
      if (!open) {
        out.Key("images").BeginArray();
        open = true;
      }
      out.String(media->data);
    }
  }
  if (open) {
    out.EndArray();
  }
}

}  // namespace signalbox::ollama
