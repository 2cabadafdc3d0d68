#include "vendors/dialects/anthropic/stream_renderer.h"

#include <utility>

#include "io/net/sse.h"
#include "vendors/dialects/anthropic/answer.h"
#include "vendors/dialects/anthropic/errors.h"
#include "vendors/dialects/anthropic/usage.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Event;
using json::Writer;

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

template <typename T>
bool Holds(std::span<const Event> events) {
  for (const Event& event : events) {
    if (std::holds_alternative<T>(event.what)) {
      return true;
    }
  }
  return false;
}

void KeepLast(const chat::Member& member, chat::Extra& kept) {
  for (chat::Member& before : kept) {
    if (before.key == member.key) {
      before.value = member.value;
      return;
    }
  }
  kept.push_back(member);
}

void Set(std::string& field, const std::string& value) {
  if (!value.empty()) {
    field = value;
  }
}

}  // namespace

void AnthropicStreamRenderer::Render(std::span<const Event> events, std::string& out) {
  const bool has_usage = Holds<chat::UsageReport>(events);
  if (!started_ && has_usage) {  // it belongs to the head, which goes out before
    for (const Event& event : events) {
      if (const auto* usage = std::get_if<chat::UsageReport>(&event.what)) {
        usage_ = *usage;
      }
    }
  }
  for (const Event& event : events) {
    if (!ended_) {
      One(event, out);
    }
  }
  if (!ended_ && finish_ && !finish_sent_ && (usage_since_finish_ || has_usage)) {
    MessageDelta(out);
  }
}

void AnthropicStreamRenderer::One(const Event& event, std::string& out) {
  std::visit(Overloaded{
                 [&](const chat::StreamStart& start) { Take(start); },
                 [&](const chat::UsageReport& usage) { Take(usage); },
                 [&](const chat::StreamError& error) { Fail(error, out); },
                 [&](const chat::StreamEnd&) { End(out); },
                 [&](const chat::UnknownMember& unknown) { Keep(unknown, out); },
                 [&](const auto& said) {
                   if (event.choice == 0) {  // there is no word for another one
                     StartMessage(out);
                     Speak(said, out);
                   }
                 },
             },
             event.what);
}

void AnthropicStreamRenderer::Take(const chat::StreamStart& start) {
  if (!started_) {
    Set(head_.id, start.id);
    Set(head_.model, start.model);
    Set(head_.service_tier, start.service_tier);
  }
}

void AnthropicStreamRenderer::Keep(const chat::UnknownMember& unknown, std::string& out) {
  if (!own_) {
    return;
  }
  if (unknown.level == chat::Level::kFrame) {
    KeepLast(unknown.member, finish_sent_ ? kept_late_ : kept_);
  } else if (unknown.level == chat::Level::kDelta) {
    beside_.push_back(unknown.member);
  } else if (unknown.level == chat::Level::kChoice) {
    StartMessage(out);
    net::AppendSseEvent(out, unknown.member.key, unknown.member.value);
  }
}

void AnthropicStreamRenderer::Take(const chat::UsageReport& usage) {
  stale_ |= finish_sent_ && usage.tokens != usage_.tokens;
  usage_ = usage;
  usage_since_finish_ |= finish_.has_value();
}

void AnthropicStreamRenderer::StartMessage(std::string& out) {
  if (std::exchange(started_, true)) {
    return;
  }
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("message_start").Key("message").BeginObject();
  writer.Key("id").String(own_ ? std::string_view(head_.id) : MessageId(head_.id));
  writer.Key("type").String("message").Key("role").String("assistant");
  writer.Key("model").String(head_.model).Key("content").BeginArray().EndArray();
  writer.Key("stop_reason").Null().Key("stop_sequence").Null().Key("usage");
  RenderUsage(usage_, own_ ? head_.service_tier : "", own_, writer);
  wire::RenderExtra(std::exchange(kept_, {}), own_, writer);
  writer.EndObject().EndObject();
  net::AppendSseEvent(out, "message_start", frame_);
}

void AnthropicStreamRenderer::End(std::string& out) {
  StartMessage(out);
  CloseAll(out);
  if (!finish_sent_ || stale_) {
    MessageDelta(out);
  }
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("message_stop");
  wire::RenderExtra(kept_late_, own_, writer);
  writer.EndObject();
  net::AppendSseEvent(out, "message_stop", frame_);
  ended_ = true;
}

void AnthropicStreamRenderer::Fail(const chat::VendorError& error, std::string& out) {
  net::AppendSseEvent(out, "error", RenderStreamError(error));
  ended_ = true;
}

void AnthropicStreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (!std::exchange(ended_, true)) {
    net::AppendSseEvent(out, "error", anthropic::RenderError(error));
  }
}

}  // namespace signalbox::anthropic
