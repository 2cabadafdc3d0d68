#include "vendors/dialects/ollama/stream_renderer.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/ollama/answer.h"
#include "vendors/dialects/ollama/errors.h"
#include "vendors/dialects/ollama/time.h"

namespace signalbox::ollama {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

// Arguments go out as another vendor wrote them, which may be on several lines. In JSON a line
// breaks between values only.
void PutOnOneLine(std::size_t begin, std::string& out) {
  for (std::size_t at = out.find_first_of("\r\n", begin); at != std::string::npos;
       at = out.find_first_of("\r\n", at + 1)) {
    out[at] = ' ';
  }
}

}  // namespace

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  for (const chat::Event& event : events) {
    if (!ended_ && event.choice == 0) {
      TakeOne(event, out);
    }
  }
  Flush(out);
}

void StreamRenderer::TakeOne(const chat::Event& event, std::string& out) {
  std::visit(Overloaded{
                 [&](const chat::StreamStart& start) { TakeStart(start); },
                 [&](const chat::TextDelta& delta) { line_.text += delta.text; },
                 [&](const chat::RefusalDelta& delta) { line_.text += delta.text; },
                 [&](const chat::AudioDelta& delta) { line_.text += delta.transcript; },
                 [&](const chat::ReasoningDelta& delta) {
                   if (!line_.text.empty() || !line_.calls.empty()) {
                     Flush(out);  // in a line, thoughts come before what is said
                   }
                   line_.thinking += delta.text;
                 },
                 [&](const chat::ToolCallStart& start) { TakeCall(start); },
                 [&](const chat::ToolCallArguments& arguments) {
                   for (OpenCall& open : calls_) {
                     if (open.call == arguments.call) {
                       std::get<chat::ToolCall>(open.part.content).arguments += arguments.text;
                     }
                   }
                 },
                 [&](const chat::ToolCallEnd& end) { CloseCall(end.call); },
                 [&](const chat::LogprobsDelta& delta) {
                   line_.logprobs = FromCanonicalLogprobs(delta.logprobs);
                 },
                 [&](const chat::WholePart& whole) { TakeWhole(whole.part); },
                 [&](const chat::Finish& finish) {
                   CloseCalls();
                   last_.done = true;
                   last_.done_reason = own_ ? finish.text : FinishName(finish.reason);
                 },
                 [&](const chat::UsageReport& usage) {
                   last_.input = usage.tokens.input >= 0 ? usage.tokens.input : last_.input;
                   last_.output = usage.tokens.output >= 0 ? usage.tokens.output : last_.output;
                 },
                 [&](const chat::StreamError& error) {
                   RenderError({.status = 500, .error = {}, .vendor = error}, out);
                 },
                 [&](const chat::StreamEnd&) { Finish(out); },
                 [&](const chat::UnknownMember& unknown) { TakeUnknown(unknown); },
                 [](const chat::ChoiceStart&) {},
                 [](const chat::CitationDelta&) {},
                 [](const chat::PartEnd&) {},
             },
             event.what);
}

void StreamRenderer::TakeStart(const chat::StreamStart& start) {
  if (!start.model.empty()) {
    model_ = start.model;
  }
  if (start.created && created_at_.empty()) {
    json::AppendQuoted(created_at_, WriteTime(*start.created));
  }
}

void StreamRenderer::TakeCall(const chat::ToolCallStart& start) {
  CloseCall(start.call);
  OpenCall& open = calls_.emplace_back();
  open.call = start.call;
  chat::ToolCall call;
  call.id = start.id;
  call.name = start.name;
  open.part.content = std::move(call);
  open.part.extra = start.extra;
}

void StreamRenderer::CloseCall(std::int64_t call) {
  for (auto open = calls_.begin(); open != calls_.end(); ++open) {
    if (open->call == call) {
      line_.calls.push_back(std::move(open->part));
      calls_.erase(open);
      return;
    }
  }
}

void StreamRenderer::CloseCalls() {
  for (OpenCall& open : calls_) {
    line_.calls.push_back(std::move(open.part));
  }
  calls_.clear();
}

void StreamRenderer::TakeUnknown(const chat::UnknownMember& unknown) {
  if (!own_) {
    return;
  }
  if (unknown.level == chat::Level::kDelta) {
    line_.message_extra.push_back(unknown.member);
  } else if (unknown.level == chat::Level::kFrame && unknown.member.key == "created_at") {
    created_at_ = unknown.member.value;
  } else if (unknown.level == chat::Level::kFrame) {
    (last_.done ? last_ : line_).extra.push_back(unknown.member);
  }
}

void StreamRenderer::TakeWhole(const chat::Part& part) {
  const auto* media = std::get_if<chat::Media>(&part.content);
  if (media != nullptr && media->kind == chat::MediaKind::kImage && !media->data.empty()) {
    line_.images.push_back(part);
  }
}

void StreamRenderer::Flush(std::string& out) {
  if (line_.Says()) {
    WriteLine(line_, out);
  }
}

void StreamRenderer::Finish(std::string& out) {
  CloseCalls();
  Flush(out);
  if (!last_.done) {
    last_.done = true;
    last_.done_reason = "stop";
  }
  WriteLine(last_, out);
  ended_ = true;
}

void StreamRenderer::WriteLine(Frame& frame, std::string& out) {
  frame.model.swap(model_);
  frame.created_at.swap(created_at_);
  const std::size_t begin = out.size();
  RenderFrame(frame, form_, own_, out);
  PutOnOneLine(begin, out);
  frame.model.swap(model_);
  frame.created_at.swap(created_at_);
  out += '\n';
  frame.text.clear();
  frame.thinking.clear();
  frame.images.clear();
  frame.calls.clear();
  frame.logprobs.clear();
  frame.message_extra.clear();
  frame.extra.clear();
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (ended_) {
    return;
  }
  CloseCalls();
  Flush(out);
  out += RenderVendorError(error.vendor, error.error.message);
  out += '\n';
  ended_ = true;
}

}  // namespace signalbox::ollama
