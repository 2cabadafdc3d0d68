#include "vendors/dialects/openai_chat/places.h"

namespace signalbox::openai_chat {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::Part;
using chat::Role;

struct Sorter {
  const Part& part;
  Role role;
  bool listed;
  bool own;
  Places& out;

  void operator()(const chat::Text&) const {
    if (own || !chat::IsSilent(part)) {
      out.content.push_back(&part);
    }
  }
  void operator()(const chat::Reasoning& thought) const {
    if (own && thought.field == chat::ReasoningField::kThinkingPart) {
      out.content.push_back(&part);
    } else {
      out.thoughts.push_back(&thought);
    }
  }
  void operator()(const chat::Refusal& refusal) const {
    if (listed) {
      out.content.push_back(&part);
    } else {
      out.refusal = &refusal;
    }
  }
  void operator()(const Media& media) const {
    if (role != Role::kAssistant) {
      out.content.push_back(&part);
    } else if (media.kind == MediaKind::kAudio && !(own && listed && media.file_id.empty())) {
      out.audio = &media;
    } else if (own && listed) {
      out.content.push_back(&part);
    } else if (own || media.kind == MediaKind::kImage) {
      out.images.push_back(&part);
    }
  }
  void operator()(const chat::ToolCall&) const { out.calls.push_back(&part); }
  void operator()(const chat::ToolResult&) const { out.results.push_back(&part); }
  void operator()(const chat::RawPart& raw) const {
    if (own) {
      (raw.call ? out.calls : out.content).push_back(&part);
    }
  }
};

}  // namespace

Places Sort(const std::vector<Part>& parts, Role role, bool listed, bool own) {
  Places places;
  for (const Part& part : parts) {
    std::visit(Sorter{part, role, listed, own, places}, part.content);
  }
  return places;
}

Places Sort(const chat::Message& message, bool own) {
  return Sort(message.parts, message.role, message.listed, own);
}

}  // namespace signalbox::openai_chat
