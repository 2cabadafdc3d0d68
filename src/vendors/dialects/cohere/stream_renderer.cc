#include "vendors/dialects/cohere/stream_renderer.h"

#include <utility>

#include "io/net/sse.h"
#include "vendors/dialects/cohere/logprobs.h"
#include "vendors/dialects/cohere/names.h"
#include "vendors/dialects/cohere/render_part.h"
#include "vendors/dialects/cohere/usage.h"
#include "vendors/dialects/wire/free_text.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Event;
using json::Writer;

// One event in the making: its type in front, its data when it is written.
class Frame {
 public:
  Frame(std::string_view type, std::string& to) : type_(type), to_(to), out_(data_) {
    out_.BeginObject().Key("type").String(type);
  }
  Frame(std::string_view type, std::int64_t index, std::string& to) : Frame(type, to) {
    out_.Key("index").Int(index);
  }
  // {"delta":{"message":{ … the caller goes on, and closes by Close
  Writer& OpenMessage() { return out_.Key("delta").BeginObject().Key("message").BeginObject(); }
  void CloseMessage() { out_.EndObject().EndObject(); }
  Writer& out() { return out_; }
  void Send() {
    out_.EndObject();
    net::AppendSseEvent(to_, type_, data_);
  }

 private:
  std::string_view type_;
  std::string& to_;
  std::string data_;
  Writer out_;
};

void SendIndexed(std::string_view type, std::int64_t index, std::string& out) {
  Frame(type, index, out).Send();
}

}  // namespace

// Each kind of event in its frames.
struct EventRenderer {
  StreamRenderer& to;
  std::string& out;

  void operator()(const chat::StreamStart& start) {
    if (!start.id.empty()) {
      to.id_ = start.id;
    }
  }
  void operator()(const chat::ChoiceStart&) { to.Start(out); }
  void operator()(const chat::TextDelta& delta) {
    to.Say(StreamRenderer::Content::kText, delta.text, out);
  }
  void operator()(const chat::ReasoningDelta& delta) {
    if (delta.field == chat::ReasoningField::kToolPlan) {
      to.Plan(delta.text, out);
    } else {
      to.Say(StreamRenderer::Content::kThinking, delta.text, out);
    }
  }
  void operator()(const chat::RefusalDelta& delta) {
    to.Say(StreamRenderer::Content::kText, delta.text, out);
  }
  void operator()(const chat::ToolCallStart& start) { to.StartCall(start, out); }
  void operator()(const chat::ToolCallArguments& arguments) {
    to.custom_ ? to.Arguments(arguments.call, wire::FreeTextPiece(arguments.text), out)
               : to.Arguments(arguments.call, arguments.text, out);
  }
  void operator()(const chat::ToolCallEnd& end) {
    if (to.call_ == end.call) {
      to.EndCall(out);
    }
  }
  void operator()(const chat::CitationDelta& delta) { to.Cite(delta.citation, out); }
  void operator()(const chat::PartEnd&) { to.CloseContent(out); }
  void operator()(const chat::WholePart& whole) {
    if (const auto* text = std::get_if<chat::Text>(&whole.part.content)) {
      to.Say(StreamRenderer::Content::kText, text->text, out);
      to.CloseContent(out);
    }
  }
  void operator()(const chat::Finish& finish) { to.finish_ = finish; }
  void operator()(const chat::UsageReport& usage) { to.usage_ = usage; }
  void operator()(const chat::StreamError& error) {
    to.End(error.message.empty() ? "the upstream broke off" : std::string_view(error.message), out);
  }
  void operator()(const chat::StreamEnd&) { to.End({}, out); }
  void operator()(const chat::UnknownMember& unknown) {
    if (to.own_ && unknown.level == chat::Level::kFrame) {
      net::AppendSseEvent(out, unknown.member.key, unknown.member.value);
    }
  }
  void operator()(const chat::AudioDelta&) {}
  void operator()(const chat::LogprobsDelta&) {}
};

void StreamRenderer::Render(std::span<const Event> events, std::string& out) {
  if (ended_) {
    return;
  }
  batch_ = events;
  logprobs_ = nullptr;
  for (const Event& event : events) {
    const auto* logprobs = std::get_if<chat::LogprobsDelta>(&event.what);
    logprobs_ = logprobs != nullptr ? logprobs : logprobs_;
  }
  for (const Event& event : events) {
    if (event.choice == 0) {
      std::visit(EventRenderer{*this, out}, event.what);
    }
  }
  batch_ = {};
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  End(error.vendor.message.empty() ? error.error.message : error.vendor.message, out);
}

void StreamRenderer::Start(std::string& out) {
  if (std::exchange(started_, true)) {
    return;
  }
  Frame frame("message-start", out);
  wire::RenderText("id", id_, frame.out());
  frame.OpenMessage().Key("role").String("assistant");
  frame.out().Key("content").BeginArray().EndArray().Key("tool_plan").String("");
  frame.out().Key("tool_calls").BeginArray().EndArray().Key("citations").BeginArray().EndArray();
  frame.CloseMessage();
  frame.Send();
}

void StreamRenderer::Say(Content kind, std::string_view text, std::string& out) {
  if (text.empty()) {
    return;
  }
  Start(out);
  EndCall(out);
  const std::string_view key = kind == Content::kThinking ? "thinking" : "text";
  if (content_ != kind) {
    CloseContent(out);
    Frame frame("content-start", contents_++, out);
    frame.OpenMessage().Key("content").BeginObject().Key("type").String(key);
    frame.out().Key(key).String("").EndObject();
    frame.CloseMessage();
    frame.Send();
    content_ = kind;
  }
  Frame frame("content-delta", contents_ - 1, out);
  frame.OpenMessage().Key("content").BeginObject().Key(key).String(text).EndObject();
  frame.CloseMessage();
  Unknown(frame.out());
  if (logprobs_ != nullptr && !own_) {
    // A frame bears one piece.
    const std::string pieces = ToPieces(logprobs_->logprobs);
    if (json::Document document; document.Parse(pieces) && document.Root().FirstChild()) {
      frame.out().Key("logprobs").Raw(document.Root().FirstChild()->Raw());
    }
  }
  frame.Send();
}

void StreamRenderer::CloseContent(std::string& out) {
  if (std::exchange(content_, Content::kNone) != Content::kNone) {
    SendIndexed("content-end", contents_ - 1, out);
  }
}

void StreamRenderer::Plan(std::string_view text, std::string& out) {
  if (text.empty()) {
    return;
  }
  Start(out);
  CloseContent(out);
  Frame frame("tool-plan-delta", out);
  frame.OpenMessage().Key("tool_plan").String(text);
  frame.CloseMessage();
  Unknown(frame.out());
  frame.Send();
}

void StreamRenderer::StartCall(const chat::ToolCallStart& start, std::string& out) {
  Start(out);
  CloseContent(out);
  EndCall(out);
  call_ = start.call;
  argued_ = false;
  Frame frame("tool-call-start", start.call, out);
  frame.OpenMessage().Key("tool_calls").BeginObject();
  const auto number = static_cast<std::size_t>(start.call);
  frame.out().Key("id").String(start.id.empty() ? MakeCallId(start.name, number) : start.id);
  frame.out().Key("type").String("function").Key("function").BeginObject();
  frame.out().Key("name").String(start.name).Key("arguments").String("").EndObject().EndObject();
  frame.CloseMessage();
  Unknown(frame.out());
  frame.Send();
  custom_ = start.kind == chat::CallKind::kCustom;
  if (custom_) {
    Arguments(start.call, wire::kFreeTextStart, out);
  }
}

void StreamRenderer::Arguments(std::int64_t call, std::string_view text, std::string& out) {
  if (text.empty()) {
    return;
  }
  argued_ |= call_ == call;
  Frame frame("tool-call-delta", call, out);
  frame.OpenMessage().Key("tool_calls").BeginObject().Key("function").BeginObject();
  frame.out().Key("arguments").String(text).EndObject().EndObject();
  frame.CloseMessage();
  Unknown(frame.out());
  frame.Send();
}

void StreamRenderer::EndCall(std::string& out) {
  if (!call_) {
    return;
  }
  if (custom_) {
    Arguments(*call_, wire::kFreeTextEnd, out);
  } else if (!argued_) {
    Arguments(*call_, "{}", out);
  }
  custom_ = false;
  SendIndexed("tool-call-end", *call_, out);
  call_.reset();
}

void StreamRenderer::Cite(const chat::Citation& citation, std::string& out) {
  Start(out);
  Frame frame("citation-start", citations_, out);
  frame.OpenMessage().Key("citations");
  RenderCitation(citation, own_, frame.out());
  frame.CloseMessage();
  Unknown(frame.out());
  frame.Send();
  SendIndexed("citation-end", citations_, out);
  ++citations_;
}

// An error says itself why the message ends.
void StreamRenderer::End(std::string_view error, std::string& out) {
  if (std::exchange(ended_, true)) {
    return;
  }
  Start(out);
  CloseContent(out);
  EndCall(out);
  Frame frame("message-end", out);
  Writer& data = frame.out();
  data.Key("delta").BeginObject();
  wire::RenderText("error", error, data);
  const chat::Finish finish = finish_.value_or(chat::Finish{});
  data.Key("finish_reason");
  data.String(error.empty()
                  ? FinishName(finish.reason, finish.text, !finish.stop_sequence.empty(), own_)
                  : "ERROR");
  if (usage_) {
    data.Key("usage");
    RenderUsage(*usage_, own_, data);
  }
  data.EndObject();
  Unknown(data);
  frame.Send();
  net::AppendSseEvent(out, {}, "[DONE]");
}

// Members of the frame that the batch came in.
void StreamRenderer::Unknown(Writer& out) {
  for (const Event& event : own_ ? batch_ : std::span<const Event>{}) {
    const auto* unknown = std::get_if<chat::UnknownMember>(&event.what);
    if (unknown != nullptr && unknown->level == chat::Level::kDelta) {
      out.Key(unknown->member.key).Raw(unknown->member.value);
    }
  }
}

}  // namespace signalbox::cohere
