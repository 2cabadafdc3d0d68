#include "vendors/dialects/cohere/stream_parser.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/cohere/logprobs.h"
#include "vendors/dialects/cohere/names.h"
#include "vendors/dialects/cohere/parse_part.h"
#include "vendors/dialects/cohere/usage.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::cohere {
namespace {

using chat::EventBatch;
using core::Status;
using json::Value;
using V = const Value&;

constexpr std::string_view kNull = "null";

std::string TextIn(V object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

Value In(V object, std::string_view key) {
  static const json::Document kNothing;
  const auto member = object.Find(key);
  return member ? *member : kNothing.Root();
}

bool IsKnown(std::string_view key) {
  return key == "type" || key == "index" || key == "delta" || key == "id";
}

void KeepUnknown(V event, EventBatch& out) {
  std::string scratch;
  json::ForEachMember(event, [&](V key, V value) {
    if (const std::string_view name = *key.AsText(scratch); !IsKnown(name)) {
      out.push_back(
          {0, chat::UnknownMember{
                  chat::Level::kDelta, 0, {std::string(name), std::string(value.Raw())}}});
    }
  });
}

void EmitCitation(V citations, EventBatch& out) {
  const auto emit = [&](V citation) {
    chat::CitationDelta delta;
    if (ParseCitation(citation, delta.citation)) {
      out.push_back({0, std::move(delta)});
    }
  };
  citations.IsArray() ? json::ForEachElement(citations, emit) : emit(citations);
}

}  // namespace

Status StreamParser::Parse(std::string_view type, std::string_view data, EventBatch& out) {
  if (data.starts_with("[DONE]")) {
    return {};
  }
  if (!document_.Parse(data, {.unique_keys = false}) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  const Value event = document_.Root();
  std::string scratch;
  const auto stated = event.Find("type");
  const auto named = stated ? stated->AsText(scratch) : std::nullopt;
  ParseEvent(named.value_or(type), event, out);
  return {};
}

void StreamParser::ParseEvent(std::string_view type, V event, EventBatch& out) {
  const Value delta = In(event, "delta");
  const Value message = In(delta, "message");
  const std::int64_t index = In(event, "index").AsInt().value_or(0);
  if (type == "content-delta") {
    ParseContent(In(message, "content"), out);
    if (const auto logprobs = event.Find("logprobs"); logprobs && logprobs->IsObject()) {
      out.push_back({0, chat::LogprobsDelta{FromPieces(*logprobs)}});
    }
  } else if (type == "tool-call-delta") {
    ParseArguments(index, In(message, "tool_calls"), out);
  } else if (type == "tool-plan-delta") {
    ParsePlan(message, out);
  } else if (type == "content-start") {
    Begin(Open::kContent, out);
    ParseContent(In(message, "content"), out);
  } else if (type == "tool-call-start") {
    ParseCallStart(index, In(message, "tool_calls"), out);
  } else if (type == "tool-call-end") {
    EndCall(index, out);
  } else if (type == "citation-start") {
    EmitCitation(In(message, "citations"), out);
  } else if (type == "message-start") {
    ParseStart(event, message, out);
  } else if (type == "message-end") {
    KeepUnknown(event, out);
    return ParseEnd(delta, out);
  } else if (type != "content-end" && type != "citation-end") {
    out.push_back({0, chat::UnknownMember{
                          chat::Level::kFrame, 0, {std::string(type), std::string(event.Raw())}}});
    return;
  }
  KeepUnknown(event, out);
}

void StreamParser::ParseStart(V event, V message, EventBatch& out) {
  chat::StreamStart start;
  start.id = TextIn(event, "id");
  start.model = TextIn(message, "model");
  out.push_back({0, std::move(start)});
  out.push_back({0, chat::ChoiceStart{}});
}

// A thought or a text that goes on after another one of its kind is a part of its own.
void StreamParser::Begin(Open open, EventBatch& out) {
  if (open_ != Open::kNothing && (open_ != open || open == Open::kContent)) {
    out.push_back({0, chat::PartEnd{}});
  }
  open_ = open;
}

void StreamParser::ParseContent(V content, EventBatch& out) {
  if (std::string text = TextIn(content, "text"); !text.empty()) {
    out.push_back({0, chat::TextDelta{std::move(text)}});
  }
  if (std::string thought = TextIn(content, "thinking"); !thought.empty()) {
    out.push_back(
        {0, chat::ReasoningDelta{.text = std::move(thought), .signature = {}, .redacted = {}}});
  }
}

void StreamParser::ParsePlan(V message, EventBatch& out) {
  std::string plan = TextIn(message, "tool_plan");
  if (plan.empty()) {
    return;
  }
  Begin(Open::kPlan, out);
  out.push_back({0, chat::ReasoningDelta{.text = std::move(plan),
                                         .signature = {},
                                         .redacted = {},
                                         .field = chat::ReasoningField::kToolPlan}});
}

void StreamParser::ParseCallStart(std::int64_t index, V call, EventBatch& out) {
  const Value function = In(call, "function");
  chat::ToolCallStart start;
  start.call = static_cast<std::int64_t>(calls_.size());
  start.id = TextIn(call, "id");
  start.name = TextIn(function, "name");
  calls_.push_back({index, {}, false});
  open_ = Open::kNothing;
  out.push_back({0, std::move(start)});
  ParseArguments(index, call, out);
}

// The last call of an index is the one that is meant.
void StreamParser::ParseArguments(std::int64_t index, V call, EventBatch& out) {
  const auto place = std::find_if(calls_.rbegin(), calls_.rend(),
                                  [&](const Call& known) { return known.index == index; });
  std::string text = TextIn(In(call, "function"), "arguments");
  if (place == calls_.rend() || text.empty()) {
    return;
  }
  if (!place->spoke) {
    place->held += text;
    if (kNull.starts_with(place->held)) {
      return;
    }
    text = std::exchange(place->held, {});
    place->spoke = true;
  }
  out.push_back({0, chat::ToolCallArguments{calls_.rend() - place - 1, std::move(text)}});
}

void StreamParser::EndCall(std::int64_t index, EventBatch& out) {
  const auto place = std::find_if(calls_.rbegin(), calls_.rend(),
                                  [&](const Call& known) { return known.index == index; });
  if (place == calls_.rend()) {
    return;
  }
  const std::int64_t call = calls_.rend() - place - 1;
  if (!place->spoke) {
    place->spoke = true;
    out.push_back({0, chat::ToolCallArguments{call, ArgumentsOf(std::move(place->held))}});
  }
  out.push_back({0, chat::ToolCallEnd{call}});
}

void StreamParser::ParseEnd(V delta, EventBatch& out) {
  for (const Call& call : calls_) {
    if (!call.spoke) {
      EndCall(call.index, out);
    }
  }
  const std::string word = TextIn(delta, "finish_reason");
  const std::string error = wire::LooseText(delta, "error");
  if (const Value usage = In(delta, "usage"); usage.IsObject() && !error.empty()) {
    out.push_back({0, ParseUsage(usage)});
  }
  if (!error.empty()) {
    chat::VendorError stated;
    stated.message = wire::Readable(error);
    stated.type = word;
    out.push_back({0, std::move(stated)});
  } else {
    const auto reason = FinishNamed(word);
    out.push_back({0, chat::Finish{reason, word}});
    if (const Value usage = In(delta, "usage"); usage.IsObject()) {
      out.push_back({0, ParseUsage(usage)});
    }
  }
  out.push_back({0, chat::StreamEnd{}});
}

}  // namespace signalbox::cohere
