#include "vendors/dialects/openai_responses/stream_parser.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/names.h"

namespace signalbox::openai_responses {
namespace {

using chat::EventBatch;
using chat::Level;
using core::Status;
using json::Value;

template <typename What>
void Emit(EventBatch& out, What what) {
  out.push_back({0, std::move(what)});
}

}  // namespace

// The most frequent ones first.
const StreamParser::Row StreamParser::kRows[] = {
    {"response.output_text.delta", &StreamParser::OnTextDelta},
    {"response.function_call_arguments.delta", &StreamParser::OnArgumentsDelta},
    {"response.reasoning_summary_text.delta", &StreamParser::OnSummaryDelta},
    {"response.reasoning_text.delta", &StreamParser::OnThoughtDelta},
    {"response.custom_tool_call_input.delta", &StreamParser::OnArgumentsDelta},
    {"response.refusal.delta", &StreamParser::OnRefusalDelta},
    {"response.output_text.annotation.added", &StreamParser::OnAnnotation},
    {"response.output_item.added", &StreamParser::OnItemAdded},
    {"response.output_item.done", &StreamParser::OnItemDone},
    {"response.content_part.added", &StreamParser::OnPartAdded},
    {"response.content_part.done", &StreamParser::OnPartDone},
    {"response.output_text.done", &StreamParser::OnTextDone},
    {"response.refusal.done", &StreamParser::OnRefusalDone},
    {"response.function_call_arguments.done", &StreamParser::OnArgumentsDone},
    {"response.custom_tool_call_input.done", &StreamParser::OnInputDone},
    {"response.reasoning_summary_part.added", &StreamParser::OnPartAdded},
    {"response.reasoning_summary_text.done", &StreamParser::OnSummaryDone},
    {"response.reasoning_summary_part.done", &StreamParser::Ignore},
    {"response.reasoning_text.done", &StreamParser::OnThoughtDone},
    {"response.created", &StreamParser::OnProgress},
    {"response.in_progress", &StreamParser::OnProgress},
    {"response.queued", &StreamParser::OnProgress},
    {"response.completed", &StreamParser::OnEnd},
    {"response.incomplete", &StreamParser::OnEnd},
    {"response.cancelled", &StreamParser::OnEnd},
    {"response.failed", &StreamParser::OnFailed},
    {"error", &StreamParser::OnError},
};

StreamParser::Handler StreamParser::HandlerOf(std::string_view type) {
  for (const Row& row : kRows) {
    if (row.type == type) {
      return row.handler;
    }
  }
  return &StreamParser::OnOther;
}

Status StreamParser::Parse(std::string_view event, std::string_view data, EventBatch& out) {
  if (data.starts_with("[DONE]")) {
    if (!std::exchange(ended_, true)) {
      Emit(out, chat::StreamEnd{});
    }
    return {};
  }
  if (ended_) {
    return {};
  }
  if (!document_.Parse(data) || !document_.Root().IsObject()) {
    if (event == "error") {
      Emit(out, ParseErrorBody(data));
      return {};
    }
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  const Value frame = document_.Root();
  std::string scratch;
  const auto type = frame.Find("type");
  type_ = type ? type->AsText(scratch).value_or(event) : event;
  const auto error = frame.Find("error");
  if (type_.empty() || type_ == "message") {
    type_ = error && !error->IsNull() ? "error" : type_;
  }
  const Handler handler = HandlerOf(type_);
  if (type || handler != &StreamParser::OnOther) {
    (this->*handler)(frame, out);
  }
  return {};
}

StreamParser::Item& StreamParser::ItemAt(std::int64_t index) {
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    if (item->index == index) {
      return *item;
    }
  }
  items_.push_back({.index = index, .id = {}});
  return items_.back();
}

// The item that the frame is about; one that nobody has announced begins here.
StreamParser::Item& StreamParser::ItemOf(const Value& frame, Kind kind) {
  const auto number = frame.Find("output_index");
  const auto index = number ? number->AsInt() : std::nullopt;
  Item& item = index || items_.empty() ? ItemAt(index.value_or(0)) : items_.back();
  if (item.kind == Kind::kUnknown) {
    item.kind = kind;
  }
  return item;
}

void StreamParser::OnItemAdded(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kUnknown);
  if (const auto value = frame.Find("item"); value && value->IsObject()) {
    Begin(item, *value, std::string(value->Raw()), out);
  }
}

void StreamParser::OnItemDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kUnknown);
  if (const auto value = frame.Find("item"); value && value->IsObject()) {
    FinishItem(item, *value, out);
  }
}

void StreamParser::OnProgress(const Value& frame, EventBatch& out) {
  const auto response = frame.Find("response");
  if (!response) {
    return;
  }
  TellHead(ParseOutside(*response).head, out);
  Emit(out,
       chat::UnknownMember{Level::kChoice, 0, {std::string(type_), std::string(response->Raw())}});
}

// Again when something in it has changed.
void StreamParser::TellHead(const chat::Response& head, EventBatch& out) {
  chat::StreamStart start{head.id, head.model, head.created, head.service_tier,
                          head.system_fingerprint};
  if (!started_ || start != head_) {
    head_ = start;
    Emit(out, std::move(start));
  }
  if (!std::exchange(started_, true)) {
    Emit(out, chat::ChoiceStart{});
  }
}

void StreamParser::OnOther(const Value& frame, EventBatch& out) {
  const auto number = frame.Find("output_index");
  const std::int64_t index = number ? number->AsInt().value_or(-1) : -1;
  Emit(out, chat::UnknownMember{Level::kDelta,
                                index,
                                {std::string(type_), Without(frame, {"type", "sequence_number"})}});
}

void StreamParser::OnEnd(const Value& frame, EventBatch& out) {
  const auto response = frame.Find("response");
  ended_ = true;
  if (response) {
    Outside outside = ParseOutside(*response);
    if (!started_) {
      TellHead(outside.head, out);
    }
    TellRest(*response, out);
    TellHead(outside.head, out);
    const auto reason = FinishOf(outside.status, outside.reason, calls_ > 0);
    for (chat::Member& member : outside.head.extra) {
      Emit(out, chat::UnknownMember{Level::kFrame, 0, std::move(member)});
    }
    Emit(out, chat::Finish{reason, FinishText(outside)});
    if (outside.head.usage) {
      Emit(out, *std::move(outside.head.usage));
    }
  }
  Emit(out, chat::StreamEnd{});
}

void StreamParser::OnFailed(const Value& frame, EventBatch& out) {
  const auto response = frame.Find("response");
  const auto error = response ? response->Find("error") : std::nullopt;
  ended_ = true;
  if (response) {
    Outside outside = ParseOutside(*response);
    if (outside.head.usage) {
      Emit(out, *std::move(outside.head.usage));
    }
    Emit(out, chat::UnknownMember{
                  Level::kChoice, 0, {std::string(type_), std::string(response->Raw())}});
  }
  chat::VendorError said;
  if (error && error->IsObject()) {
    said = ParseErrorValue(*error);
    said.json.clear();  // has no type
    said.type = "server_error";
  } else {
    said.message = "the upstream's response failed";
  }
  Emit(out, std::move(said));
}

void StreamParser::OnError(const Value& frame, EventBatch& out) {
  ended_ = true;
  Emit(out, ParseErrorEvent(frame));
}

}  // namespace signalbox::openai_responses
