#include "vendors/dialects/openai_responses/stream_renderer.h"

#include <algorithm>
#include <utility>

#include "base/json/document.h"
#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/render_item.h"

namespace signalbox::openai_responses {

using chat::Part;

struct EventTaker {
  StreamRenderer& to;

  void operator()(const chat::StreamStart& start) const {
    chat::Response& head = to.head_;
    // Others change their mind about who they are; clients of this API take one name to the end.
    if (!start.id.empty() && (to.own_ || head.id.empty())) {
      head.id = start.id;
    }
    if (!start.model.empty() && (to.own_ || head.model.empty())) {
      head.model = start.model;
    }
    if (start.created && (to.own_ || !head.created)) {
      head.created = start.created;
    }
    head.service_tier = start.service_tier;
    head.system_fingerprint = start.system_fingerprint;
  }
  void operator()(const chat::ChoiceStart&) const {}
  void operator()(const chat::TextDelta& delta) const { to.SayText(delta.text); }
  void operator()(const chat::ReasoningDelta& delta) const { to.Think(delta); }
  void operator()(const chat::RefusalDelta& delta) const { to.SayRefusal(delta.text); }
  void operator()(const chat::ToolCallStart& start) const { to.BeginCall(start); }
  void operator()(const chat::ToolCallArguments& arguments) const { to.Argue(arguments); }
  void operator()(const chat::ToolCallEnd& end) const { to.EndCall(end); }
  void operator()(const chat::CitationDelta& delta) const { to.Cite(delta.citation); }
  // What was spoken, in writing.
  void operator()(const chat::AudioDelta& delta) const { to.SayText(delta.transcript); }
  void operator()(const chat::WholePart& whole) const { to.TakeWhole(whole.part); }
  void operator()(const chat::PartEnd& end) const { to.EndPart(end); }
  void operator()(const chat::LogprobsDelta&) const {}
  void operator()(const chat::Finish& finish) const { to.finish_ = finish; }
  void operator()(const chat::UsageReport& usage) const { to.head_.usage = usage; }
  void operator()(const chat::StreamError& error) const { to.Fail(error); }
  void operator()(const chat::StreamEnd&) const { to.EndStream(); }
  void operator()(const chat::UnknownMember& unknown) const { to.TakeUnknown(unknown); }
};

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  out_ = &out;
  logprobs_ = nullptr;
  for (const chat::Event& event : events) {
    const auto* logprobs = std::get_if<chat::LogprobsDelta>(&event.what);
    if (logprobs != nullptr && event.choice == 0) {
      logprobs_ = &logprobs->logprobs;
    }
  }
  for (const chat::Event& event : events) {
    if (event.choice == 0 && !ended_) {
      std::visit(EventTaker{*this}, event.what);
    }
  }
  if (!own_ && !started_ && !ended_ && !head_.id.empty()) {
    EnsureStarted();
  }
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  out_ = &out;
  if (!ended_) {
    Fail(InOurWords(error));
  }
}

void StreamRenderer::EnsureStarted() {
  if (std::exchange(started_, true)) {
    return;
  }
  head_.id = head_.id.empty() ? "resp_0" : head_.id;
  WriteResponse("response.created", "in_progress", {}, "[]");
  WriteResponse("response.in_progress", "in_progress", {}, "[]");
}

void StreamRenderer::TakeUnknown(const chat::UnknownMember& unknown) {
  if (!own_) {
    return;
  }
  const chat::Member& member = unknown.member;
  if (unknown.level == chat::Level::kFrame) {
    head_.extra.push_back(member);
  } else if (unknown.level == chat::Level::kChoice) {
    json::Writer frame = Frame(member.key);
    frame.Key("response").Raw(member.value);
    Send(member.key, frame);
    started_ = true;
    ended_ = member.key == "response.failed";
  } else if (unknown.level == chat::Level::kDelta && member.key == "item") {
    TakeItem(unknown);
  } else if (unknown.level == chat::Level::kDelta) {
    EnsureStarted();
    json::Writer frame = Frame(member.key);
    RenderMembers(member.value, frame);
    Send(member.key, frame);
  }
}

void StreamRenderer::TakeItem(const chat::UnknownMember& unknown) {
  EnsureStarted();
  CloseItem({});
  json::Document document;
  if (!document.Parse(unknown.member.value, {.unique_keys = false})) {
    return;
  }
  announced_.push_back({unknown.call, TypeOf(document.Root()), TextIn(document.Root(), "id")});
  next_index_ = std::max(next_index_, unknown.call + 1);
  WriteAdded(unknown.call, unknown.member.value);
}

std::optional<StreamRenderer::Announced> StreamRenderer::TakeAnnounced(std::string_view type,
                                                                       std::string_view id) {
  for (std::size_t i = announced_.size(); i-- > 0;) {
    if (announced_[i].type == type && (id.empty() || announced_[i].id == id)) {
      Announced found = std::move(announced_[i]);
      announced_.erase(announced_.begin() + static_cast<std::ptrdiff_t>(i));
      return found;
    }
  }
  return std::nullopt;
}

void StreamRenderer::TakeWhole(const Part& part) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    if (own_) {
      TakeRaw(*raw);
    }
  } else if (std::holds_alternative<chat::Media>(part.content)) {
    TakePicture(part);
  } else {
    Speak(part);
  }
}

void StreamRenderer::TakeRaw(const chat::RawPart& raw) {
  EnsureStarted();
  CloseItem({});
  json::Document document;
  const bool parsed = document.Parse(raw.json, {.unique_keys = false}).has_value();
  const std::string id = parsed ? TextIn(document.Root(), "id") : "";
  const auto known = TakeAnnounced(raw.type, id);
  const std::int64_t index = known ? known->index : next_index_++;
  if (!known) {
    WriteAdded(index, raw.json);
  }
  WriteDone(index, raw.json);
}

void StreamRenderer::TakePicture(const Part& part) {
  EnsureStarted();
  CloseItem({});
  const std::string id = MakeId(part, head_.id, next_index_);
  std::string item;
  json::Writer out(item);
  if (RenderOutputItem({&part, 1}, id, own_, out)) {
    WriteAdded(next_index_, item);
    WriteDone(next_index_++, std::move(item));
  }
}

// A part that came whole, told as if it had been spoken.
void StreamRenderer::Speak(const Part& part) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    SayText(text->text);
    for (const chat::Citation& citation : text->citations) {
      Cite(citation);
    }
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    SayRefusal(refusal->text);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    Think({.text = thought->text,
           .signature = thought->signature,
           .redacted = thought->redacted,
           .id = thought->id,
           .summary = thought->summary,
           .format = thought->format});
  } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    const auto number = static_cast<std::int64_t>(calls_.size()) + 1'000'000;  // nobody else's
    BeginCall({number, call->id, call->name, call->kind, call->signature});
    Argue({number, call->arguments});
    EndCall({number, part.item});
    return;
  }
  EndPart({part.item, part.extra});
}

void StreamRenderer::Fail(const chat::VendorError& error) {
  json::Writer frame = Frame("error");
  RenderErrorMembers(error, frame);
  Send("error", frame);
  ended_ = true;
}

void StreamRenderer::EndStream() {
  EnsureStarted();
  CloseItem({});
  for (Call& call : calls_) {
    FinishCall(call, {});
  }
  std::string output = "[";
  for (const std::string& item : items_) {
    output += output.size() > 1 && !item.empty() ? "," : "";
    output += item;
  }
  output += "]";
  const Ending ending = EndingOf(finish_.reason, finish_.text, own_);
  const std::string event = std::string("response.").append(ending.status);
  WriteResponse(event, ending.status, ending.reason, output);
  ended_ = true;
}

}  // namespace signalbox::openai_responses
