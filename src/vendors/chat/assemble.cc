#include "vendors/chat/assemble.h"

namespace signalbox::chat {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

void Set(std::string& field, const std::string& value) {
  if (!value.empty()) {
    field = value;
  }
}

}  // namespace

Choice& Assembler::ChoiceAt(std::int64_t index) {
  for (Choice& choice : answer_.choices) {
    if (choice.index == index) {
      return choice;
    }
  }
  Choice& choice = answer_.choices.emplace_back();
  choice.index = index;
  open_.emplace_back();
  return choice;
}

// The last part of a choice, or a new one when that is of another kind or complete.
template <typename T>
T& Assembler::LastPart(std::int64_t index) {
  Choice& choice = ChoiceAt(index);
  Open& open = open_[static_cast<std::size_t>(&choice - answer_.choices.data())];
  const bool goes_on = !choice.parts.empty() && !open.closed &&
                       std::holds_alternative<T>(choice.parts.back().content);
  if (!goes_on) {
    choice.parts.push_back({.content = T{}});
    open.closed = false;
  }
  return std::get<T>(choice.parts.back().content);
}

void Assembler::EndCall(std::int64_t index, const ToolCallEnd& end) {
  Choice& choice = ChoiceAt(index);
  const Open& open = open_[static_cast<std::size_t>(&choice - answer_.choices.data())];
  if (end.call >= 0 && static_cast<std::size_t>(end.call) < open.calls.size()) {
    Set(choice.parts[open.calls[static_cast<std::size_t>(end.call)]].item, end.item);
  }
}

void Assembler::EndPart(std::int64_t index, const PartEnd& end) {
  Choice& choice = ChoiceAt(index);
  open_[static_cast<std::size_t>(&choice - answer_.choices.data())].closed = true;
  if (!choice.parts.empty()) {
    Part& part = choice.parts.back();
    Set(part.item, end.item);
    part.extra.insert(part.extra.end(), end.extra.begin(), end.extra.end());
  }
}

void Assembler::Take(std::span<const Event> events) {
  for (const Event& event : events) {
    TakeOne(event);
  }
}

void Assembler::TakeOne(const Event& event) {
  const std::int64_t at = event.choice;
  const auto call = [&](std::int64_t number) -> ToolCall* {
    Choice& choice = ChoiceAt(at);
    const Open& open = open_[static_cast<std::size_t>(&choice - answer_.choices.data())];
    return number >= 0 && static_cast<std::size_t>(number) < open.calls.size()
               ? &std::get<ToolCall>(
                     choice.parts[open.calls[static_cast<std::size_t>(number)]].content)
               : nullptr;
  };
  const auto open_of = [&]() -> Open& {
    Choice& choice = ChoiceAt(at);
    return open_[static_cast<std::size_t>(&choice - answer_.choices.data())];
  };
  std::visit(Overloaded{
                 [&](const StreamStart& start) {
                   Set(answer_.id, start.id);
                   Set(answer_.model, start.model);
                   Set(answer_.service_tier, start.service_tier);
                   Set(answer_.system_fingerprint, start.system_fingerprint);
                   answer_.created = start.created ? start.created : answer_.created;
                 },
                 [&](const ChoiceStart&) { ChoiceAt(at); },
                 [&](const TextDelta& delta) {
                   Text& text = LastPart<Text>(at);
                   text.text += delta.text;
                   Set(text.signature, delta.signature);
                 },
                 [&](const ReasoningDelta& delta) {
                   Reasoning& thought = LastPart<Reasoning>(at);
                   thought.text += delta.text;
                   Set(thought.signature, delta.signature);
                   Set(thought.redacted, delta.redacted);
                   Set(thought.id, delta.id);
                   Set(thought.format, delta.format);
                   thought.summary |= delta.summary;
                   thought.field = delta.field;
                 },
                 [&](const RefusalDelta& delta) { LastPart<Refusal>(at).text += delta.text; },
                 [&](const ToolCallStart& start) {
                   Choice& choice = ChoiceAt(at);
                   open_of().calls.push_back(choice.parts.size());
                   choice.parts.push_back({.content = ToolCall{.id = start.id,
                                                               .name = start.name,
                                                               .arguments = {},
                                                               .kind = start.kind,
                                                               .signature = start.signature,
                                                               .inner_extra = {}},
                                           .cache = {},
                                           .extra = start.extra});
                 },
                 [&](const ToolCallArguments& arguments) {
                   if (ToolCall* known = call(arguments.call)) {
                     known->arguments += arguments.text;
                   }
                 },
                 [&](const ToolCallEnd& end) { EndCall(at, end); },
                 [&](const CitationDelta& delta) {
                   LastPart<Text>(at).citations.push_back(delta.citation);
                 },
                 [&](const AudioDelta& delta) {
                   Media& audio = LastPart<Media>(at);
                   audio.kind = MediaKind::kAudio;
                   Set(audio.file_id, delta.id);
                   audio.data += delta.data;
                   audio.transcript += delta.transcript;
                 },
                 [&](const LogprobsDelta& delta) { ChoiceAt(at).logprobs = delta.logprobs; },
                 [&](const WholePart& whole) {
                   ChoiceAt(at).parts.push_back(whole.part);
                   open_of().closed = true;
                 },
                 [&](const PartEnd& end) { EndPart(at, end); },
                 [&](const Finish& finish) {
                   Choice& choice = ChoiceAt(at);
                   choice.finish = finish.reason;
                   choice.finish_text = finish.text;
                   choice.stop_sequence = finish.stop_sequence;
                 },
                 [&](const UsageReport& usage) { answer_.usage = usage; },
                 [&](const StreamError& error) { error_ = error; },
                 [&](const StreamEnd&) { ended_ = true; },
                 [&](const UnknownMember& unknown) {
                   if (unknown.level == Level::kFrame) {
                     answer_.extra.push_back(unknown.member);
                   }
                 },
             },
             event.what);
}

}  // namespace signalbox::chat
