#include "vendors/chat/tell.h"

#include <utility>

namespace signalbox::chat {
namespace {

// Tells the parts of one choice.
struct Teller {
  std::int64_t choice;
  EventBatch& out;
  std::int64_t calls = 0;

  void Say(auto what) { out.push_back({choice, std::move(what)}); }

  void Part(chat::Part part) {
    if (auto* text = std::get_if<Text>(&part.content)) {
      Say(TextDelta{std::move(text->text), std::move(text->signature)});
      for (Citation& citation : text->citations) {
        Say(CitationDelta{std::move(citation)});
      }
    } else if (auto* thought = std::get_if<Reasoning>(&part.content)) {
      ReasoningDelta delta;
      delta.text = std::move(thought->text);
      delta.signature = std::move(thought->signature);
      delta.redacted = std::move(thought->redacted);
      delta.field = thought->field;
      delta.id = std::move(thought->id);
      delta.summary = thought->summary;
      delta.format = std::move(thought->format);
      Say(std::move(delta));
    } else if (auto* refusal = std::get_if<Refusal>(&part.content)) {
      Say(RefusalDelta{std::move(refusal->text)});
    } else if (auto* call = std::get_if<ToolCall>(&part.content)) {
      Say(ToolCallStart{.call = calls,
                        .id = std::move(call->id),
                        .name = std::move(call->name),
                        .kind = call->kind,
                        .signature = std::move(call->signature),
                        .extra = std::move(part.extra)});
      Say(ToolCallArguments{calls, std::move(call->arguments)});
      Say(ToolCallEnd{calls++});
      return;
    } else {
      Say(WholePart{std::move(part)});
      return;
    }
    Say(PartEnd{});
  }
};

}  // namespace

EventBatch Tell(Response response) {
  EventBatch out;
  out.push_back({0, StreamStart{.id = std::move(response.id),
                                .model = std::move(response.model),
                                .created = response.created,
                                .service_tier = std::move(response.service_tier),
                                .system_fingerprint = std::move(response.system_fingerprint)}});
  for (Choice& choice : response.choices) {
    Teller teller{choice.index, out};
    teller.Say(ChoiceStart{});
    for (Part& part : choice.parts) {
      teller.Part(std::move(part));
    }
    teller.Say(Finish{choice.finish, std::move(choice.finish_text), choice.stop_sequence});
  }
  if (response.usage) {
    out.push_back({0, *std::move(response.usage)});
  }
  out.push_back({0, StreamEnd{}});
  return out;
}

}  // namespace signalbox::chat
