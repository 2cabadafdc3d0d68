#include "vendors/dialects/openai_chat/parse_message.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/details.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_part.h"

namespace signalbox::openai_chat {
namespace {

using chat::Message;
using chat::Part;
using chat::ReasoningField;
using chat::Role;
using core::Status;
using json::Value;

// What stands where in a message, before it is put in order.
struct Form {
  std::string role;
  std::string name;
  std::string call_id;
  bool listed = false;
  std::optional<chat::Reasoning> reasoning;
  std::vector<Detail> details;
  std::vector<Part> content;
  std::optional<chat::Refusal> refusal;
  std::optional<Part> audio;
  std::vector<Part> images;
  std::string signature;  // of the text
  std::vector<chat::Citation> citations;
  std::vector<Part> calls;
  std::optional<chat::CacheMarker> cache;
};

// The first of the two spellings is the thought; a second one stays unknown.
template <ReasoningField kField>
Status ReadReasoning(const Value& value, Form& out) {
  if (out.reasoning) {
    return wire::Expected("one form of reasoning");
  }
  chat::Reasoning reasoning;
  SB_CHECK_OK(wire::ReadText(value, reasoning.text));
  reasoning.field = kField;
  out.reasoning = std::move(reasoning);
  return {};
}

Status ReadCalls(const Value& value, Form& out) {
  std::vector<Part> calls;
  SB_CHECK_OK(wire::ReadList(value, [&](const Value& element) -> Status {
    SB_TRY(Part part, ParseToolCall(element));
    calls.push_back(std::move(part));
    return {};
  }));
  out.calls = std::move(calls);
  return {};
}

Status ReadContent(const Value& value, Form& out) {
  std::vector<Part> parts;
  SB_CHECK_OK(ParseContent(value, parts, out.listed));
  out.content = std::move(parts);
  return {};
}

// All of them are known, or they stay as they are.
Status ReadAnnotations(const Value& value, Form& out) {
  std::vector<chat::Citation> citations;
  SB_CHECK_OK(wire::ReadList(value, [&](const Value& element) {
    return ParseCitation(element, citations.emplace_back());
  }));
  if (citations.empty()) {
    return wire::Expected("an annotation");
  }
  out.citations = std::move(citations);
  return {};
}

Status ReadDetails(const Value& value, Form& out) {
  out.details = ParseDetails(value);
  return out.details.empty() ? wire::Expected("thoughts") : Status{};
}

// Pictures that a model made, in OpenRouter's place for them.
Status ReadImages(const Value& value, Form& out) {
  std::vector<Part> images;
  SB_CHECK_OK(wire::ReadList(value, [&](const Value& element) -> Status {
    SB_TRY(Part part, ParsePart(element));
    const auto* media = std::get_if<chat::Media>(&part.content);
    if (media == nullptr || media->kind != chat::MediaKind::kImage) {
      return wire::Expected("an image");
    }
    images.push_back(std::move(part));
    return {};
  }));
  if (images.empty()) {
    return wire::Expected("an image");
  }
  out.images = std::move(images);
  return {};
}

Status ReadSignature(const Value& value, Form& out) {
  return ParseCallSignature(value, out.signature);
}

Status ReadRefusal(const Value& value, Form& out) {
  SB_CHECK_OK(wire::ReadText(value, out.refusal.emplace().text));
  return {};
}

Status ReadAudio(const Value& value, Form& out) {
  Part part;
  SB_CHECK_OK(ParseSpokenAudio(value, part));
  const auto& spoken = std::get<chat::Media>(part.content);
  if (spoken.file_id.empty() && spoken.data.empty() && spoken.transcript.empty()) {
    return wire::Expected("an audio answer");
  }
  out.audio = std::move(part);
  return {};
}

constexpr wire::Field<Form> kFields[] = {
    {"role", [](const Value& v, Form& out) { return wire::ReadText(v, out.role); },
     wire::OnFailure::kDrop},
    {"content", ReadContent, wire::OnFailure::kDrop},
    {"tool_calls", ReadCalls},
    {"tool_call_id", [](const Value& v, Form& out) { return wire::ReadText(v, out.call_id); }},
    {"name", [](const Value& v, Form& out) { return wire::ReadText(v, out.name); }},
    {"refusal", ReadRefusal, wire::OnFailure::kDrop},
    {"reasoning_content", ReadReasoning<ReasoningField::kReasoningContent>, wire::OnFailure::kKeep},
    {"reasoning", ReadReasoning<ReasoningField::kReasoning>, wire::OnFailure::kKeep},
    {kDetails, ReadDetails, wire::OnFailure::kKeep},
    {"annotations", ReadAnnotations, wire::OnFailure::kKeep},
    {"images", ReadImages, wire::OnFailure::kKeep},
    {"extra_content", ReadSignature, wire::OnFailure::kKeep},
    {"audio", ReadAudio, wire::OnFailure::kKeep},
    {"cache_control", [](const Value& v, Form& out) { return wire::ReadCache(v, out.cache); },
     wire::OnFailure::kKeep},
};

void MoveAll(std::vector<Part>& from, std::vector<Part>& to) {
  if (to.empty()) {
    to.swap(from);
    return;
  }
  for (Part& part : from) {
    to.push_back(std::move(part));
  }
}

// Citations and a signature belong to the last text; without a text they have an empty one.
void MarkText(Form& form) {
  if (form.citations.empty() && form.signature.empty()) {
    return;
  }
  const auto is_text = [](const Part& part) {
    return std::holds_alternative<chat::Text>(part.content);
  };
  auto last = std::find_if(form.content.rbegin(), form.content.rend(), is_text);
  Part& part = last == form.content.rend() ? form.content.emplace_back() : *last;
  auto& text = std::get<chat::Text>(part.content);
  text.citations = std::move(form.citations);
  text.signature = std::move(form.signature);
}

// Thoughts with what their makers want back, and the same thoughts as a text: one of each. A text
// that is another stays unknown.
void ArrangeThoughts(Form& form, Message& out) {
  std::string text;
  for (const Detail& detail : form.details) {
    text += detail.thought.text;
  }
  std::vector<chat::Reasoning> thoughts = JoinDetails(std::move(form.details));
  const bool twice = form.reasoning && !thoughts.empty() && !text.empty();
  if (twice && form.reasoning->text == text) {
    for (chat::Reasoning& thought : thoughts) {
      thought.field = form.reasoning->field;
    }
  } else if (twice) {
    const bool short_name = form.reasoning->field == ReasoningField::kReasoning;
    std::string quoted;
    json::AppendQuoted(quoted, form.reasoning->text);
    out.extra.push_back({short_name ? "reasoning" : "reasoning_content", std::move(quoted)});
  } else if (form.reasoning) {
    out.parts.push_back({.content = *std::move(form.reasoning)});
  }
  for (chat::Reasoning& thought : thoughts) {
    out.parts.push_back({.content = std::move(thought)});
  }
}

// Beside a list of parts, which may hold refusals of its own, it stays where it stood.
void ArrangeRefusal(Form& form, Message& out) {
  if (form.refusal && form.listed) {
    std::string quoted;
    json::AppendQuoted(quoted, form.refusal->text);
    out.extra.push_back({"refusal", std::move(quoted)});
  } else if (form.refusal) {
    out.parts.push_back({.content = *std::move(form.refusal)});
  }
}

void Arrange(Form& form, Message& out) {
  MarkText(form);
  out.name = std::move(form.name);
  out.listed = form.listed;
  ArrangeThoughts(form, out);
  MoveAll(form.content, out.parts);
  ArrangeRefusal(form, out);
  if (form.audio) {
    out.parts.push_back(*std::move(form.audio));
  }
  MoveAll(form.images, out.parts);
  MoveAll(form.calls, out.parts);
}

// The tool's answer is a part of its own, so that other dialects can put it elsewhere.
void ArrangeResult(Form& form, Message& out) {
  chat::ToolResult result;
  result.call_id = std::move(form.call_id);
  result.name = std::move(form.name);
  result.parts = std::move(form.content);
  result.listed = form.listed;
  out.parts.push_back({.content = std::move(result)});
}

Status CheckRole(const Form& form, std::optional<Role> role) {
  if (!role) {
    return std::unexpected(wire::UnderMember(
        "role", wire::Expected("one of system, developer, user, assistant, tool").error()));
  }
  if (form.role == "function" && form.name.empty()) {
    return std::unexpected(
        wire::UnderMember("name", wire::Expected("the name of a function").error()));
  }
  return {};
}

}  // namespace

Status ParseMessage(const Value& message, wire::Strictness strictness, Message& out) {
  Form form;
  SB_CHECK_OK(wire::ReadObject(message, kFields, form, out.extra, strictness));
  const auto role = RoleNamed(form.role);
  if (strictness == wire::Strictness::kStrict) {
    SB_CHECK_OK(CheckRole(form, role));
  }
  out.role = role.value_or(Role::kAssistant);
  out.cache = std::move(form.cache);
  if (out.role == Role::kTool) {
    ArrangeResult(form, out);
  } else {
    Arrange(form, out);
    if (!form.call_id.empty()) {
      std::string quoted;
      json::AppendQuoted(quoted, form.call_id);
      out.extra.push_back({"tool_call_id", std::move(quoted)});
    }
  }
  return {};
}

}  // namespace signalbox::openai_chat
