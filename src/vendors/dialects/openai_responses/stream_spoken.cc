// What a model says and calls, as items of a stream.
#include <utility>

#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/openai_responses/stream_renderer.h"

namespace signalbox::openai_responses {

using chat::Part;
using json::Writer;

namespace {

bool IsSummary(const Part& part) {
  const auto* thought = std::get_if<chat::Reasoning>(&part.content);
  return thought != nullptr && thought->summary;
}

}  // namespace

StreamRenderer::Spoken& StreamRenderer::OpenItem(bool thought, const Part& first) {
  const std::string_view type = thought ? "reasoning" : "message";
  if (auto known = TakeAnnounced(type, {})) {
    spoken_ = {.index = known->index, .id = std::move(known->id), .thought = thought};
    return *spoken_;
  }
  spoken_ = {.index = next_index_, .id = MakeId(first, head_.id, next_index_), .thought = thought};
  ++next_index_;
  std::string item;
  Writer out(item);
  out.BeginObject().Key("id").String(spoken_->id).Key("type").String(type);
  if (thought) {
    out.Key("summary").BeginArray().EndArray();
  } else {
    out.Key("status").String("in_progress").Key("role").String("assistant");
    out.Key("content").BeginArray().EndArray();
  }
  out.EndObject();
  WriteAdded(spoken_->index, item);
  return *spoken_;
}

template <typename T>
Part& StreamRenderer::OpenPart(bool thought, bool summary) {
  EnsureStarted();
  if (spoken_ && (spoken_->thought != thought || (spoken_->ending && thought))) {
    CloseItem({});
  }
  if (spoken_ && spoken_->part_open && !spoken_->ending) {
    Part& last = spoken_->parts.back();
    if (std::holds_alternative<T>(last.content) && IsSummary(last) == summary) {
      return last;
    }
  }
  Part part{.content = T{}};
  if (auto* reasoning = std::get_if<chat::Reasoning>(&part.content)) {
    reasoning->summary = summary;
  }
  if (spoken_) {
    ClosePart();
  } else {
    OpenItem(thought, part);
  }
  spoken_->parts.push_back(std::move(part));
  spoken_->part_open = true;
  WritePart(summary ? "response.reasoning_summary_part.added" : "response.content_part.added",
            spoken_->parts.back());
  return spoken_->parts.back();
}

// Others say nothing with nothing; here an empty content counts.
void StreamRenderer::SayText(std::string_view text) {
  if (text.empty() && !own_) {
    return;
  }
  Part& part = OpenPart<chat::Text>(false, false);
  if (logprobs_ != nullptr && !own_) {
    std::string list = ListedLogprobs(*logprobs_);
    if (!part.extra.empty() && list.size() > 2) {
      std::string& held = part.extra.front().value;
      held.pop_back();
      held.append(held.size() > 1 ? "," : "").append(list, 1);
    } else if (part.extra.empty()) {
      part.extra.push_back({"logprobs", std::move(list)});
    }
  }
  std::get<chat::Text>(part.content).text += text;
  if (!text.empty()) {
    WriteText("response.output_text.delta", "delta", text);
  }
}

void StreamRenderer::SayRefusal(std::string_view text) {
  if (text.empty() && !own_) {
    return;
  }
  Part& part = OpenPart<chat::Refusal>(false, false);
  std::get<chat::Refusal>(part.content).text += text;
  if (!text.empty()) {
    WriteText("response.refusal.delta", "delta", text);
  }
}

// A part without a text is not spoken of; only the item shows what is sealed in it.
void StreamRenderer::Think(const chat::ReasoningDelta& delta) {
  const bool silent = delta.text.empty();
  const bool summary = delta.summary || !own_;  // of others: as render_item.cc has them
  if (silent && delta.signature.empty() && delta.redacted.empty() && !own_) {
    return;
  }
  if (silent) {
    EnsureStarted();
    if (spoken_ && (!spoken_->thought || (spoken_->ending && delta.signature.empty()))) {
      CloseItem({});
    }
    Part part{.content = chat::Reasoning{}};
    std::get<chat::Reasoning>(part.content).summary = summary;
    if (!spoken_) {
      OpenItem(true, part);
    }
    if (spoken_->parts.empty()) {
      spoken_->parts.push_back(std::move(part));
    }
  } else {
    OpenPart<chat::Reasoning>(true, summary);
  }
  auto& thought = std::get<chat::Reasoning>(spoken_->parts.back().content);
  thought.text += delta.text;
  thought.signature += delta.signature;
  thought.redacted = delta.redacted.empty() ? thought.redacted : delta.redacted;
  thought.format = delta.format.empty() ? thought.format : delta.format;
  if (!silent) {
    WriteText(summary ? "response.reasoning_summary_text.delta" : "response.reasoning_text.delta",
              "delta", delta.text);
  }
}

void StreamRenderer::Cite(const chat::Citation& citation) {
  if (!IsCitable(citation, own_)) {
    return;
  }
  const bool at_hand = spoken_ && !spoken_->thought && spoken_->part_open &&
                       std::holds_alternative<chat::Text>(spoken_->parts.back().content);
  Part& part = at_hand ? spoken_->parts.back() : OpenPart<chat::Text>(false, false);
  auto& citations = std::get<chat::Text>(part.content).citations;
  Writer frame = Frame("response.output_text.annotation.added");
  Place(spoken_->index, spoken_->id, frame);
  frame.Key("content_index").Int(PartIndex());
  frame.Key("annotation_index").Int(static_cast<std::int64_t>(citations.size()));
  frame.Key("annotation");
  RenderAnnotation(citation, own_, frame);
  Send("response.output_text.annotation.added", frame);
  citations.push_back(citation);
}

void StreamRenderer::ClosePart() {
  if (!spoken_ || !std::exchange(spoken_->part_open, false)) {
    return;
  }
  spoken_->ending = false;
  const Part& part = spoken_->parts.back();
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    WriteText("response.output_text.done", "text", text->text);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    WriteText("response.refusal.done", "refusal", refusal->text);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    WriteText(
        thought->summary ? "response.reasoning_summary_text.done" : "response.reasoning_text.done",
        "text", thought->text);
  }
  WritePart(IsSummary(part) ? "response.reasoning_summary_part.done" : "response.content_part.done",
            part);
}

void StreamRenderer::CloseItem(std::string item) {
  if (!spoken_) {
    return;
  }
  ClosePart();
  if (!spoken_->parts.empty()) {
    spoken_->parts.back().item = std::move(item);
    std::string whole;
    Writer out(whole);
    RenderOutputItem(spoken_->parts, spoken_->id, own_, out);
    WriteDone(spoken_->index, std::move(whole));
  }
  spoken_.reset();
}

// Another vendor's part stays open for what belongs to it; ours has had all.
void StreamRenderer::EndPart(const chat::PartEnd& end) {
  if (!spoken_) {
    return;
  }
  if (!own_) {
    spoken_->ending = true;
    return;
  }
  if (!spoken_->parts.empty()) {
    chat::Extra& extra = spoken_->parts.back().extra;
    extra.insert(extra.end(), end.extra.begin(), end.extra.end());
  }
  end.item.empty() ? ClosePart() : CloseItem(end.item);
}

}  // namespace signalbox::openai_responses
