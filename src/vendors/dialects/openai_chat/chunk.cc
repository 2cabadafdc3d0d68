#include "vendors/dialects/openai_chat/chunk.h"

#include <variant>

#include "vendors/dialects/openai_chat/errors.h"

namespace signalbox::openai_chat {
namespace {

using chat::Level;

ChoiceFragment& ChoiceOf(std::int64_t index, Chunk& chunk) {
  for (ChoiceFragment& choice : chunk.choices) {
    if (choice.index == index) {
      return choice;
    }
  }
  ChoiceFragment& choice = chunk.choices.emplace_back();
  choice.index = index;
  return choice;
}

CallFragment& CallOf(std::int64_t call, ChoiceFragment& choice) {
  for (CallFragment& fragment : choice.calls) {
    if (fragment.call == call) {
      return fragment;
    }
  }
  CallFragment& fragment = choice.calls.emplace_back();
  fragment.call = call;
  return fragment;
}

void Append(std::optional<std::string>& to, std::string_view text) {
  to = to.value_or("").append(text);
}

// The first one of a name counts: a frame with two choices of one index would name it twice.
void AddOnce(const chat::Member& member, std::vector<const chat::Member*>& to) {
  for (const chat::Member* known : to) {
    if (known->key == member.key) {
      return;
    }
  }
  to.push_back(&member);
}

// Puts each kind of event where it belongs.
struct Gatherer {
  Chunk& chunk;
  bool own;
  std::int64_t index = 0;

  ChoiceFragment& choice() { return ChoiceOf(index, chunk); }

  void operator()(const chat::ChoiceStart&) { choice().begins = true; }
  void operator()(const chat::TextDelta& delta) { Append(choice().text, delta.text); }
  void operator()(const chat::ReasoningDelta& delta) {
    if (delta.text.empty() && delta.field == chat::ReasoningField::kUnstated) {
      return;  // a signature or a redacted thought of another vendor
    }
    ChoiceFragment& fragment = choice();
    Append(fragment.thought, delta.text);
    fragment.field = delta.field;
  }
  void operator()(const chat::RefusalDelta& delta) { Append(choice().refusal, delta.text); }
  void operator()(const chat::ToolCallStart& start) { CallOf(start.call, choice()).start = &start; }
  void operator()(const chat::ToolCallArguments& arguments) {
    Append(CallOf(arguments.call, choice()).arguments, arguments.text);
  }
  void operator()(const chat::CitationDelta& delta) {
    choice().citations.push_back(&delta.citation);
  }
  void operator()(const chat::AudioDelta& delta) { choice().audio = &delta; }
  void operator()(const chat::LogprobsDelta& delta) {
    if (own) {
      choice().logprobs = &delta;
    }
  }
  void operator()(const chat::Finish& finish) { choice().finish = &finish; }
  void operator()(const chat::UsageReport& usage) { chunk.usage = &usage; }
  void operator()(const chat::UnknownMember& unknown) {
    if (!own) {
      return;
    }
    switch (unknown.level) {
      case Level::kFrame:
        AddOnce(unknown.member, chunk.unknown);
        return;
      case Level::kChoice:
        AddOnce(unknown.member, choice().unknown);
        return;
      case Level::kDelta:
        AddOnce(unknown.member, choice().delta_unknown);
        return;
      case Level::kToolCall:
        AddOnce(unknown.member, CallOf(unknown.call, choice()).unknown);
        return;
    }
  }
  void operator()(const chat::ToolCallEnd&) {}
  void operator()(const chat::StreamStart&) {}
  void operator()(const chat::StreamError&) {}
  void operator()(const chat::StreamEnd&) {}
};

}  // namespace

Chunk GatherChunk(std::span<const chat::Event> events, bool own) {
  Chunk chunk;
  Gatherer gatherer{chunk, own};
  for (const chat::Event& event : events) {
    gatherer.index = event.choice;
    std::visit(gatherer, event.what);
  }
  return chunk;
}

StreamMarks FindMarks(std::span<const chat::Event> events, chat::StreamStart& head) {
  StreamMarks marks;
  for (const chat::Event& event : events) {
    if (const auto* start = std::get_if<chat::StreamStart>(&event.what)) {
      head = *start;
    } else if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
      marks.error = error;
    } else if (std::holds_alternative<chat::StreamEnd>(event.what)) {
      marks.ends = true;
    }
  }
  return marks;
}

void RenderMarks(const StreamMarks& marks, std::vector<std::string>& frames) {
  if (marks.error != nullptr) {
    frames.push_back(RenderVendorError(*marks.error));
  }
  if (marks.ends) {
    frames.emplace_back("[DONE]");
  }
}

}  // namespace signalbox::openai_chat
