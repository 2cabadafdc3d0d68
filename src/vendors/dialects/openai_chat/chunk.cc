#include "vendors/dialects/openai_chat/chunk.h"

#include <algorithm>
#include <variant>

#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/wire/error_words.h"

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
  to ? to->append(text) : to.emplace(text);
}

ChoiceMemory& MemoryOf(std::int64_t choice, std::vector<ChoiceMemory>& all) {
  for (ChoiceMemory& memory : all) {
    if (memory.choice == choice) {
      return memory;
    }
  }
  ChoiceMemory& memory = all.emplace_back();
  memory.choice = choice;
  return memory;
}

// Speech that is no thought, or the end of one: the next thought is another.
void CloseThought(std::int64_t choice, std::vector<ChoiceMemory>& all) {
  for (ChoiceMemory& memory : all) {
    if (memory.choice == choice && memory.thinking) {
      memory.thinking = false;
      ++memory.thought;
    }
  }
}

bool IsCustom(std::int64_t choice, std::int64_t call, const std::vector<ChoiceMemory>& all) {
  return std::ranges::any_of(all, [&](const ChoiceMemory& memory) {
    return memory.choice == choice && std::ranges::find(memory.custom, call) != memory.custom.end();
  });
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
  std::vector<ChoiceMemory>& memory;
  std::int64_t index = 0;

  ChoiceFragment& choice() { return ChoiceOf(index, chunk); }

  void operator()(const chat::ChoiceStart&) { choice().begins = true; }
  void operator()(const chat::TextDelta& delta) {
    Speak();
    if (!delta.signature.empty()) {
      choice().signature = delta.signature;
    }
    if (!delta.text.empty() || delta.signature.empty()) {
      Append(choice().text, delta.text);
    }
  }
  void operator()(const chat::ReasoningDelta& delta) {
    ChoiceFragment& fragment = choice();
    const bool stated = delta.field != chat::ReasoningField::kUnstated;
    const bool locked = !delta.signature.empty() || !delta.redacted.empty();
    if (locked || !delta.detail.empty() || (!own && !delta.text.empty())) {
      ChoiceMemory& so_far = MemoryOf(index, memory);
      so_far.thinking = true;
      fragment.details.push_back({&delta, so_far.thought});
    }
    if (stated || (!delta.text.empty() && delta.detail.empty())) {
      Append(fragment.thought, delta.text);
      fragment.field = own ? delta.field : chat::ReasoningField::kReasoningContent;
    }
  }
  void operator()(const chat::RefusalDelta& delta) {
    Speak();
    Append(choice().refusal, delta.text);
  }
  void operator()(const chat::ToolCallStart& start) {
    Speak();
    CallFragment& fragment = CallOf(start.call, choice());
    fragment.start = &start;
    fragment.custom = start.kind == chat::CallKind::kCustom;
    if (fragment.custom) {
      MemoryOf(index, memory).custom.push_back(start.call);
    }
  }
  void operator()(const chat::ToolCallArguments& arguments) {
    CallFragment& fragment = CallOf(arguments.call, choice());
    fragment.custom = IsCustom(index, arguments.call, memory);
    Append(fragment.arguments, arguments.text);
  }
  void operator()(const chat::CitationDelta& delta) { Cite(delta.citation); }
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
  void operator()(const chat::WholePart& whole) {
    Speak();
    if (const auto* media = std::get_if<chat::Media>(&whole.part.content)) {
      if (media->kind == chat::MediaKind::kImage) {
        ChoiceFragment& fragment = choice();
        fragment.images.push_back(&whole.part);
        const auto so_far = ++MemoryOf(index, memory).images;
        fragment.images_before = so_far - static_cast<std::int64_t>(fragment.images.size());
      }
    } else if (const auto* text = std::get_if<chat::Text>(&whole.part.content)) {
      Append(choice().text, text->text);
      for (const chat::Citation& citation : text->citations) {
        Cite(citation);
      }
    } else if (const auto* refusal = std::get_if<chat::Refusal>(&whole.part.content)) {
      Append(choice().refusal, refusal->text);
    }
  }
  void operator()(const chat::PartEnd&) { Speak(); }
  void operator()(const chat::ToolCallEnd&) {}
  void operator()(const chat::StreamStart&) {}
  void operator()(const chat::StreamError&) {}
  void operator()(const chat::StreamEnd&) {}

  void Speak() {
    if (!memory.empty()) {
      CloseThought(index, memory);
    }
  }
  void Cite(const chat::Citation& citation) {
    ChoiceFragment& fragment = choice();
    fragment.citations.push_back(&citation);
    const auto so_far = ++MemoryOf(index, memory).citations;
    fragment.citations_before = so_far - static_cast<std::int64_t>(fragment.citations.size());
  }
};

}  // namespace

Chunk GatherChunk(std::span<const chat::Event> events, bool own,
                  std::vector<ChoiceMemory>& memory) {
  Chunk chunk;
  Gatherer gatherer{chunk, own, memory};
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
      marks.starts = true;
    } else if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
      marks.error = error;
    } else if (std::holds_alternative<chat::StreamEnd>(event.what)) {
      marks.ends = true;
    }
  }
  return marks;
}

void RenderMarks(const StreamMarks& marks, bool own, std::string& out) {
  if (marks.error != nullptr) {
    constexpr int kStatus = 500;
    net::AppendSseEvent(out, {},
                        own ? RenderVendorError(*marks.error)
                            : RenderError({.status = kStatus,
                                           .error = wire::ToError(kStatus, *marks.error),
                                           .vendor = *marks.error}));
  }
  if (marks.ends) {
    out += "data: [DONE]\n\n";
  }
}

void EndFrame(std::size_t begin, std::string& out) {
  const std::string_view data = std::string_view(out).substr(begin);
  if (data.find_first_of("\r\n") == std::string_view::npos) {
    out += "\n\n";
    return;
  }
  const std::string copy(data);  // white space in a member that was carried as it is
  out.resize(begin - kData.size());
  net::AppendSseEvent(out, {}, copy);
}

}  // namespace signalbox::openai_chat
