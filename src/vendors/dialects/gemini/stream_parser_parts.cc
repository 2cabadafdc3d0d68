// The parts of a streamed candidate.
#include <utility>

#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/gemini/stream_parser.h"

namespace signalbox::gemini {

using chat::EventBatch;
using json::Value;
using wire::Strictness;

void StreamParser::ParseParts(const Value& parts, Choice& choice, EventBatch& out) {
  json::ForEachElement(parts, [&](const Value& part) {
    if (!part.IsObject()) {
      return;
    }
    const auto call = part.Find("functionCall");
    if (call && call->IsObject()) {
      ParseCall(part, *call, choice, out);
    } else if (!ParseTextPart(part, choice, out)) {
      ParseOtherPart(part, choice, out);
    }
  });
}

// The usual part, without a detour; false when it is none.
bool StreamParser::ParseTextPart(const Value& part, Choice& choice, EventBatch& out) {
  std::string text;
  std::string signature;
  bool thought = false;
  bool usual = part.FirstChild().has_value();
  json::ForEachMember(part, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(scratch_);
    if (name == "text" && value.IsString()) {
      text = *value.AsString();
    } else if (name == "thoughtSignature" && value.IsString()) {
      signature = *value.AsString();
    } else if (name == "thought" && value.AsBool()) {
      thought = *value.AsBool();
    } else {
      usual = false;
    }
  });
  if (!usual) {
    return false;
  }
  const bool signed_part = !signature.empty();
  if (thought) {
    chat::ReasoningDelta delta;
    delta.text = std::move(text);
    delta.signature = std::move(signature);
    delta.format = signed_part ? kFormat : "";
    delta.summary = true;
    out.push_back({choice.index, std::move(delta)});
  } else {
    out.push_back({choice.index, chat::TextDelta{std::move(text), std::move(signature)}});
  }
  if (signed_part) {
    out.push_back({choice.index, chat::PartEnd{}});
  }
  return true;
}

void StreamParser::ParseOtherPart(const Value& value, Choice& choice, EventBatch& out) {
  chat::Part part;
  (void)ParsePart(value, Strictness::kLenient, ids_, part);
  if (auto* text = std::get_if<chat::Text>(&part.content)) {
    out.push_back(
        {choice.index, chat::TextDelta{std::move(text->text), std::move(text->signature)}});
    out.push_back({choice.index, chat::PartEnd{{}, std::move(part.extra)}});
  } else if (auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    chat::ReasoningDelta delta;
    delta.text = std::move(thought->text);
    delta.signature = std::move(thought->signature);
    delta.format = std::move(thought->format);
    delta.summary = true;
    out.push_back({choice.index, std::move(delta)});
    out.push_back({choice.index, chat::PartEnd{{}, std::move(part.extra)}});
  } else {
    out.push_back({choice.index, chat::WholePart{std::move(part)}});
  }
}

// A call comes whole, or its name first and its arguments in pieces: until a piece says nothing of
// going on, another call begins, or the choice is finished.
void StreamParser::ParseCall(const Value& part, const Value& call, Choice& choice,
                             EventBatch& out) {
  RawCall raw;
  (void)ParseRawCall(call, Strictness::kLenient, raw);
  const bool goes_on = raw.will_continue.value_or(false);
  if (!raw.name.empty() || !choice.has_open_call) {
    CloseCall(choice, out);
    if (raw.name.empty()) {
      return;  // the end of a call that has ended
    }
    chat::ToolCallStart start;
    start.call = choice.calls++;
    start.id = ids_.ForCall(std::move(raw.id), raw.name);
    start.name = std::move(raw.name);
    chat::Part shell;
    CallIds none;
    (void)ParsePart(part, Strictness::kLenient, none, shell);
    if (const auto* told = std::get_if<chat::ToolCall>(&shell.content)) {
      start.signature = told->signature;
    }
    start.extra = std::move(shell.extra);
    for (chat::Member& member : raw.extra) {
      start.extra.push_back({std::string(kCallPrefix) + member.key, std::move(member.value)});
    }
    out.push_back({choice.index, std::move(start)});
    choice.has_open_call = true;
  }
  if (const auto partial = call.Find("partialArgs")) {
    choice.open_args.Take(*partial);
  }
  if (!raw.args.empty() && !goes_on) {
    out.push_back({choice.index, chat::ToolCallArguments{choice.calls - 1, std::move(raw.args)}});
    out.push_back({choice.index, chat::ToolCallEnd{choice.calls - 1, {}}});
    choice.has_open_call = false;
    choice.open_args = {};
  } else if (!goes_on) {
    CloseCall(choice, out);
  }
}

void StreamParser::CloseCall(Choice& choice, EventBatch& out) {
  if (!choice.has_open_call) {
    return;
  }
  out.push_back({choice.index, chat::ToolCallArguments{choice.calls - 1, choice.open_args.Text()}});
  out.push_back({choice.index, chat::ToolCallEnd{choice.calls - 1, {}}});
  choice.has_open_call = false;
  choice.open_args = {};
}

}  // namespace signalbox::gemini
