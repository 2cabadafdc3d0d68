#include "vendors/dialects/mistral/stream_renderer.h"

#include <algorithm>

#include "io/net/sse.h"
#include "vendors/dialects/mistral/errors.h"
#include "vendors/dialects/mistral/render_part.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/free_text.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::mistral {
namespace {

using chat::FinishReason;

constexpr std::string_view kDone = "data: [DONE]\n\n";

}  // namespace

std::string_view FinishName(FinishReason reason) {
  switch (reason) {
    case FinishReason::kLength:
      return "length";
    case FinishReason::kToolCalls:
      return "tool_calls";
    case FinishReason::kError:
      return "error";
    case FinishReason::kContentFilter:
      return "content_filter";  // Mistral has none of its own; its clients take any word
    default:
      break;
  }
  return "stop";
}

// Does with each event what it asks for.
struct StreamRenderer::Visitor {
  StreamRenderer& renderer;
  std::string& out;
  std::int64_t choice = 0;

  void operator()(const chat::StreamStart& start) const {
    renderer.head_ = start;
    renderer.opening_.clear();
  }
  void operator()(const chat::ChoiceStart&) const { renderer.Begin(choice, out); }
  void operator()(const chat::TextDelta& delta) const { renderer.Say(choice, delta.text, out); }
  void operator()(const chat::RefusalDelta& delta) const { renderer.Say(choice, delta.text, out); }
  void operator()(const chat::ReasoningDelta& delta) const {
    renderer.Think(choice, delta.text, out);
  }
  void operator()(const chat::WholePart& whole) const { renderer.Show(choice, whole.part, out); }
  void operator()(const chat::ToolCallStart& start) const {
    renderer.Begin(choice, out);
    renderer.calls_.push_back({choice, start.call, start.id, start.name, {}, start.kind});
  }
  void operator()(const chat::ToolCallArguments& arguments) const {
    if (const auto call = Find(arguments.call); call != renderer.calls_.end()) {
      call->arguments += arguments.text;
    }
  }
  void operator()(const chat::ToolCallEnd& end) const {
    if (const auto call = Find(end.call); call != renderer.calls_.end()) {
      renderer.SendCall(*call, out);
      renderer.calls_.erase(call);
    }
  }
  void operator()(const chat::Finish& finish) const {
    renderer.Begin(choice, out);
    renderer.SendCalls(choice, out);
    renderer.choices_[choice] = finish.reason;
  }
  void operator()(const chat::UsageReport& usage) const {
    renderer.usage_ ? openai_chat::AddReport(usage, *renderer.usage_)
                    : void(renderer.usage_ = usage);
  }
  void operator()(const chat::StreamError& error) const {
    AppendError(error, out);
    renderer.failed_ = true;
  }
  void operator()(const chat::StreamEnd&) const { renderer.End(out); }
  // Mistral has no form for these.
  void operator()(const chat::CitationDelta&) const {}
  void operator()(const chat::AudioDelta&) const {}
  void operator()(const chat::PartEnd&) const {}
  void operator()(const chat::LogprobsDelta&) const {}
  void operator()(const chat::UnknownMember&) const {}

  std::vector<Call>::iterator Find(std::int64_t call) const {
    return std::ranges::find_if(renderer.calls_, [&](const Call& known) {
      return known.choice == choice && known.call == call;
    });
  }
};

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  Visitor visitor{*this, out};
  for (const chat::Event& event : events) {
    visitor.choice = event.choice;
    std::visit(visitor, event.what);
  }
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  net::AppendSseEvent(out, {}, mistral::RenderError(error));
}

json::Writer StreamRenderer::OpenFrame(std::string& out) {
  if (opening_.empty()) {
    if (head_.id.empty()) {
      head_.id = openai_chat::MadeId("chatcmpl-", head_.model);
    }
    opening_ = "data: ";
    json::Writer opening(opening_);
    opening.BeginObject().Key("id").String(head_.id);
    opening.Key("object").String("chat.completion.chunk");
    wire::RenderInt("created", head_.created, opening);
    opening.Key("model").String(head_.model).Key("choices");
  }
  out += opening_;
  json::Writer writer(out);
  writer.BeginArray();
  return writer;
}

json::Writer StreamRenderer::OpenDelta(std::int64_t choice, std::string& out) {
  json::Writer writer = OpenFrame(out);
  writer.BeginObject().Key("index").Int(choice).Key("delta").BeginObject();
  return writer;
}

void StreamRenderer::CloseDelta(json::Writer& writer, std::string& out) {
  writer.EndObject().Key("finish_reason").Null().EndObject().EndArray().EndObject();
  out += "\n\n";
}

void StreamRenderer::Begin(std::int64_t choice, std::string& out) {
  if (choices_.try_emplace(choice, FinishReason::kUnset).second) {
    json::Writer writer = OpenDelta(choice, out);
    writer.Key("role").String("assistant").Key("content").String("");
    CloseDelta(writer, out);
  }
}

void StreamRenderer::Say(std::int64_t choice, std::string_view text, std::string& out) {
  Begin(choice, out);
  if (!text.empty()) {
    json::Writer writer = OpenDelta(choice, out);
    writer.Key("content").String(text);
    CloseDelta(writer, out);
  }
}

void StreamRenderer::Think(std::int64_t choice, std::string_view text, std::string& out) {
  Begin(choice, out);
  if (!text.empty()) {
    json::Writer writer = OpenDelta(choice, out);
    writer.Key("content").BeginArray().BeginObject().Key("type").String("thinking");
    writer.Key("thinking").BeginArray().BeginObject().Key("type").String("text");
    writer.Key("text").String(text).EndObject().EndArray().EndObject().EndArray();
    CloseDelta(writer, out);
  }
}

void StreamRenderer::Show(std::int64_t choice, const chat::Part& part, std::string& out) {
  if (std::holds_alternative<chat::Media>(part.content)) {
    Begin(choice, out);
    json::Writer writer = OpenDelta(choice, out);
    writer.Key("content").BeginArray();
    RenderPart(part, Source::kForeign, writer);
    writer.EndArray();
    CloseDelta(writer, out);
  } else {
    Say(choice, TextIn(part), out);
  }
}

void StreamRenderer::SendCall(const Call& call, std::string& out) {
  const bool custom = call.kind == chat::CallKind::kCustom;
  json::Writer writer = OpenDelta(call.choice, out);
  writer.Key("tool_calls").BeginArray().BeginObject();
  writer.Key("id").String(call.id.empty() ? openai_chat::MadeCallId(call.call, call.name)
                                          : call.id);
  writer.Key("type").String("function").Key("function").BeginObject();
  writer.Key("name").String(call.name);
  writer.Key("arguments");
  custom ? writer.String(wire::ArgumentsOf(call.arguments))
         : writer.String(call.arguments.empty() ? "{}" : call.arguments);
  writer.EndObject().Key("index").Int(call.call).EndObject().EndArray();
  CloseDelta(writer, out);
}

// Those of one choice, or of all.
void StreamRenderer::SendCalls(std::optional<std::int64_t> choice, std::string& out) {
  std::erase_if(calls_, [&](const Call& call) {
    const bool now = !choice || call.choice == *choice;
    if (now) {
      SendCall(call, out);
    }
    return now;
  });
}

void StreamRenderer::End(std::string& out) {
  if (!failed_) {
    Begin(choices_.empty() ? 0 : choices_.begin()->first, out);
    SendCalls(std::nullopt, out);
    json::Writer writer = OpenFrame(out);
    for (const auto& [index, reason] : choices_) {
      writer.BeginObject().Key("index").Int(index).Key("delta").BeginObject();
      writer.Key("content").String("").EndObject();
      writer.Key("finish_reason").String(FinishName(reason)).EndObject();
    }
    writer.EndArray();
    if (usage_) {
      writer.Key("usage");
      openai_chat::RenderUsage(*usage_, false, writer);
    }
    writer.EndObject();
    out += "\n\n";
  }
  out += kDone;
}

}  // namespace signalbox::mistral
