#include "vendors/dialects/ollama/stream_parser.h"

#include <utility>

#include "vendors/dialects/ollama/answer.h"
#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/ollama/errors.h"

namespace signalbox::ollama {
namespace {

using chat::EventBatch;
using chat::Level;

void EmitUnknown(Level level, chat::Extra& extra, EventBatch& out) {
  for (chat::Member& member : extra) {
    out.push_back({0, chat::UnknownMember{level, 0, std::move(member)}});
  }
}

}  // namespace

core::Status StreamParser::ParseLine(std::string_view line, EventBatch& out) {
  if (!document_.Parse(line) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed line is no JSON object");
  }
  const json::Value root = document_.Root();
  if (const auto error = root.Find("error"); error && !error->IsNull()) {
    out.push_back({0, ParseErrorValue(root)});
    return {};
  }
  Frame frame;
  SB_CHECK_OK(ParseFrame(root, frame));
  if (!started_ || (!frame.model.empty() && frame.model != model_)) {
    out.push_back({0, chat::StreamStart{{}, frame.model, TimeOf(frame), {}, {}}});
    if (!started_) {
      out.push_back({0, chat::ChoiceStart{}});
    }
    started_ = true;
    model_ = std::move(frame.model);
  }
  EmitSpeech(frame, out);
  EmitCalls(frame, out);
  if (!frame.logprobs.empty()) {
    out.push_back({0, chat::LogprobsDelta{ToCanonicalLogprobs(frame.logprobs)}});
  }
  EmitUnknown(Level::kDelta, frame.message_extra, out);
  if (frame.done) {
    EmitEnd(frame, out);
  } else {
    EmitUnknown(Level::kFrame, frame.extra, out);
    if (!frame.created_at.empty()) {
      out.push_back(
          {0, chat::UnknownMember{Level::kFrame, 0, {"created_at", std::move(frame.created_at)}}});
    }
  }
  return {};
}

void StreamParser::EmitSpeech(Frame& frame, EventBatch& out) {
  if (!frame.thinking.empty()) {
    out.push_back({0, chat::ReasoningDelta{std::move(frame.thinking), {}, {}}});
  }
  if (!frame.text.empty()) {
    out.push_back({0, chat::TextDelta{std::move(frame.text)}});
  }
  for (chat::Part& image : frame.images) {
    out.push_back({0, chat::WholePart{std::move(image)}});
  }
}

void StreamParser::EmitCalls(Frame& frame, EventBatch& out) {
  for (chat::Part& part : frame.calls) {
    auto& call = std::get<chat::ToolCall>(part.content);
    chat::ToolCallStart start;
    start.call = calls_++;
    start.id = call.id.empty()
                   ? MakeId(frame.created_at, static_cast<std::size_t>(start.call), call.name)
                   : std::move(call.id);
    start.name = std::move(call.name);
    start.extra = std::move(part.extra);
    const std::int64_t number = start.call;
    out.push_back({0, std::move(start)});
    out.push_back({0, chat::ToolCallArguments{number, std::move(call.arguments)}});
    out.push_back({0, chat::ToolCallEnd{number}});
  }
}

// What the renderer of this dialect puts into its last line comes after Finish.
void StreamParser::EmitEnd(Frame& frame, EventBatch& out) {
  const chat::FinishReason reason = FinishNamed(frame.done_reason, calls_ > 0);
  out.push_back({0, chat::Finish{reason, std::move(frame.done_reason)}});
  EmitUnknown(Level::kFrame, frame.extra, out);
  if (!frame.created_at.empty()) {
    out.push_back(
        {0, chat::UnknownMember{Level::kFrame, 0, {"created_at", std::move(frame.created_at)}}});
  }
  if (frame.input >= 0 || frame.output >= 0) {
    chat::UsageReport usage;
    usage.tokens.input = frame.input;
    usage.tokens.output = frame.output;
    out.push_back({0, std::move(usage)});
  }
  out.push_back({0, chat::StreamEnd{}});
}

}  // namespace signalbox::ollama
