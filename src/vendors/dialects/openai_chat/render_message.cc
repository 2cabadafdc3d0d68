#include "vendors/dialects/openai_chat/render_message.h"

#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/render_fields.h"
#include "vendors/dialects/openai_chat/render_part.h"

namespace signalbox::openai_chat {
namespace {

using chat::Message;
using chat::Part;
using chat::ReasoningField;
using json::Writer;

// The parts of a message by where this dialect writes them.
struct Places {
  std::vector<const Part*> content;
  std::vector<const Part*> calls;
  std::vector<const Part*> results;
  std::vector<const chat::Reasoning*> thoughts;
  const chat::Refusal* refusal = nullptr;
  const chat::Media* audio = nullptr;
};

bool IsSpoken(const chat::Media& media, chat::Role role) {
  return role == chat::Role::kAssistant && media.kind == chat::MediaKind::kAudio;
}

void Place(const Part& part, chat::Role role, bool listed, Places& out) {
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    if (thought->field == ReasoningField::kThinkingPart) {
      out.content.push_back(&part);
    } else {
      out.thoughts.push_back(thought);
    }
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content);
             refusal != nullptr && !listed) {
    out.refusal = refusal;
  } else if (const auto* media = std::get_if<chat::Media>(&part.content);
             media != nullptr && IsSpoken(*media, role)) {
    out.audio = media;
  } else if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    (raw->call ? out.calls : out.content).push_back(&part);
  } else if (std::holds_alternative<chat::ToolCall>(part.content)) {
    out.calls.push_back(&part);
  } else if (std::holds_alternative<chat::ToolResult>(part.content)) {
    out.results.push_back(&part);
  } else {
    out.content.push_back(&part);
  }
}

Places Sort(const std::vector<Part>& parts, chat::Role role, bool listed) {
  Places places;
  for (const Part& part : parts) {
    Place(part, role, listed, places);
  }
  return places;
}

bool OnlyTexts(const std::vector<const Part*>& content) {
  for (const Part* part : content) {
    if (!std::holds_alternative<chat::Text>(part->content) || part->cache || !part->extra.empty()) {
      return false;
    }
  }
  return true;
}

// A list when it was one or when a text cannot say it; else the text, or null.
void RenderContent(const std::vector<const Part*>& content, bool listed, bool own, Writer& out) {
  out.Key("content");
  if (!listed && content.empty()) {
    out.Null();
  } else if (!listed && OnlyTexts(content)) {
    std::string joined;
    for (const Part* part : content) {
      joined += std::get<chat::Text>(part->content).text;
    }
    out.String(joined);
  } else {
    out.BeginArray();
    for (const Part* part : content) {
      RenderPart(*part, own, out);
    }
    out.EndArray();
  }
}

void RenderThoughts(const Places& places, Writer& out) {
  std::string text;
  for (const chat::Reasoning* thought : places.thoughts) {
    text += thought->text;
  }
  if (!places.thoughts.empty()) {
    const bool short_name = places.thoughts.front()->field == ReasoningField::kReasoning;
    out.Key(short_name ? "reasoning" : "reasoning_content").String(text);
  }
}

void RenderCitations(const Places& places, bool own, Writer& out) {
  bool open = false;
  for (const Part* part : places.content) {
    const auto* text = std::get_if<chat::Text>(&part->content);
    for (std::size_t i = 0; text != nullptr && i < text->citations.size(); ++i) {
      if (!open) {
        out.Key("annotations").BeginArray();
        open = true;
      }
      RenderCitation(text->citations[i], own, out);
    }
  }
  if (open) {
    out.EndArray();
  }
}

void RenderMembers(const Places& places, bool listed, bool own, Writer& out) {
  RenderContent(places.content, listed, own, out);
  RenderThoughts(places, out);
  if (places.refusal != nullptr) {
    out.Key("refusal").String(places.refusal->text);
  }
  RenderCitations(places, own, out);
  if (places.audio != nullptr) {
    out.Key("audio");
    RenderSpokenAudio(*places.audio, own, out);
  }
  if (!places.calls.empty()) {
    out.Key("tool_calls").BeginArray();
    for (const Part* call : places.calls) {
      RenderCall(*call, own, out);
    }
    out.EndArray();
  }
}

void RenderResult(const Message& message, const chat::ToolResult& result, bool own, Writer& out) {
  std::vector<const Part*> content;
  for (const Part& part : result.parts) {
    content.push_back(&part);
  }
  const bool old = result.call_id.empty() && !result.name.empty();
  out.BeginObject().Key("role").String(old ? "function" : "tool");
  RenderText("tool_call_id", result.call_id, out);
  RenderText("name", result.name, out);
  RenderContent(content, result.listed, own, out);
  if (message.role == chat::Role::kTool) {
    RenderCache(message.cache, own, out);
    RenderExtra(message.extra, own, out);
  }
  out.EndObject();
}

}  // namespace

void RenderMessages(const Message& message, bool own, Writer& out) {
  Places places = Sort(message.parts, message.role, message.listed);
  for (const Part* part : places.results) {
    RenderResult(message, std::get<chat::ToolResult>(part->content), own, out);
  }
  if (message.role == chat::Role::kTool ||
      (!places.results.empty() && places.results.size() == message.parts.size())) {
    return;
  }
  std::erase_if(places.thoughts, [&](const chat::Reasoning* thought) {
    return thought->field == ReasoningField::kUnstated;
  });
  out.BeginObject().Key("role").String(RoleName(message.role));
  RenderText("name", message.name, out);
  RenderMembers(places, message.listed, own, out);
  RenderCache(message.cache, own, out);
  RenderExtra(message.extra, own, out);
  out.EndObject();
}

void RenderAnswerMessage(const chat::Choice& choice, bool own, Writer& out) {
  const Places places = Sort(choice.parts, chat::Role::kAssistant, choice.listed);
  out.BeginObject().Key("role").String("assistant");
  RenderMembers(places, choice.listed, own, out);
  if (places.refusal == nullptr) {
    out.Key("refusal").Null();
  }
  RenderExtra(choice.message_extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_chat
