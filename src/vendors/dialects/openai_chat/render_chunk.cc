#include "vendors/dialects/openai_chat/chunk.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/render_fields.h"
#include "vendors/dialects/openai_chat/render_part.h"

namespace signalbox::openai_chat {
namespace {

using json::Writer;

void RenderUnknown(const std::vector<const chat::Member*>& members, Writer& out) {
  for (const chat::Member* member : members) {
    out.Key(member->key).Raw(member->value);
  }
}

void RenderCallFragment(const CallFragment& fragment, Writer& out) {
  const bool custom = fragment.start != nullptr && fragment.start->kind == chat::CallKind::kCustom;
  const std::string_view kind = custom ? "custom" : "function";
  out.BeginObject().Key("index").Int(fragment.call);
  if (fragment.start != nullptr) {
    RenderText("id", fragment.start->id, out);
    out.Key("type").String(kind);
  }
  out.Key(kind).BeginObject();
  if (fragment.start != nullptr) {
    RenderText("name", fragment.start->name, out);
  }
  if (fragment.arguments) {
    out.Key(custom ? "input" : "arguments").String(*fragment.arguments);
  }
  out.EndObject();
  if (fragment.start != nullptr) {
    RenderCallSignature(fragment.start->signature, out);
  }
  RenderUnknown(fragment.unknown, out);
  out.EndObject();
}

// Thoughts of a Mistral stream are parts of the content.
void RenderTexts(const ChoiceFragment& choice, Writer& out) {
  const bool as_part = choice.field == chat::ReasoningField::kThinkingPart && !choice.text;
  if (as_part) {
    const chat::Part part{.content = chat::Reasoning{.text = choice.thought.value_or(""),
                                                     .signature = {},
                                                     .redacted = {},
                                                     .id = {},
                                                     .summary = false,
                                                     .field = choice.field}};
    out.Key("content").BeginArray();
    RenderPart(part, true, out);
    out.EndArray();
    return;
  }
  if (choice.text) {
    out.Key("content").String(*choice.text);
  }
  if (choice.thought) {
    const bool short_name = choice.field == chat::ReasoningField::kReasoning;
    out.Key(short_name ? "reasoning" : "reasoning_content").String(*choice.thought);
  }
}

void RenderAudioDelta(const chat::AudioDelta& audio, Writer& out) {
  out.Key("audio").BeginObject();
  RenderText("id", audio.id, out);
  RenderText("data", audio.data, out);
  RenderText("transcript", audio.transcript, out);
  RenderInt("expires_at", audio.expires_at, out);
  out.EndObject();
}

// Whether `key` of the delta is written already; a form of it that was not understood would be a
// second one.
bool Says(const ChoiceFragment& choice, std::string_view key) {
  const bool as_part = choice.field == chat::ReasoningField::kThinkingPart;
  if (key == "content") {
    return choice.text || as_part;
  }
  if (key == "reasoning" || key == "reasoning_content") {
    const bool short_name = choice.field == chat::ReasoningField::kReasoning;
    return choice.thought && short_name == (key == "reasoning");
  }
  return (key == "refusal" && choice.refusal) || (key == "tool_calls" && !choice.calls.empty()) ||
         (key == "annotations" && !choice.citations.empty()) ||
         (key == "audio" && choice.audio != nullptr) || (key == "role" && choice.begins);
}

void RenderDelta(const ChoiceFragment& choice, bool own, Writer& out) {
  out.BeginObject();
  if (choice.begins) {
    out.Key("role").String("assistant");
  }
  RenderTexts(choice, out);
  if (choice.refusal) {
    out.Key("refusal").String(*choice.refusal);
  }
  if (!choice.calls.empty()) {
    out.Key("tool_calls").BeginArray();
    for (const CallFragment& call : choice.calls) {
      RenderCallFragment(call, out);
    }
    out.EndArray();
  }
  if (!choice.citations.empty()) {
    out.Key("annotations").BeginArray();
    for (const chat::Citation* citation : choice.citations) {
      RenderCitation(*citation, own, out);
    }
    out.EndArray();
  }
  if (choice.audio != nullptr) {
    RenderAudioDelta(*choice.audio, out);
  }
  for (const chat::Member* member : choice.delta_unknown) {
    if (!Says(choice, member->key)) {
      out.Key(member->key).Raw(member->value);
    }
  }
  out.EndObject();
}

}  // namespace

void RenderChoices(const Chunk& chunk, bool own, Writer& out) {
  out.BeginArray();
  for (const ChoiceFragment& choice : chunk.choices) {
    out.BeginObject().Key("index").Int(choice.index).Key("delta");
    RenderDelta(choice, own, out);
    if (choice.logprobs != nullptr) {
      out.Key("logprobs").Raw(choice.logprobs->logprobs);
    }
    out.Key("finish_reason");
    choice.finish == nullptr
        ? out.Null()
        : out.String(FinishName(choice.finish->reason, choice.finish->text, own));
    RenderUnknown(choice.unknown, out);
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace signalbox::openai_chat
