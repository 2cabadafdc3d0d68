#include "vendors/dialects/ollama/frame.h"

#include <algorithm>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/ollama/parse_message.h"
#include "vendors/dialects/ollama/render_message.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using core::Status;
using json::Value;

using V = const Value&;

Status ReadCount(V value, std::int64_t& out) {
  out = std::max<std::int64_t>(value.AsInt().value_or(-1), -1);
  return {};
}

constexpr wire::Field<Frame> kMessageFields[] = {
    {"role", [](V, Frame&) { return Status{}; }},
    {"content", [](V v, Frame& out) { return wire::ReadText(v, out.text); },
     wire::OnFailure::kDrop},
    {"thinking", [](V v, Frame& out) { return wire::ReadText(v, out.thinking); },
     wire::OnFailure::kDrop},
    {"images", [](V v, Frame& out) { return ReadImages(v, out.images); }, wire::OnFailure::kDrop},
    {"tool_calls", [](V v, Frame& out) { return ReadCalls(v, out.calls); }},
};

Status ReadMessage(V value, Frame& out) {
  out.answered = true;
  return wire::ReadObject(value, kMessageFields, out, out.message_extra,
                          wire::Strictness::kLenient);
}

Status ReadResponse(V value, Frame& out) {
  out.answered = true;
  return wire::ReadText(value, out.text);
}

Status ReadTime(V value, Frame& out) {
  return value.IsString() ? wire::ReadRaw(value, out.created_at) : wire::Expected("a time");
}

Status ReadDone(V value, Frame& out) {
  out.done = value.AsBool().value_or(false);
  return {};
}

Status ReadLogprobs(V value, Frame& out) {
  return value.IsArray() ? wire::ReadRaw(value, out.logprobs) : wire::Expected("a list");
}

constexpr wire::Field<Frame> kFields[] = {
    {"model", [](V v, Frame& out) { return wire::ReadText(v, out.model); }, wire::OnFailure::kDrop},
    {"created_at", ReadTime, wire::OnFailure::kDrop},
    {"message", ReadMessage, wire::OnFailure::kDrop},
    {"response", ReadResponse, wire::OnFailure::kDrop},
    {"done", ReadDone},
    {"done_reason", [](V v, Frame& out) { return wire::ReadText(v, out.done_reason); },
     wire::OnFailure::kDrop},
    {"thinking", [](V v, Frame& out) { return wire::ReadText(v, out.thinking); },
     wire::OnFailure::kDrop},
    {"prompt_eval_count", [](V v, Frame& out) { return ReadCount(v, out.input); }},
    {"eval_count", [](V v, Frame& out) { return ReadCount(v, out.output); }},
    {"logprobs", ReadLogprobs},
};

void RenderMessage(const Frame& frame, bool own, json::Writer& out) {
  out.Key("message").BeginObject().Key("role").String("assistant");
  out.Key("content").String(frame.text);
  wire::RenderText("thinking", frame.thinking, out);
  RenderImages(frame.images, out);
  if (!frame.calls.empty()) {
    out.Key("tool_calls").BeginArray();
    for (const chat::Part& call : frame.calls) {
      RenderCall(call, own, out);
    }
    out.EndArray();
  }
  wire::RenderExtra(frame.message_extra, own, out);
  out.EndObject();
}

// Of members that come again, as in an answer put together from a stream, the last.
void RenderLast(const chat::Extra& extra, json::Writer& out) {
  for (std::size_t i = 0; i < extra.size(); ++i) {
    const bool again =
        std::any_of(extra.begin() + static_cast<std::ptrdiff_t>(i) + 1, extra.end(),
                    [&](const chat::Member& later) { return later.key == extra[i].key; });
    if (!again) {
      out.Key(extra[i].key).Raw(extra[i].value);
    }
  }
}

}  // namespace

Status ParseFrame(V value, Frame& out) {
  auto status = wire::ReadObject(value, kFields, out, out.extra, wire::Strictness::kLenient);
  return status ? status
                : core::Fail(core::ErrorCode::kUpstreamProtocol, "a JSON object was expected");
}

void RenderFrame(const Frame& frame, Form form, bool own, std::string& text) {
  json::Writer out(text);
  out.BeginObject().Key("model").String(frame.model);
  wire::RenderRaw("created_at", frame.created_at, out);
  if (form == Form::kGenerate) {
    out.Key("response").String(frame.text);
    wire::RenderText("thinking", frame.thinking, out);
  } else {
    RenderMessage(frame, own, out);
  }
  out.Key("done").Bool(frame.done);
  wire::RenderText("done_reason", frame.done_reason, out);
  if (own) {
    RenderLast(frame.extra, out);
  }
  if (frame.input >= 0) {
    out.Key("prompt_eval_count").Int(frame.input);
  }
  if (frame.output >= 0) {
    out.Key("eval_count").Int(frame.output);
  }
  wire::RenderRaw("logprobs", frame.logprobs, out);
  out.EndObject();
}

chat::RawJson ToCanonicalLogprobs(std::string_view list) {
  return list.empty() ? chat::RawJson() : std::string(R"({"content":)").append(list).append("}");
}

chat::RawJson FromCanonicalLogprobs(std::string_view logprobs) {
  json::Document document;
  if (logprobs.empty() || !document.Parse(logprobs)) {
    return {};
  }
  const auto content = document.Root().Find("content");
  return content && content->IsArray() ? std::string(content->Raw()) : chat::RawJson();
}

}  // namespace signalbox::ollama
