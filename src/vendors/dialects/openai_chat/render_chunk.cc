#include "vendors/dialects/openai_chat/chunk.h"
#include "vendors/dialects/openai_chat/details.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/render_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using json::Writer;

void RenderUnknown(const std::vector<const chat::Member*>& members, Writer& out) {
  for (const chat::Member* member : members) {
    out.Key(member->key).Raw(member->value);
  }
}

// A call begins with arguments, if only empty ones: clients append to them.
void RenderCallFragment(const CallFragment& fragment, bool own, Writer& out) {
  const std::string_view kind = fragment.custom ? "custom" : "function";
  out.BeginObject().Key("index").Int(fragment.call);
  if (fragment.start != nullptr) {
    const chat::ToolCallStart& start = *fragment.start;
    wire::RenderText("id", start.id.empty() && !own ? MadeCallId(start.call, start.name) : start.id,
                     out);
    out.Key("type").String(kind);
  }
  out.Key(kind).BeginObject();
  if (fragment.start != nullptr) {
    wire::RenderText("name", fragment.start->name, out);
  }
  if (fragment.arguments || fragment.start != nullptr) {
    out.Key(fragment.custom ? "input" : "arguments").String(fragment.arguments.value_or(""));
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

// As they came, or made.
void RenderDetails(const ChoiceFragment& choice, Writer& out) {
  if (choice.details.empty()) {
    return;
  }
  out.Key(kDetails).BeginArray();
  for (const DetailFragment& detail : choice.details) {
    if (detail.delta->detail.empty()) {
      RenderDetail(*detail.delta, detail.index, out);
    } else {
      out.Raw(detail.delta->detail);
    }
  }
  out.EndArray();
}

// OpenAI's clients put the lists of deltas together by `index`; what came in this dialect has its
// own or none.
std::optional<std::int64_t> NumberOf(std::int64_t index, bool own) {
  return own ? std::nullopt : std::optional(index);
}

void RenderImages(const ChoiceFragment& choice, bool own, Writer& out) {
  if (choice.images.empty()) {
    return;
  }
  std::int64_t index = choice.images_before;
  out.Key("images").BeginArray();
  for (const chat::Part* image : choice.images) {
    RenderPart(*image, own, out, NumberOf(index++, own));
  }
  out.EndArray();
}

void RenderCitations(const ChoiceFragment& choice, bool own, Writer& out) {
  if (choice.citations.empty()) {
    return;
  }
  std::int64_t index = choice.citations_before;
  out.Key("annotations").BeginArray();
  for (const chat::Citation* citation : choice.citations) {
    RenderCitation(*citation, own, out, NumberOf(index++, own));
  }
  out.EndArray();
}

void RenderAudioDelta(const chat::AudioDelta& audio, Writer& out) {
  out.Key("audio").BeginObject();
  wire::RenderText("id", audio.id, out);
  wire::RenderText("data", audio.data, out);
  wire::RenderText("transcript", audio.transcript, out);
  wire::RenderInt("expires_at", audio.expires_at, out);
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
         (key == kDetails && !choice.details.empty()) ||
         (key == "images" && !choice.images.empty()) ||
         (key == "extra_content" && !choice.signature.empty()) ||
         (key == "audio" && choice.audio != nullptr) || (key == "role" && choice.begins);
}

void RenderDelta(const ChoiceFragment& choice, bool own, Writer& out) {
  out.BeginObject();
  if (choice.begins) {
    out.Key("role").String("assistant");
  }
  RenderTexts(choice, out);
  RenderCallSignature(choice.signature, out);
  RenderDetails(choice, out);
  if (choice.refusal) {
    out.Key("refusal").String(*choice.refusal);
  }
  if (!choice.calls.empty()) {
    out.Key("tool_calls").BeginArray();
    for (const CallFragment& call : choice.calls) {
      RenderCallFragment(call, own, out);
    }
    out.EndArray();
  }
  RenderCitations(choice, own, out);
  RenderImages(choice, own, out);
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
