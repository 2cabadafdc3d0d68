#include "vendors/dialects/openai_chat/expressible.h"

#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::openai_chat {
namespace {

using chat::Media;
using chat::Part;
using core::Status;

std::unexpected<core::Error> Cannot(const std::string& path, std::string_view what) {
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    path + ": OpenAI Chat Completions cannot carry " + std::string(what), path);
}

Status CheckMedia(const Media& media, bool own, const std::string& path) {
  switch (media.kind) {
    case chat::MediaKind::kVideo:
      return Cannot(path, "video");
    case chat::MediaKind::kAudio:
      return media.data.empty() && media.file_id.empty() && !own ? Cannot(path, "audio by URL")
                                                                 : Status{};
    case chat::MediaKind::kDocument:
      return !media.url.empty() && !own ? Cannot(path, "a document by URL") : Status{};
    case chat::MediaKind::kImage:
      return !media.file_id.empty() ? Cannot(path, "an image by file id") : Status{};
  }
  return {};
}

Status CheckPart(const Part& part, bool own, const std::string& path,
                 std::vector<std::string>& dropped) {
  if (part.cache && !own) {
    dropped.push_back(path + ".cache_control");
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    if (thought->field == chat::ReasoningField::kUnstated) {
      dropped.push_back(path);
    }
  } else if (const auto* media = std::get_if<Media>(&part.content)) {
    return CheckMedia(*media, own, path);
  } else if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    return own ? Status{} : Cannot(path, "a part of type " + raw->type);
  } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    if (result->is_error.value_or(false)) {
      dropped.push_back(path + ".is_error");
    }
    for (const Part& inner : result->parts) {
      SB_CHECK_OK(CheckPart(inner, own, path, dropped));
    }
  }
  return {};
}

Status CheckMessage(const chat::Message& message, bool own, const std::string& path,
                    std::vector<std::string>& dropped) {
  if (message.cache && !own) {
    dropped.push_back(path + ".cache_control");
  }
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const std::string part = path + ".content[" + std::to_string(i) + "]";
    SB_CHECK_OK(CheckPart(message.parts[i], own, part, dropped));
  }
  return {};
}

Status CheckTools(const chat::Request& request, bool own, std::vector<std::string>& dropped) {
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    const chat::Tool& tool = request.tools[i];
    const std::string path = "tools[" + std::to_string(i) + "]";
    if (tool.kind == chat::ToolKind::kRaw && !own) {
      return Cannot(path, "a tool of type " + tool.type);
    }
    if (tool.cache && !own) {
      dropped.push_back(path + ".cache_control");
    }
  }
  return {};
}

}  // namespace

Status CheckExpressible(const chat::Request& request, std::vector<std::string>& dropped) {
  const bool own = request.dialect == kDialect;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const std::string path = "messages[" + std::to_string(i) + "]";
    SB_CHECK_OK(CheckMessage(request.messages[i], own, path, dropped));
  }
  SB_CHECK_OK(CheckTools(request, own, dropped));
  if (request.tool_choice.mode == chat::ToolChoiceMode::kRaw && !own) {
    return Cannot("tool_choice", "this choice");
  }
  if (request.response_format.kind == chat::FormatKind::kRaw && !own) {
    return Cannot("response_format", "this format");
  }
  if (request.reasoning.budget && !own) {
    dropped.emplace_back("reasoning.budget");
  }
  return {};
}

}  // namespace signalbox::openai_chat
