#include "vendors/dialects/openai_chat/parse_delta.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_chat/details.h"
#include "vendors/dialects/openai_chat/parse_part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::EventBatch;
using chat::Level;
using chat::ReasoningField;
using json::Value;

// Where the events of one delta go.
struct Sink {
  std::int64_t choice;
  DeltaState& state;
  EventBatch& out;
  std::size_t begin = out.size();  // of the events of this delta
  bool reasoned = false;

  template <typename What>
  void Emit(What what) {
    out.push_back({choice, std::move(what)});
  }
  // The thoughts of this delta so far.
  std::vector<chat::ReasoningDelta*> Thoughts() const {
    std::vector<chat::ReasoningDelta*> thoughts;
    for (std::size_t i = begin; i < out.size(); ++i) {
      if (auto* thought = std::get_if<chat::ReasoningDelta>(&out[i].what)) {
        thoughts.push_back(thought);
      }
    }
    return thoughts;
  }
  bool SaysInDetail(std::string_view text) const {
    std::string said;
    for (const chat::ReasoningDelta* thought : Thoughts()) {
      said += thought->text;
    }
    return !said.empty() && said == text;
  }
};

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

// Mistral streams thoughts, and text beside them, as a list of parts. All of it or nothing.
bool EmitParts(const Value& list, Sink& sink) {
  EventBatch events;
  const auto status = wire::ReadList(list, [&](const Value& element) -> core::Status {
    SB_TRY(chat::Part part, ParsePart(element));
    if (auto* text = std::get_if<chat::Text>(&part.content)) {
      events.push_back({sink.choice, chat::TextDelta{std::move(text->text)}});
    } else if (auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
      events.push_back(
          {sink.choice,
           chat::ReasoningDelta{std::move(thought->text), {}, {}, ReasoningField::kThinkingPart}});
    } else {
      return wire::Expected("text or thinking");
    }
    return part.extra.empty() && !part.cache ? core::Status{} : wire::Expected("nothing else");
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
  if (sink.SaysInDetail(*text)) {  // the same again, as a text
    for (chat::ReasoningDelta* thought : sink.Thoughts()) {
      thought->field = field;
    }
    return true;
  }
  sink.Emit(chat::ReasoningDelta{*std::move(text), {}, {}, field});
  return true;
}

// Pieces of thoughts with what their makers want back. The same as a text, before or after them,
// is no thought of its own; when it says something else, it counts and they stay unknown.
bool EmitDetails(const Value& value, Sink& sink) {
  std::vector<Detail> details = ParseDetails(value);
  std::string text;
  for (const Detail& detail : details) {
    text += detail.thought.text;
  }
  const auto said = sink.Thoughts();
  const bool same = !said.empty() && said.front()->text == text;
  if (details.empty() || (!said.empty() && !same && !text.empty())) {
    return false;
  }
  const ReasoningField field = same ? said.front()->field : ReasoningField::kUnstated;
  if (same) {
    std::erase_if(sink.out, [&](const chat::Event& event) {
      const auto* thought = std::get_if<chat::ReasoningDelta>(&event.what);
      return event.choice == sink.choice && thought != nullptr && thought->field == field &&
             thought->detail.empty();
    });
  }
  for (Detail& detail : details) {
    std::optional<Detail>& last = sink.state.thought;
    if (last && !GoesOn(*last, detail)) {
      sink.Emit(chat::PartEnd{});
    }
    chat::Reasoning& thought = detail.thought;
    chat::ReasoningDelta delta{thought.text, thought.signature, thought.redacted, field,
                               thought.id,   thought.summary,   thought.format,   thought.detail};
    thought.text.clear();
    thought.detail.clear();
    last = std::move(detail);
    sink.Emit(std::move(delta));
  }
  return true;
}

bool EmitImages(const Value& value, Sink& sink) {
  EventBatch events;
  const auto status = wire::ReadList(value, [&](const Value& element) -> core::Status {
    SB_TRY(chat::Part part, ParsePart(element));
    if (!std::holds_alternative<chat::Media>(part.content)) {
      return wire::Expected("an image");
    }
    events.push_back({sink.choice, chat::WholePart{std::move(part)}});
    return {};
  });
  if (!status || events.empty()) {
    return false;
  }
  sink.out.insert(sink.out.end(), std::make_move_iterator(events.begin()),
                  std::make_move_iterator(events.end()));
  return true;
}

bool EmitSignature(const Value& value, Sink& sink) {
  chat::TextDelta delta;
  if (!ParseCallSignature(value, delta.signature)) {
    return false;
  }
  sink.Emit(std::move(delta));
  return true;
}

bool EmitCitations(const Value& value, Sink& sink) {
  std::vector<chat::Citation> citations;
  const auto status = wire::ReadList(value, [&](const Value& element) {
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
  const auto place =
      sink.state.calls.Find(index ? index->AsInt() : std::nullopt, start.id, start.name);
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
  if (name == kDetails) {
    return EmitDetails(value, sink);
  }
  if (name == "images") {
    return EmitImages(value, sink);
  }
  if (name == "extra_content") {
    return EmitSignature(value, sink);
  }
  return name == "audio" && EmitAudio(value, sink);
}

constexpr std::string_view kOurs[] = {"content",   "role",    "tool_calls",   "reasoning_content",
                                      "reasoning", "refusal", "annotations",  "audio",
                                      kDetails,    "images",  "extra_content"};

bool IsOurs(std::string_view name) {
  return std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs);
}

}  // namespace

void ParseDelta(const Value& delta, std::int64_t choice, DeltaState& state, EventBatch& out) {
  Sink sink{choice, state, out};
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
