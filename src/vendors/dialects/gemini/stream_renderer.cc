#include "vendors/dialects/gemini/stream_renderer.h"

#include <algorithm>

#include "vendors/dialects/gemini/logprobs.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/render_part.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/gemini/stream_text.h"

namespace signalbox::gemini {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace

StreamRenderer::Choice& StreamRenderer::ChoiceAt(std::int64_t index) {
  for (Choice& choice : choices_) {
    if (choice.index == index) {
      return choice;
    }
  }
  return choices_.emplace_back(Choice{.index = index});
}

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  if (ended_) {
    return;
  }
  for (const chat::Event& event : events) {
    Take(event);
  }
  Flush(out);
}

void StreamRenderer::Take(const chat::Event& event) {
  const auto choice = [&]() -> Choice& { return ChoiceAt(event.choice); };
  const auto call = [&](std::int64_t number) -> Call* {
    std::vector<Call>& calls = choice().calls;
    const auto found = std::ranges::find(calls, number, &Call::number);
    return found == calls.end() ? nullptr : &*found;
  };
  std::visit(Overloaded{
                 [&](const chat::StreamStart& start) {
                   id_ = start.id.empty() ? id_ : start.id;
                   model_ = start.model.empty() ? model_ : start.model;
                 },
                 [&](const chat::ChoiceStart&) {},
                 [&](const chat::TextDelta& delta) { Speak(choice(), delta); },
                 [&](const chat::ReasoningDelta& delta) { Speak(choice(), delta); },
                 [&](const chat::RefusalDelta& delta) {
                   Speak(choice(), chat::TextDelta{delta.text, {}});
                 },
                 [&](const chat::AudioDelta& delta) { Speak(choice(), delta); },
                 [&](const chat::ToolCallStart& start) { Begin(choice(), start); },
                 [&](const chat::ToolCallArguments& arguments) {
                   if (Call* held = call(arguments.call)) {
                     held->call.arguments += arguments.text;
                   }
                 },
                 [&](const chat::ToolCallEnd& end) {
                   if (Call* held = call(end.call)) {
                     End(choice(), *held);
                   }
                 },
                 [&](const chat::CitationDelta& delta) {
                   if (!own_) {
                     choice().citations.push_back(delta.citation);
                   }
                 },
                 [&](const chat::WholePart& whole) { Speak(choice(), whole); },
                 [&](const chat::PartEnd& end) { End(choice(), end); },
                 [&](const chat::LogprobsDelta& delta) { Speak(choice(), delta); },
                 [&](const chat::Finish& finish) { Finish(choice(), finish); },
                 [&](const chat::UsageReport& usage) {
                   usage_ = usage;
                   usage_now_ = true;
                 },
                 [&](const chat::StreamError& error) { error_ = error; },
                 [&](const chat::StreamEnd&) { ending_ = true; },
                 [&](const chat::UnknownMember& unknown) { Keep(choice(), unknown); },
             },
             event.what);
}

void StreamRenderer::Speak(Choice& choice, const chat::TextDelta& delta) {
  if (!own_ && delta.text.empty() && delta.signature.empty()) {
    return;
  }
  if (!own_) {
    choice.said += delta.text;
  }
  AppendTextPart(delta.text, false, delta.signature, choice.parts);
}

void StreamRenderer::Speak(Choice& choice, const chat::ReasoningDelta& delta) {
  chat::Reasoning thought;
  thought.signature = delta.signature;
  thought.redacted = delta.redacted;
  thought.id = delta.redacted.empty() && delta.signature.empty() ? "" : delta.id;
  thought.format = delta.format;
  const std::string signature = SignatureOf(thought);
  if (own_ || !delta.text.empty() || !signature.empty()) {
    AppendTextPart(delta.text, true, signature, choice.parts);
  }
}

void StreamRenderer::Speak(Choice& choice, const chat::AudioDelta& delta) {
  if (delta.data.empty()) {
    return;
  }
  chat::Media audio;
  audio.kind = chat::MediaKind::kAudio;
  audio.media_type = "audio/L16;codec=pcm;rate=24000";  // what others stream
  audio.data = delta.data;
  AddPart(choice, {.content = std::move(audio)});
}

void StreamRenderer::Speak(Choice& choice, const chat::WholePart& whole) {
  AddPart(choice, whole.part);
}

void StreamRenderer::Speak(Choice& choice, const chat::LogprobsDelta& delta) {
  if (!own_) {
    AppendMember("logprobsResult", LogprobsResultOf(delta.logprobs), choice.members);
    choice.told = !choice.members.empty();
  }
}

void StreamRenderer::AddPart(Choice& choice, const chat::Part& part) {
  std::string text;
  json::Writer out(text);
  RenderPart(part, own_, out);
  if (!text.empty()) {
    choice.parts += choice.parts.empty() ? "" : ",";
    choice.parts += text;
  }
}

void StreamRenderer::Begin(Choice& choice, const chat::ToolCallStart& start) {
  Call& call = choice.calls.emplace_back();
  call.number = start.call;
  call.call.id = start.id;
  call.call.name = start.name;
  call.call.kind = start.kind;
  call.call.signature = start.signature;
  call.extra = start.extra;
}

void StreamRenderer::End(Choice& choice, Call& call) {
  if (call.told) {
    return;
  }
  call.told = true;
  std::string text;
  json::Writer out(text);
  RenderCall(call.call, call.extra, own_, {}, out);
  choice.parts += choice.parts.empty() ? "" : ",";
  choice.parts += text;
  call.call.arguments = {};
}

// Members of a part that come after its text go into the part that was told last.
void StreamRenderer::End(Choice& choice, const chat::PartEnd& end) {
  if (!own_ || end.extra.empty() || !choice.parts.ends_with('}')) {
    return;
  }
  choice.parts.pop_back();
  for (const chat::Member& member : end.extra) {
    AppendMember(member.key, member.value, choice.parts);
  }
  choice.parts += '}';
}

void StreamRenderer::Finish(Choice& choice, const chat::Finish& finish) {
  for (Call& call : choice.calls) {
    End(choice, call);
  }
  choice.finish = own_ ? finish.text : NameOf(finish.reason);
}

void StreamRenderer::Keep(Choice& choice, const chat::UnknownMember& unknown) {
  if (!own_) {
    return;
  }
  if (unknown.level == chat::Level::kFrame) {
    AppendMember(unknown.member.key, unknown.member.value, members_);
  } else if (unknown.level == chat::Level::kDelta) {
    AppendMember(unknown.member.key, unknown.member.value, choice.content);
    choice.told = true;
  } else if (unknown.level == chat::Level::kChoice) {
    AppendMember(unknown.member.key, unknown.member.value, choice.members);
    choice.told = true;
  }
}

}  // namespace signalbox::gemini
