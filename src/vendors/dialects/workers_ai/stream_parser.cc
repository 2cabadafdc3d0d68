#include "vendors/dialects/workers_ai/stream_parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/workers_ai/errors.h"

namespace signalbox::workers_ai {
namespace {

using chat::EventBatch;
using chat::FinishReason;
using core::Status;

}  // namespace

Status StreamParser::Parse(std::string_view type, std::string_view data, EventBatch& out) {
  ++frames_;
  if (data.starts_with("[DONE]")) {
    Finish(out);
    out.push_back({0, chat::StreamEnd{}});
    ended_ = true;
    return {};
  }
  // Inside a string the quotes would be escaped.
  if (data.find(R"("choices")") != std::string_view::npos) {
    return ParseChat(type, data, out);
  }
  if (!document_.Parse(data) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  if (auto error = ErrorIn(document_.Root())) {
    out.push_back({0, *std::move(error)});
    return {};
  }
  return ParseNative(document_.Root(), out);
}

Status StreamParser::ParseChat(std::string_view type, std::string_view data, EventBatch& out) {
  Switch(kChatForm, out);
  const std::size_t before = out.size();
  SB_CHECK_OK(chat_.Parse(type, data, out));
  started_ = true;
  for (std::size_t i = before; i < out.size(); ++i) {
    finished_ |= std::holds_alternative<chat::Finish>(out[i].what);
  }
  return {};
}

Status StreamParser::ParseNative(const json::Value& frame, EventBatch& out) {
  Native native;
  SB_CHECK_OK(workers_ai::ParseNative(frame, std::to_string(frames_), native));
  Switch(kNativeForm, out);
  if (!std::exchange(started_, true)) {
    out.push_back({0, chat::StreamStart{}});
    out.push_back({0, chat::ChoiceStart{}});
  }
  if (native.response && !native.response->empty() && *native.response != "null") {
    out.push_back({0, chat::TextDelta{*std::move(native.response)}});
  }
  EmitCalls(native, out);
  for (chat::Member& member : native.extra) {
    out.push_back({0, chat::UnknownMember{chat::Level::kFrame, 0, std::move(member)}});
  }
  if (!native.finish_reason.empty()) {
    CloseCalls(out);
    const FinishReason reason = openai_chat::FinishNamed(native.finish_reason);
    out.push_back({0, chat::Finish{reason, std::move(native.finish_reason)}});
    finished_ = true;
  }
  if (native.usage) {
    usage_ = std::move(native.usage);
  }
  EmitUsage(out);
  return {};
}

// A call goes on where its index comes again without a new name.
std::size_t StreamParser::PlaceOf(std::int64_t index, const chat::ToolCall& call) {
  for (std::size_t i = 0; i < calls_.size() && call.name.empty(); ++i) {
    if (calls_[i].open && (index < 0 || calls_[i].index == index)) {
      return i;
    }
  }
  calls_.push_back({index});
  return calls_.size() - 1;
}

void StreamParser::EmitCalls(Native& native, EventBatch& out) {
  for (std::size_t i = 0; i < native.calls.size(); ++i) {
    auto& call = std::get<chat::ToolCall>(native.calls[i].content);
    const std::size_t known = calls_.size();
    const std::int64_t index = native.indices[i];
    const std::size_t place = PlaceOf(index, call);
    const auto number = static_cast<std::int64_t>(place);
    if (place == known) {
      chat::ToolCallStart start;
      start.call = number;
      start.id = std::move(call.id);
      start.name = std::move(call.name);
      start.extra = std::move(native.calls[i].extra);
      out.push_back({0, std::move(start)});
    }
    if (!call.arguments.empty()) {
      out.push_back({0, chat::ToolCallArguments{number, std::move(call.arguments)}});
    }
    if (index < 0) {  // it came whole
      calls_[place].open = false;
      out.push_back({0, chat::ToolCallEnd{number}});
    }
  }
}

void StreamParser::Switch(std::string_view form, EventBatch& out) {
  if (form_ != form) {
    form_ = form;
    out.push_back({0, chat::UnknownMember{
                          chat::Level::kFrame, 0, {std::string(kStreamForm), std::string(form)}}});
  }
}

void StreamParser::CloseCalls(EventBatch& out) {
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (std::exchange(calls_[i].open, false)) {
      out.push_back({0, chat::ToolCallEnd{static_cast<std::int64_t>(i)}});
    }
  }
}

void StreamParser::Finish(EventBatch& out) {
  CloseCalls(out);
  if (started_ && !std::exchange(finished_, true)) {
    const FinishReason reason = calls_.empty() ? FinishReason::kStop : FinishReason::kToolCalls;
    out.push_back({0, chat::Finish{reason, {}}});
  }
  EmitUsage(out);
}

void StreamParser::EmitUsage(EventBatch& out) {
  if (finished_ && usage_) {
    out.push_back({0, *std::move(usage_)});
    usage_.reset();
  }
}

// A stream that was cut has used what it said.
Status StreamParser::Close(EventBatch& out) {
  if (usage_) {
    out.push_back({0, *std::move(usage_)});
    usage_.reset();
  }
  if (finished_ && !std::exchange(ended_, true)) {
    out.push_back({0, chat::StreamEnd{}});
  }
  return {};
}

}  // namespace signalbox::workers_ai
