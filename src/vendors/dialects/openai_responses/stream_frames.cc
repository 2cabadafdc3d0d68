// The frames of a stream: what the events of the API look like.
#include <algorithm>
#include <utility>

#include "io/net/sse.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/openai_responses/stream_renderer.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {

using chat::Part;
using json::Writer;

namespace {

bool IsSummary(const Part& part) {
  const auto* thought = std::get_if<chat::Reasoning>(&part.content);
  return thought != nullptr && thought->summary;
}

// What a part of the item looks like in an event of its own.
void RenderPart(const Part& part, bool own, Writer& out) {
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    out.BeginObject().Key("type").String(thought->summary ? "summary_text" : "reasoning_text");
    out.Key("text").String(thought->text).EndObject();
    return;
  }
  RenderContent(part, true, Side::kOutput, own, out);
}

}  // namespace

void StreamRenderer::Place(std::int64_t index, std::string_view id, Writer& frame) const {
  frame.Key("item_id").String(id).Key("output_index").Int(index);
}

// Of the part that is being spoken, among those of its kind.
std::int64_t StreamRenderer::PartIndex() const {
  const std::vector<Part>& parts = spoken_->parts;
  if (!spoken_->thought) {
    return static_cast<std::int64_t>(parts.size()) - 1;
  }
  const bool summary = IsSummary(parts.back());
  return std::ranges::count_if(parts,
                               [&](const Part& part) { return IsSummary(part) == summary; }) -
         1;
}

void StreamRenderer::WriteAdded(std::int64_t index, std::string_view item) {
  Writer frame = Frame("response.output_item.added");
  frame.Key("output_index").Int(index).Key("item").Raw(item);
  Send("response.output_item.added", frame);
}

void StreamRenderer::WriteDone(std::int64_t index, std::string item) {
  Writer frame = Frame("response.output_item.done");
  frame.Key("output_index").Int(index).Key("item").Raw(item);
  Send("response.output_item.done", frame);
  constexpr std::int64_t kMost = 100'000;  // above it the number is nonsense
  if (index < 0 || index > kMost) {
    return;
  }
  const auto at = static_cast<std::size_t>(index);
  items_.resize(std::max(items_.size(), at + 1));
  items_[at] = std::move(item);
}

void StreamRenderer::WritePart(std::string_view event, const Part& part) {
  Writer frame = Frame(event);
  Place(spoken_->index, spoken_->id, frame);
  frame.Key(IsSummary(part) ? "summary_index" : "content_index").Int(PartIndex());
  frame.Key("part");
  RenderPart(part, own_, frame);
  Send(event, frame);
}

void StreamRenderer::WriteText(std::string_view event, std::string_view key,
                               std::string_view text) {
  const Part& part = spoken_->parts.back();
  Writer frame = Frame(event);
  Place(spoken_->index, spoken_->id, frame);
  frame.Key(IsSummary(part) ? "summary_index" : "content_index").Int(PartIndex());
  frame.Key(key).String(text);
  if (std::holds_alternative<chat::Text>(part.content)) {
    const chat::Member* logprobs = wire::FindMember(part.extra, "logprobs");
    if (key == "delta" && logprobs_ != nullptr) {
      frame.Key("logprobs").Raw(ListedLogprobs(*logprobs_));
    } else if (key == "text" && logprobs != nullptr) {
      frame.Key("logprobs").Raw(logprobs->value);
    } else {
      frame.Key("logprobs").BeginArray().EndArray();
    }
  }
  Send(event, frame);
}

void StreamRenderer::WriteResponse(std::string_view event, std::string_view status,
                                   std::string_view reason, std::string_view output) {
  json::Writer frame = Frame(event);
  frame.Key("response");
  RenderResponse(head_, {status, reason, output}, own_, frame);
  Send(event, frame);
}

json::Writer StreamRenderer::Frame(std::string_view event) {
  frame_.clear();
  json::Writer frame(frame_);
  frame.BeginObject().Key("type").String(event).Key("sequence_number").Int(sequence_++);
  return frame;
}

void StreamRenderer::Send(std::string_view event, json::Writer& frame) {
  frame.EndObject();
  net::AppendSseEvent(*out_, event, frame_);
}

}  // namespace signalbox::openai_responses
