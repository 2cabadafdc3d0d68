// The frames of a stream of Anthropic Messages, as text.
#include "io/net/sse.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/stream_renderer.h"
#include "vendors/dialects/anthropic/usage.h"

namespace signalbox::anthropic {
namespace {

using json::Writer;

bool IsKnown(const chat::Member& member) {
  return member.key == "type" || member.key == "delta" || member.key == "usage";
}

// Of what is kept for the end, these stand beside stop_reason; the others beside usage.
bool StandsInDelta(const chat::Member& member) {
  return member.key == "container" || member.key == "stop_details";
}

void RenderKept(const chat::Extra& kept, bool in_delta, Writer& out) {
  for (const chat::Member& member : kept) {
    if (StandsInDelta(member) == in_delta && !IsKnown(member)) {
      out.Key(member.key).Raw(member.value);
    }
  }
}

}  // namespace

void AnthropicStreamRenderer::BlockStart(std::int64_t index, std::string_view block,
                                         std::string& out) {
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("content_block_start").Key("index").Int(index);
  writer.Key("content_block").Raw(block).EndObject();
  net::AppendSseEvent(out, "content_block_start", frame_);
}

void AnthropicStreamRenderer::BlockStop(std::int64_t index, std::string& out) {
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("content_block_stop").Key("index").Int(index);
  writer.EndObject();
  net::AppendSseEvent(out, "content_block_stop", frame_);
}

void AnthropicStreamRenderer::Delta(std::int64_t index, std::string_view type, std::string_view key,
                                    std::string_view text, std::string& out) {
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("content_block_delta").Key("index").Int(index);
  writer.Key("delta").BeginObject().Key("type").String(type).Key(key).String(text);
  writer.EndObject().EndObject();
  net::AppendSseEvent(out, "content_block_delta", frame_);
}

void AnthropicStreamRenderer::MessageDelta(std::string& out) {
  const chat::Finish finish = finish_.value_or(chat::Finish{chat::FinishReason::kUnset, {}, {}});
  frame_.clear();
  Writer writer(frame_);
  writer.BeginObject().Key("type").String("message_delta").Key("delta").BeginObject();
  writer.Key("stop_reason")
      .String(FinishName(finish.reason, finish.text, !finish.stop_sequence.empty(), !calls_.empty(),
                         own_));
  writer.Key("stop_sequence");
  finish.stop_sequence.empty() ? writer.Null() : writer.String(finish.stop_sequence);
  RenderKept(kept_, true, writer);
  writer.EndObject().Key("usage");
  RenderDeltaUsage(usage_, own_, writer);
  RenderKept(kept_, false, writer);
  writer.EndObject();
  net::AppendSseEvent(out, "message_delta", frame_);
  finish_sent_ = true;
  stale_ = false;
}

}  // namespace signalbox::anthropic
