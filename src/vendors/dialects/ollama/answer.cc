#include "vendors/dialects/ollama/answer.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/ollama/errors.h"
#include "vendors/dialects/ollama/time.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using chat::Choice;
using chat::FinishReason;
using chat::Part;
using chat::Response;
using core::Result;

constexpr std::string_view kCreatedAt = "created_at";

void PutParts(Frame& frame, std::vector<Part>& out) {
  if (!frame.thinking.empty()) {
    chat::Reasoning thought;
    thought.text = std::move(frame.thinking);
    out.push_back({.content = std::move(thought)});
  }
  if (!frame.text.empty()) {
    out.push_back({.content = chat::Text{std::move(frame.text), {}}});
  }
  for (Part& image : frame.images) {
    out.push_back(std::move(image));
  }
  for (std::size_t i = 0; i < frame.calls.size(); ++i) {
    auto& call = std::get<chat::ToolCall>(frame.calls[i].content);
    if (call.id.empty()) {
      call.id = MakeId(frame.created_at, i, call.name);
    }
    out.push_back(std::move(frame.calls[i]));
  }
}

Response ToResponse(Frame frame) {
  Response response;
  response.dialect = kDialect;
  response.created = TimeOf(frame);
  response.model = std::move(frame.model);
  Choice& choice = response.choices.emplace_back();
  choice.finish = FinishNamed(frame.done_reason, !frame.calls.empty());
  choice.finish_text = std::move(frame.done_reason);
  choice.logprobs = ToCanonicalLogprobs(frame.logprobs);
  PutParts(frame, choice.parts);
  choice.message_extra = std::move(frame.message_extra);
  if (frame.input >= 0 || frame.output >= 0) {
    response.usage.emplace();
    response.usage->tokens.input = frame.input;
    response.usage->tokens.output = frame.output;
  }
  response.extra = std::move(frame.extra);
  if (!frame.created_at.empty()) {
    response.extra.push_back({std::string(kCreatedAt), std::move(frame.created_at)});
  }
  return response;
}

// Where a part of the answer stands in a frame.
void Place(const Part& part, Frame& out) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    out.text += text->text;
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out.text += refusal->text;
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    out.thinking += thought->text;
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    out.text += media->transcript;
    if (media->kind == chat::MediaKind::kImage && !media->data.empty()) {
      out.images.push_back(part);
    }
  } else if (std::holds_alternative<chat::ToolCall>(part.content)) {
    out.calls.push_back(part);
  }
}

void PutTime(const Response& response, bool own, Frame& out) {
  for (const chat::Member& member : response.extra) {
    if (own && member.key == kCreatedAt) {
      out.created_at = member.value;
    }
  }
  if (out.created_at.empty() && response.created) {
    json::AppendQuoted(out.created_at, WriteTime(*response.created));
  }
}

Frame ToFrame(const Response& response, bool own) {
  Frame frame;
  frame.model = response.model;
  frame.done = true;
  PutTime(response, own, frame);
  if (!response.choices.empty()) {
    const Choice& choice = response.choices.front();
    for (const Part& part : choice.parts) {
      Place(part, frame);
    }
    frame.done_reason = own ? choice.finish_text : FinishName(choice.finish);
    frame.logprobs = FromCanonicalLogprobs(choice.logprobs);
    frame.message_extra = choice.message_extra;
  }
  if (response.usage) {
    frame.input = response.usage->tokens.input;
    frame.output = response.usage->tokens.output;
  }
  for (const chat::Member& member : response.extra) {
    if (member.key != kCreatedAt) {
      frame.extra.push_back(member);
    }
  }
  return frame;
}

}  // namespace

FinishReason FinishNamed(std::string_view word, bool calls) {
  if (word == "length") {
    return FinishReason::kLength;
  }
  if (word.empty() || word == "stop") {
    return calls ? FinishReason::kToolCalls : FinishReason::kStop;
  }
  // A model that was loaded or unloaded has said all it had to say.
  return word == "load" || word == "unload" ? FinishReason::kStop : FinishReason::kOther;
}

std::string_view FinishName(FinishReason reason) {
  return reason == FinishReason::kLength ? "length" : "stop";
}

std::optional<std::int64_t> TimeOf(const Frame& frame) {
  const std::string_view quoted = frame.created_at;
  return quoted.size() > 2 ? ReadTime(quoted.substr(1, quoted.size() - 2)) : std::nullopt;
}

Result<Response> ParseAnswer(const json::Value& body) {
  if (const auto error = body.Find("error"); error && !error->IsNull()) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, ParseErrorValue(body).message);
  }
  Frame frame;
  SB_CHECK_OK(ParseFrame(body, frame));
  if (!frame.answered) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "message: an object was expected");
  }
  return ToResponse(std::move(frame));
}

std::string RenderAnswer(const Response& response, Form form) {
  const bool own = response.dialect == kDialect;
  std::string text;
  RenderFrame(ToFrame(response, own), form, own, text);
  return text;
}

}  // namespace signalbox::ollama
