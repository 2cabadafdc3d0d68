#include "vendors/dialects/workers_ai/stream_renderer.h"

#include <utility>

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/errors.h"
#include "vendors/dialects/workers_ai/native.h"
#include "vendors/dialects/workers_ai/stream_parser.h"

namespace signalbox::workers_ai {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

// The form that the events say they came in; empty: they do not say.
std::string_view FormIn(std::span<const chat::Event> events) {
  for (const chat::Event& event : events) {
    const auto* unknown = std::get_if<chat::UnknownMember>(&event.what);
    if (unknown != nullptr && unknown->member.key == kStreamForm) {
      return unknown->member.value;
    }
  }
  return {};
}

// {"choices":[{"index":0,"delta":{…},"finish_reason":…}]}
void AppendChatFrame(std::string_view thought, std::string_view finish, std::string& scratch,
                     std::string& out) {
  scratch.clear();
  json::Writer writer(scratch);
  writer.BeginObject().Key("choices").BeginArray().BeginObject().Key("index").Int(0);
  writer.Key("delta").BeginObject();
  wire::RenderText("reasoning_content", thought, writer);
  writer.EndObject().Key("finish_reason");
  finish.empty() ? writer.Null() : writer.String(finish);
  writer.EndObject().EndArray().EndObject();
  net::AppendSseEvent(out, {}, scratch);
}

}  // namespace

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  if (own_) {
    const std::string_view form = FormIn(events);
    native_ = form.empty() ? native_ : form == kNativeForm;
    if (!native_) {
      RenderChat(events, !form.empty(), out);
      return;
    }
  }
  for (const chat::Event& event : events) {
    if (!ended_ && event.choice == 0) {
      TakeOne(event, out);
    }
  }
  Flush(out);
}

// In OpenAI's words, without the member that says so.
void StreamRenderer::RenderChat(std::span<const chat::Event> events, bool says_so,
                                std::string& out) {
  if (!says_so) {
    chat_.Render(events, out);
    return;
  }
  std::vector<chat::Event> rest(events.begin(), events.end());
  std::erase_if(rest, [](const chat::Event& event) {
    const auto* unknown = std::get_if<chat::UnknownMember>(&event.what);
    return unknown != nullptr && unknown->member.key == kStreamForm;
  });
  chat_.Render(rest, out);
}

void StreamRenderer::TakeOne(const chat::Event& event, std::string& out) {
  std::visit(Overloaded{
                 [&](const chat::TextDelta& delta) { text_ += delta.text; },
                 [&](const chat::RefusalDelta& delta) { text_ += delta.text; },
                 [&](const chat::AudioDelta& delta) { text_ += delta.transcript; },
                 [&](const chat::ReasoningDelta& delta) { TakeReasoning(delta, out); },
                 [&](const chat::ToolCallStart& start) { TakeCall(start); },
                 [&](const chat::ToolCallArguments& arguments) {
                   for (OpenCall& open : calls_) {
                     if (open.call == arguments.call) {
                       std::get<chat::ToolCall>(open.part.content).arguments += arguments.text;
                     }
                   }
                 },
                 [&](const chat::ToolCallEnd& end) { CloseCall(end.call); },
                 [&](const chat::Finish& finish) {
                   CloseCalls();
                   const bool plain = finish.reason == chat::FinishReason::kStop ||
                                      finish.reason == chat::FinishReason::kToolCalls;
                   finish_ = own_    ? finish.text
                             : plain ? ""
                                     : openai_chat::FinishName(finish.reason, finish.text, false);
                 },
                 [&](const chat::UsageReport& usage) { usage_ = usage; },
                 [&](const chat::StreamError& error) {
                   RenderError({.status = 500, .error = {}, .vendor = error}, out);
                 },
                 [&](const chat::StreamEnd&) { End(out); },
                 [&](const chat::UnknownMember& unknown) { TakeUnknown(unknown); },
                 [](const auto&) {},
             },
             event.what);
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
      ready_.push_back(std::move(*open));
      calls_.erase(open);
      return;
    }
  }
}

void StreamRenderer::CloseCalls() {
  for (OpenCall& open : calls_) {
    ready_.push_back(std::move(open));
  }
  calls_.clear();
}

void StreamRenderer::TakeReasoning(const chat::ReasoningDelta& delta, std::string& out) {
  if (!delta.text.empty()) {
    Flush(out);
    AppendChatFrame(delta.text, {}, frame_, out);
  }
}

void StreamRenderer::TakeUnknown(const chat::UnknownMember& unknown) {
  if (own_ && unknown.level == chat::Level::kFrame && unknown.member.key != kStreamForm) {
    extra_.push_back(unknown.member);
  }
}

// Usage comes with the frame that it came with, or with the last.
void StreamRenderer::Flush(std::string& out) {
  const bool usage = usage_ && own_;
  if (text_.empty() && ready_.empty() && extra_.empty() && !usage) {
    return;
  }
  frame_.clear();
  json::Writer writer(frame_);
  writer.BeginObject();
  if (!text_.empty() || usage) {
    writer.Key("response").String(text_);
  }
  if (!ready_.empty()) {
    writer.Key("tool_calls").BeginArray();
    for (const OpenCall& call : ready_) {
      RenderCall(call.part, call.call, own_, writer);
    }
    writer.EndArray();
  }
  wire::RenderExtra(extra_, own_, writer);
  if (usage) {
    writer.Key("usage");
    openai_chat::RenderUsage(*usage_, own_, writer);
    usage_.reset();
  }
  writer.EndObject();
  net::AppendSseEvent(out, {}, frame_);
  text_.clear();
  ready_.clear();
  extra_.clear();
}

void StreamRenderer::End(std::string& out) {
  CloseCalls();
  Flush(out);
  if (!finish_.empty()) {
    AppendChatFrame({}, finish_, frame_, out);
  }
  if (usage_) {
    frame_.clear();
    json::Writer writer(frame_);
    writer.BeginObject().Key("response").String("").Key("usage");
    openai_chat::RenderUsage(*usage_, own_, writer);
    writer.EndObject();
    net::AppendSseEvent(out, {}, frame_);
  }
  net::AppendSseEvent(out, {}, "[DONE]");
  ended_ = true;
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (ended_) {
    return;
  }
  CloseCalls();
  Flush(out);
  net::AppendSseEvent(out, {}, workers_ai::RenderError(error));
  ended_ = true;
}

}  // namespace signalbox::workers_ai
