#include "vendors/dialects/openai_chat/parse_delta.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_chat/fields.h"
#include "vendors/dialects/openai_chat/parse_part.h"

namespace signalbox::openai_chat {
namespace {

using chat::EventBatch;
using chat::Level;
using chat::ReasoningField;
using json::Value;

// Where the events of one delta go.
struct Sink {
  std::int64_t choice;
  CallTracker& calls;
  EventBatch& out;
  bool reasoned = false;

  template <typename What>
  void Emit(What what) {
    out.push_back({choice, std::move(what)});
  }
};

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

// Mistral streams thoughts, and text beside them, as a list of parts. All of it or nothing.
bool EmitParts(const Value& list, Sink& sink) {
  EventBatch events;
  const auto status = ReadList(list, [&](const Value& element) -> core::Status {
    SB_TRY(chat::Part part, ParsePart(element));
    if (auto* text = std::get_if<chat::Text>(&part.content)) {
      events.push_back({sink.choice, chat::TextDelta{std::move(text->text)}});
    } else if (auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
      events.push_back(
          {sink.choice,
           chat::ReasoningDelta{std::move(thought->text), {}, {}, ReasoningField::kThinkingPart}});
    } else {
      return Expected("text or thinking");
    }
    return part.extra.empty() && !part.cache ? core::Status{} : Expected("nothing else");
  });
  // Two kinds in one frame would lose their order.
  if (!status || events.size() > 1) {
    return false;
  }
  sink.out.insert(sink.out.end(), std::make_move_iterator(events.begin()),
                  std::make_move_iterator(events.end()));
  return true;
}

bool EmitContent(const Value& value, Sink& sink) {
  auto text = value.AsString();
  if (!text) {
    return value.IsArray() && EmitParts(value, sink);
  }
  sink.Emit(chat::TextDelta{*std::move(text)});
  return true;
}

bool EmitReasoning(const Value& value, ReasoningField field, Sink& sink) {
  auto text = value.AsString();
  if (!text || std::exchange(sink.reasoned, true)) {
    return false;
  }
  sink.Emit(chat::ReasoningDelta{*std::move(text), {}, {}, field});
  return true;
}

bool EmitCitations(const Value& value, Sink& sink) {
  std::vector<chat::Citation> citations;
  const auto status = ReadList(value, [&](const Value& element) {
    return ParseCitation(element, citations.emplace_back());
  });
  if (!status || citations.empty()) {
    return false;
  }
  for (chat::Citation& citation : citations) {
    sink.Emit(chat::CitationDelta{std::move(citation)});
  }
  return true;
}

bool EmitAudio(const Value& value, Sink& sink) {
  if (!value.IsObject()) {
    return false;
  }
  const auto expires = value.Find("expires_at");
  sink.Emit(chat::AudioDelta{TextIn(value, "id"), TextIn(value, "data"),
                             TextIn(value, "transcript"),
                             expires ? expires->AsInt() : std::nullopt});
  return true;
}

bool IsCallMember(std::string_view name) {
  return name == "index" || name == "id" || name == "type" || name == "function" ||
         name == "custom";
}

void EmitCall(const Value& fragment, Sink& sink) {
  const auto custom = fragment.Find("custom");
  const auto function = custom ? custom : fragment.Find("function");
  const auto index = fragment.Find("index");
  chat::ToolCallStart start;
  start.id = TextIn(fragment, "id");
  start.name = function ? TextIn(*function, "name") : "";
  start.kind = custom ? chat::CallKind::kCustom : chat::CallKind::kFunction;
  const auto place = sink.calls.Find(index ? index->AsInt() : std::nullopt, start.id, start.name);
  const auto signature = fragment.Find("extra_content");
  const bool signed_call =
      signature && place.begins && ParseCallSignature(*signature, start.signature).has_value();
  if (place.ended) {
    sink.Emit(chat::ToolCallEnd{*place.ended});
  }
  if (place.begins) {
    start.call = place.call;
    sink.Emit(std::move(start));
  }
  const auto text = function ? function->Find(custom ? "input" : "arguments") : std::nullopt;
  if (text && !text->IsNull()) {
    sink.Emit(chat::ToolCallArguments{
        place.call, text->IsString() ? *text->AsString() : std::string(text->Raw())});
  }
  json::ForEachMember(fragment, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (!IsCallMember(name) && !(signed_call && name == "extra_content")) {
      KeepMember(Level::kToolCall, sink.choice, place.call, key, value, sink.out);
    }
  });
}

bool EmitCalls(const Value& value, Sink& sink) {
  if (!value.IsArray()) {
    return false;
  }
  json::ForEachElement(value, [&](const Value& fragment) {
    if (fragment.IsObject()) {
      EmitCall(fragment, sink);
    }
  });
  return value.FirstChild().has_value();
}

bool EmitRefusal(const Value& value, Sink& sink) {
  auto text = value.AsString();
  if (!text) {
    return false;
  }
  sink.Emit(chat::RefusalDelta{*std::move(text)});
  return true;
}

// False: not understood.
bool EmitMember(std::string_view name, const Value& value, Sink& sink) {
  if (name == "content") {
    return EmitContent(value, sink);
  }
  if (name == "role") {
    sink.Emit(chat::ChoiceStart{});
    return true;
  }
  if (name == "tool_calls") {
    return EmitCalls(value, sink);
  }
  if (name == "reasoning_content") {
    return EmitReasoning(value, ReasoningField::kReasoningContent, sink);
  }
  if (name == "reasoning") {
    return EmitReasoning(value, ReasoningField::kReasoning, sink);
  }
  if (name == "refusal") {
    return EmitRefusal(value, sink);
  }
  if (name == "annotations") {
    return EmitCitations(value, sink);
  }
  return name == "audio" && EmitAudio(value, sink);
}

constexpr std::string_view kOurs[] = {"content",   "role",    "tool_calls",  "reasoning_content",
                                      "reasoning", "refusal", "annotations", "audio"};

bool IsOurs(std::string_view name) {
  return std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs);
}

}  // namespace

void ParseDelta(const Value& delta, std::int64_t choice, CallTracker& calls, EventBatch& out) {
  Sink sink{choice, calls, out};
  json::ForEachMember(delta, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (value.IsNull() && IsOurs(name)) {
      return;
    }
    if (!EmitMember(name, value, sink)) {
      KeepMember(Level::kDelta, choice, 0, key, value, out);
    }
  });
}

void KeepMember(Level level, std::int64_t choice, std::int64_t call, const Value& key,
                const Value& value, EventBatch& out) {
  out.push_back(
      {choice, chat::UnknownMember{level, call, {*key.AsString(), std::string(value.Raw())}}});
}

}  // namespace signalbox::openai_chat
