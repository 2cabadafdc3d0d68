#include "vendors/dialects/gemini/stream_renderer.h"

#include <algorithm>

#include "vendors/dialects/gemini/errors.h"
#include "vendors/dialects/gemini/grounding.h"
#include "vendors/dialects/gemini/logprobs.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/render_part.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/gemini/usage_form.h"

namespace signalbox::gemini {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

void AppendMember(std::string_view key, std::string_view json, std::string& out) {
  if (!json.empty()) {
    out += ',';
    json::AppendQuoted(out, key);
    out.append(":").append(json);
  }
}

void AppendText(std::string_view key, std::string_view text, std::string& out) {
  if (!text.empty()) {
    out += ',';
    json::AppendQuoted(out, key);
    out += ':';
    json::AppendQuoted(out, text);
  }
}

// {"text":"…"}, the part that most frames are made of.
void AppendTextPart(std::string_view text, bool thought, std::string_view signature,
                    std::string& out) {
  out += out.empty() ? R"({"text":)" : R"(,{"text":)";
  json::AppendQuoted(out, text);
  out += thought ? R"(,"thought":true)" : "";
  AppendText("thoughtSignature", signature, out);
  out += '}';
}

// Arguments and other values that go out as they came may be written on several lines, at which a
// frame would end. In JSON a line breaks between values only.
void PutOnOneLine(std::string& out, std::size_t start) {
  for (const char end : {'\n', '\r'}) {
    for (std::size_t at = out.find(end, start); at != out.npos; at = out.find(end, at + 1)) {
      out[at] = ' ';
    }
  }
}

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
  } else if (unknown.level == chat::Level::kChoice) {
    AppendMember(unknown.member.key, unknown.member.value, choice.members);
    choice.told = true;
  }
}

// Whether what waits for the end of the answer is to be told now.
bool StreamRenderer::Due() const {
  return own_ || ending_ || usage_now_;
}

// Whether it told the finish.
bool StreamRenderer::WriteCandidate(Choice& choice, std::string& out) {
  const bool finishes = !choice.finish.empty() && Due();
  if (choice.parts.empty() && !finishes && !choice.told) {
    return false;
  }
  out += out.empty() ? R"({"candidates":[{)" : ",{";
  if (!own_ && choice.parts.empty()) {
    AppendTextPart({}, false, {}, choice.parts);  // clients expect a content
  }
  if (!choice.parts.empty()) {
    out.append(R"("content":{"parts":[)").append(choice.parts).append(R"(],"role":"model"},)");
  }
  if (finishes) {
    out += R"("finishReason":)";
    json::AppendQuoted(out, choice.finish);
    out += ',';
    choice.finish.clear();
    if (!choice.citations.empty()) {
      json::Writer grounding(choice.members.append(R"(,"groundingMetadata":)"));
      RenderGrounding(choice.citations, choice.said, grounding);
    }
  }
  out.append(R"("index":)").append(std::to_string(choice.index)).append(choice.members) += '}';
  choice.parts.clear();
  choice.members.clear();
  choice.told = false;
  return finishes;
}

void StreamRenderer::Flush(std::string& out) {
  frame_.clear();
  if (ending_ && !own_) {
    for (Choice& choice : choices_) {
      for (Call& call : choice.calls) {
        End(choice, call);
      }
    }
  }
  bool finished = false;
  for (Choice& choice : choices_) {
    finished |= WriteCandidate(choice, frame_);
  }
  const bool with_usage = usage_ && (own_ || finished || ending_);
  if (!frame_.empty() || with_usage || !members_.empty()) {
    frame_ += frame_.empty() ? R"({"candidates":[])" : "]";
    if (with_usage) {
      json::Writer usage(frame_.append(R"(,"usageMetadata":)"));
      RenderUsage(*usage_, own_, usage);
      usage_.reset();
    }
    AppendText("modelVersion", model_, frame_);
    AppendText("responseId", id_, frame_);
    frame_.append(members_) += '}';
    members_.clear();
    WriteFrame(frame_, out);
  }
  usage_now_ = false;
  if (error_) {
    WriteFrame(RenderStreamError(*error_, own_), out);
  }
  if (ending_ || error_) {
    WriteEnd(out);
  }
}

void StreamRenderer::WriteFrame(std::string_view json, std::string& out) {
  if (as_array_) {
    out.append(begun_ ? ",\r\n" : "[").append(json);
  } else {
    const std::size_t start = out.append("data: ").size();
    out.append(json);
    PutOnOneLine(out, start);
    out.append("\r\n\r\n");
  }
  begun_ = true;
}

void StreamRenderer::WriteEnd(std::string& out) {
  if (as_array_ && !ended_) {
    out += begun_ ? "\r\n]" : "[]";
  }
  ended_ = true;
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (ended_) {
    return;
  }
  WriteFrame(gemini::RenderError(error), out);
  WriteEnd(out);
}

}  // namespace signalbox::gemini
