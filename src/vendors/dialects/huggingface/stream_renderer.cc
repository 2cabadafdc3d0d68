#include "vendors/dialects/huggingface/stream_renderer.h"

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/huggingface/answer.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::huggingface {

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  for (const chat::Event& event : events) {
    if (!ended_ && event.choice == 0) {
      TakeOne(event, out);
    }
  }
  Flush(out);
}

void StreamRenderer::TakeOne(const chat::Event& event, std::string& out) {
  if (const auto* text = std::get_if<chat::TextDelta>(&event.what)) {
    Say(text->text);
  } else if (const auto* refusal = std::get_if<chat::RefusalDelta>(&event.what)) {
    Say(refusal->text);
  } else if (const auto* audio = std::get_if<chat::AudioDelta>(&event.what)) {
    Say(audio->transcript);
  } else if (const auto* finish = std::get_if<chat::Finish>(&event.what)) {
    finish_ = own_ ? finish->text : FinishName(finish->reason);
  } else if (const auto* usage = std::get_if<chat::UsageReport>(&event.what)) {
    usage_ = *usage;
  } else if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
    RenderError({.status = 500, .error = {}, .vendor = *error}, out);
  } else if (std::holds_alternative<chat::StreamEnd>(event.what)) {
    End(out);
  } else if (const auto* unknown = std::get_if<chat::UnknownMember>(&event.what);
             unknown != nullptr && own_) {
    if (unknown->level == chat::Level::kChoice) {
      details_.push_back(unknown->member);
    } else if (unknown->member.key == "generated_text") {
      generated_ = unknown->member.value;
    } else {
      members_.push_back(unknown->member);
    }
  }
}

void StreamRenderer::Say(std::string_view text) {
  text_ += text;
  if (!own_) {
    all_ += text;
  }
}

// Of what came in this dialect, frames go out by their tokens: text may have been held.
void StreamRenderer::Flush(std::string& out) {
  if (!ended_ && (own_ ? !members_.empty() : !text_.empty())) {
    WriteFrame(false, out);
  }
}

void StreamRenderer::End(std::string& out) {
  if (!own_) {
    Flush(out);
  }
  WriteFrame(true, out);
  ended_ = true;
}

void StreamRenderer::WriteFrame(bool last, std::string& out) {
  frame_.clear();
  json::Writer writer(frame_);
  writer.BeginObject();
  if (own_) {
    wire::RenderExtra(members_, own_, writer);
  } else {
    writer.Key("index").Int(++index_).Key("token").BeginObject().Key("id").Int(0);
    writer.Key("text").String(text_).Key("logprob").Int(0).Key("special").Bool(last).EndObject();
  }
  writer.Key("generated_text");
  if (!last || (own_ && generated_.empty())) {
    writer.Null();
  } else {
    own_ ? writer.Raw(generated_) : writer.String(all_);
  }
  writer.Key("details");
  if (!last || (own_ && finish_.empty())) {
    writer.Null();
  } else {
    RenderDetails(finish_.empty() ? "eos_token" : std::string_view(finish_),
                  usage_ ? &*usage_ : nullptr, details_, own_, writer);
  }
  writer.EndObject();
  net::AppendSseEvent(out, {}, frame_);
  text_.clear();
  members_.clear();
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  if (ended_) {
    return;
  }
  Flush(out);
  net::AppendSseEvent(out, "error", huggingface::RenderError(error));
  ended_ = true;
}

}  // namespace signalbox::huggingface
