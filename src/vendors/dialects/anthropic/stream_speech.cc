// What is being said, as the blocks of a stream.
#include <utility>

#include "io/net/sse.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/raw_block.h"
#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/stream_renderer.h"

namespace signalbox::anthropic {
namespace {

using json::Writer;

void Set(std::string& field, const std::string& value) {
  if (!value.empty()) {
    field = value;
  }
}

}  // namespace

void AnthropicStreamRenderer::Speak(const chat::TextDelta& delta, std::string& out) {
  SpeakText(delta.text, out);
  if (!own_ && !delta.signature.empty()) {
    ClosePart(out);
    Redacted(SealText({SealOn::kLast, delta.signature, {}, {}, {}}), out);
  }
}

void AnthropicStreamRenderer::SpeakText(std::string_view text, std::string& out) {
  if (!text.empty()) {
    Open(Speaking::kText, out);
    Delta(index_, "text_delta", "text", text, out);
  }
}

void AnthropicStreamRenderer::Speak(const chat::ReasoningDelta& delta, std::string& out) {
  const bool native = own_ || delta.format == kThoughtFormat;
  const bool other = seal_ && !delta.id.empty() && !seal_->id.empty() && seal_->id != delta.id;
  if (other || (native && !delta.redacted.empty())) {
    ClosePart(out);
  }
  if (!delta.text.empty()) {
    Open(Speaking::kThought, out);
    Delta(index_, "thinking_delta", "thinking", delta.text, out);
  }
  if (native) {
    if (!delta.signature.empty()) {
      Open(Speaking::kThought, out);
      Delta(index_, "signature_delta", "signature", delta.signature, out);
    }
    if (!delta.redacted.empty()) {
      Redacted(delta.redacted, out);
    }
  } else if (!delta.signature.empty() || !delta.redacted.empty() || !delta.id.empty()) {
    Seal& seal = seal_ ? *seal_ : seal_.emplace();
    Set(seal.signature, delta.signature);
    Set(seal.redacted, delta.redacted);
    Set(seal.id, delta.id);
    Set(seal.format, delta.format);
  }
}

void AnthropicStreamRenderer::Speak(const chat::CitationDelta& delta, std::string& out) {
  Open(Speaking::kText, out);
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("content_block_delta").Key("index").Int(index_);
  writer.Key("delta").BeginObject().Key("type").String("citations_delta").Key("citation");
  RenderCitation(delta.citation, own_, writer);
  writer.EndObject().EndObject();
  net::AppendSseEvent(out, "content_block_delta", frame_);
}

void AnthropicStreamRenderer::Speak(const chat::RefusalDelta& delta, std::string& out) {
  if (!own_) {  // our own stands in stop_details
    SpeakText(delta.text, out);
  }
}

void AnthropicStreamRenderer::Speak(const chat::AudioDelta& delta, std::string& out) {
  SpeakText(delta.transcript, out);
}

void AnthropicStreamRenderer::Speak(const chat::ToolCallStart& start, std::string& out) {
  ClosePart(out);
  if (!own_ && !start.signature.empty()) {
    Redacted(SealText({SealOn::kNext, start.signature, {}, {}, {}}), out);
  }
  calls_.push_back({.call = start.call,
                    .index = next_++,
                    .custom = !own_ && start.kind == chat::CallKind::kCustom});
  std::string id = own_ ? start.id : IdFor(start.id);
  if (id.empty()) {
    id = "toolu_" + std::to_string(calls_.size());
  }
  std::string block;
  Writer writer(block);
  writer.BeginObject().Key("type").String("tool_use").Key("id").String(id);
  writer.Key("name").String(start.name).Key("input").BeginObject().EndObject();
  for (const chat::Member& member : own_ ? start.extra : chat::Extra{}) {
    writer.Key(member.key).Raw(member.value);
  }
  writer.EndObject();
  BlockStart(calls_.back().index, block, out);
  if (calls_.back().custom) {
    SendInput(calls_.back().index, R"({"input":")", out);
  }
}

void AnthropicStreamRenderer::Speak(const chat::ToolCallArguments& arguments, std::string& out) {
  const Call* call = CallAt(arguments.call);
  if (call == nullptr || arguments.text.empty()) {
    return;
  }
  if (!call->custom) {
    SendInput(call->index, arguments.text, out);
    return;
  }
  std::string quoted;
  json::AppendQuoted(quoted, arguments.text);
  SendInput(call->index, std::string_view(quoted).substr(1, quoted.size() - 2), out);
}

void AnthropicStreamRenderer::SendInput(std::int64_t index, std::string_view json,
                                        std::string& out) {
  Delta(index, "input_json_delta", "partial_json", json, out);
}

void AnthropicStreamRenderer::CloseCall(Call& call, std::string& out) {
  if (!std::exchange(call.open, false)) {
    return;
  }
  if (call.custom) {
    SendInput(call.index, R"("})", out);
  }
  BlockStop(call.index, out);
}

void AnthropicStreamRenderer::Speak(const chat::ToolCallEnd& end, std::string& out) {
  if (Call* call = CallAt(end.call)) {
    CloseCall(*call, out);
  }
}

void AnthropicStreamRenderer::Speak(const chat::WholePart& whole, std::string& out) {
  const BlockTerms terms{.own = own_, .to_client = true};
  ClosePart(out);
  if (!MakesBlock(whole.part, terms)) {
    return;
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&whole.part.content)) {
    Speak(chat::ReasoningDelta{thought->text,
                               thought->signature,
                               thought->redacted,
                               thought->field,
                               thought->id,
                               thought->summary,
                               thought->format,
                               {}},
          out);
    ClosePart(out);
  } else if (const auto* text = std::get_if<chat::Text>(&whole.part.content)) {
    Speak(chat::TextDelta{text->text, text->signature}, out);
    for (const chat::Citation& citation : text->citations) {
      Speak(chat::CitationDelta{citation}, out);
    }
    ClosePart(out);
  } else {
    std::string block;
    Writer writer(block);
    RenderBlock(whole.part, terms, writer);
    SpeakBlock(block, out);
  }
}

void AnthropicStreamRenderer::Speak(const chat::Finish& finish, std::string& out) {
  CloseAll(out);
  finish_ = finish;
}

void AnthropicStreamRenderer::Open(Speaking what, std::string& out) {
  if (speaking_ == what) {
    return;
  }
  if (speaking_ != Speaking::kNothing || what != Speaking::kThought) {
    ClosePart(out);
  }
  index_ = next_++;
  speaking_ = what;
  std::string block(what == Speaking::kText ? R"({"type":"text","text":"")"
                                            : R"({"type":"thinking","thinking":"","signature":"")");
  AppendBeside(block);
  BlockStart(index_, block += '}', out);
}

void AnthropicStreamRenderer::AppendBeside(std::string& block) {
  for (const chat::Member& member : std::exchange(beside_, {})) {
    block += ',';
    json::AppendQuoted(block, member.key);
    block.append(":").append(member.value);
  }
}

// Also lets go of what another vendor wants back of a thought that had no words.
void AnthropicStreamRenderer::ClosePart(std::string& out) {
  const std::optional<Seal> seal = std::exchange(seal_, std::nullopt);
  const Speaking was = std::exchange(speaking_, Speaking::kNothing);
  if (was == Speaking::kThought && seal) {
    Delta(index_, "signature_delta", "signature", SealText(*seal), out);
  }
  if (was != Speaking::kNothing) {
    BlockStop(index_, out);
  }
  if (was != Speaking::kThought && seal && (!seal->signature.empty() || !seal->redacted.empty())) {
    Redacted(SealText(*seal), out);
  }
}

void AnthropicStreamRenderer::CloseAll(std::string& out) {
  ClosePart(out);
  for (Call& call : calls_) {
    CloseCall(call, out);
  }
}

// Readers put the input of a server's tool together from deltas, so it goes out in one.
void AnthropicStreamRenderer::SpeakBlock(const std::string& json, std::string& out) {
  const SplitBlock split = Split(json);
  const std::int64_t index = next_++;
  BlockStart(index, split.start, out);
  if (!split.input.empty()) {
    Delta(index, "input_json_delta", "partial_json", split.input, out);
  }
  BlockStop(index, out);
}

void AnthropicStreamRenderer::Redacted(const std::string& data, std::string& out) {
  ClosePart(out);
  std::string block;
  Writer writer(block);
  RenderRedacted(data, writer);
  block.pop_back();
  AppendBeside(block);
  const std::int64_t index = next_++;
  BlockStart(index, block += '}', out);
  BlockStop(index, out);
}

AnthropicStreamRenderer::Call* AnthropicStreamRenderer::CallAt(std::int64_t number) {
  for (auto call = calls_.rbegin(); call != calls_.rend(); ++call) {
    if (call->call == number && call->open) {
      return &*call;
    }
  }
  return nullptr;
}

}  // namespace signalbox::anthropic
