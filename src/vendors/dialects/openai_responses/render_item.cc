#include "vendors/dialects/openai_responses/render_item.h"

#include <variant>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/seal.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::Part;
using chat::Reasoning;
using json::Writer;

bool IsSpoken(const Part& part) {
  return std::holds_alternative<chat::Text>(part.content) ||
         std::holds_alternative<chat::Refusal>(part.content);
}

void RenderHead(const Part& last, std::string_view type, std::string_view id, bool own,
                Writer& out) {
  out.BeginObject();
  if (own && !last.item.empty()) {
    RenderMembers(last.item, out);
    return;
  }
  out.Key("id").String(id).Key("type").String(type);
}

void RenderMessage(std::span<const Part> parts, std::string_view id, bool own, Writer& out) {
  const Part& last = parts.back();
  RenderHead(last, "message", id, own, out);
  if (!own || last.item.empty()) {
    out.Key("status").String("completed").Key("role").String("assistant");
  }
  out.Key("content");
  RenderContents(parts, true, Side::kOutput, own, out);
  out.EndObject();
}

// What OpenAI shows of a thought is a summary, and many clients look for nothing else; the thoughts
// of other vendors are shown as one. Only servers that speak this dialect send whole ones.
bool IsSummary(const Reasoning& thought, bool own) {
  return thought.summary || !own;
}

// Those that are a summary, or those that are none.
void RenderThoughts(std::span<const Part> parts, bool summary, bool own, Writer& out) {
  out.BeginArray();
  for (const Part& part : parts) {
    const auto& thought = std::get<Reasoning>(part.content);
    const bool says = !thought.text.empty() || (own && parts.size() > 1);
    if (IsSummary(thought, own) == summary && says) {
      out.BeginObject().Key("type").String(summary ? "summary_text" : "reasoning_text");
      out.Key("text").String(thought.text).EndObject();
    }
  }
  out.EndArray();
}

bool HasTexts(std::span<const Part> parts, bool own) {
  for (const Part& part : parts) {
    const auto& thought = std::get<Reasoning>(part.content);
    if (!IsSummary(thought, own) && (!thought.text.empty() || (own && parts.size() > 1))) {
      return true;
    }
  }
  return false;
}

void RenderReasoning(std::span<const Part> parts, std::string_view id, bool own, Writer& out) {
  const Part& last = parts.back();
  const auto& thought = std::get<Reasoning>(last.content);
  RenderHead(last, "reasoning", id, own, out);
  out.Key("summary");
  RenderThoughts(parts, true, own, out);
  if (HasTexts(parts, own)) {
    out.Key("content");
    RenderThoughts(parts, false, own, out);
  }
  const bool ours = own && !last.item.empty();
  wire::RenderText("encrypted_content", ours ? thought.redacted : Sealed(thought), out);
  out.EndObject();
}

void RenderCall(const Part& part, std::string_view id, bool own, Writer& out) {
  const auto& call = std::get<chat::ToolCall>(part.content);
  const bool custom = call.kind == chat::CallKind::kCustom;
  const bool ours = own && !part.item.empty();
  RenderHead(part, custom ? "custom_tool_call" : "function_call", id, own, out);
  if (!ours) {
    out.Key("status").String("completed");
  }
  out.Key("call_id").String(call.id.empty() ? id : std::string_view(call.id));
  out.Key("name").String(call.name);
  const bool silent = call.arguments.empty() && !custom && !ours;
  out.Key(custom ? "input" : "arguments").String(silent ? "{}" : call.arguments);
  RenderCallSignature(call.signature, out);
  out.EndObject();
}

// A picture that a model made.
bool RenderPicture(const chat::Media& media, std::string_view id, Writer& out) {
  if (media.kind != chat::MediaKind::kImage || media.data.empty()) {
    return false;
  }
  out.BeginObject().Key("id").String(id).Key("type").String("image_generation_call");
  out.Key("status").String("completed").Key("result").String(media.data).EndObject();
  return true;
}

}  // namespace

std::size_t ItemLength(std::span<const Part> parts) {
  const Part& first = parts.front();
  const auto* thought = std::get_if<Reasoning>(&first.content);
  if (!IsSpoken(first) && thought == nullptr) {
    return 1;
  }
  std::size_t length = 1;
  while (parts[length - 1].item.empty() && length < parts.size()) {
    const Part& next = parts[length];
    const auto* other = std::get_if<Reasoning>(&next.content);
    const bool same = thought != nullptr
                          ? other != nullptr && other->id == thought->id && !thought->id.empty()
                          : IsSpoken(next);
    if (!same) {
      break;
    }
    ++length;
  }
  return length;
}

bool RenderOutputItem(std::span<const Part> parts, std::string_view id, bool own, Writer& out) {
  const Part& first = parts.front();
  if (IsSpoken(first)) {
    RenderMessage(parts, id, own, out);
    return true;
  }
  if (std::holds_alternative<Reasoning>(first.content)) {
    RenderReasoning(parts, id, own, out);
    return true;
  }
  if (std::holds_alternative<chat::ToolCall>(first.content)) {
    RenderCall(first, id, own, out);
    return true;
  }
  if (const auto* media = std::get_if<chat::Media>(&first.content)) {
    return RenderPicture(*media, id, out);
  }
  if (const auto* raw = std::get_if<chat::RawPart>(&first.content); raw != nullptr && own) {
    out.Raw(raw->json);
    return true;
  }
  return false;
}

std::string MakeId(const Part& part, std::string_view answer_id, std::int64_t index) {
  std::string_view prefix = "item_";
  if (IsSpoken(part)) {
    prefix = "msg_";
  } else if (std::holds_alternative<Reasoning>(part.content)) {
    prefix = "rs_";
  } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    prefix = call->kind == chat::CallKind::kCustom ? "ctc_" : "fc_";
  } else if (std::holds_alternative<chat::Media>(part.content)) {
    prefix = "ig_";
  }
  return std::string(prefix).append(answer_id).append("_").append(std::to_string(index));
}

}  // namespace signalbox::openai_responses
