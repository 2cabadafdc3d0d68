#include "vendors/dialects/openai_chat/parse_message.h"

#include <optional>
#include <utility>

#include "base/json/writer.h"
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
  std::vector<Part> content;
  std::optional<chat::Refusal> refusal;
  std::optional<Part> audio;
  std::vector<chat::Citation> citations;
  std::vector<Part> calls;
  std::optional<chat::CacheMarker> cache;
};

// The first of the two spellings is the thought; a second one stays unknown.
template <ReasoningField kField>
Status ReadReasoning(const Value& value, Form& out) {
  if (out.reasoning) {
    return Expected("one form of reasoning");
  }
  chat::Reasoning reasoning;
  SB_CHECK_OK(ReadText(value, reasoning.text));
  reasoning.field = kField;
  out.reasoning = std::move(reasoning);
  return {};
}

Status ReadCalls(const Value& value, Form& out) {
  std::vector<Part> calls;
  SB_CHECK_OK(ReadList(value, [&](const Value& element) -> Status {
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
  SB_CHECK_OK(ReadList(value, [&](const Value& element) {
    return ParseCitation(element, citations.emplace_back());
  }));
  if (citations.empty()) {
    return Expected("an annotation");
  }
  out.citations = std::move(citations);
  return {};
}

Status ReadRefusal(const Value& value, Form& out) {
  SB_CHECK_OK(ReadText(value, out.refusal.emplace().text));
  return {};
}

Status ReadAudio(const Value& value, Form& out) {
  Part part;
  SB_CHECK_OK(ParseSpokenAudio(value, part));
  const auto& spoken = std::get<chat::Media>(part.content);
  if (spoken.file_id.empty() && spoken.data.empty() && spoken.transcript.empty()) {
    return Expected("an audio answer");
  }
  out.audio = std::move(part);
  return {};
}

constexpr Field<Form> kFields[] = {
    {"role", [](const Value& v, Form& out) { return ReadText(v, out.role); }, OnFailure::kDrop},
    {"content", ReadContent, OnFailure::kDrop},
    {"tool_calls", ReadCalls},
    {"tool_call_id", [](const Value& v, Form& out) { return ReadText(v, out.call_id); }},
    {"name", [](const Value& v, Form& out) { return ReadText(v, out.name); }},
    {"refusal", ReadRefusal, OnFailure::kDrop},
    {"reasoning_content", ReadReasoning<ReasoningField::kReasoningContent>, OnFailure::kKeep},
    {"reasoning", ReadReasoning<ReasoningField::kReasoning>, OnFailure::kKeep},
    {"annotations", ReadAnnotations, OnFailure::kKeep},
    {"audio", ReadAudio, OnFailure::kKeep},
    {"cache_control", [](const Value& v, Form& out) { return ReadCache(v, out.cache); },
     OnFailure::kKeep},
};

void MoveAll(std::vector<Part>& from, std::vector<Part>& to) {
  for (Part& part : from) {
    to.push_back(std::move(part));
  }
}

// Citations belong to the last text; without a text there is nothing they could support.
void Cite(Form& form) {
  for (auto part = form.content.rbegin(); part != form.content.rend(); ++part) {
    if (auto* text = std::get_if<chat::Text>(&part->content)) {
      text->citations = std::move(form.citations);
      return;
    }
  }
  if (!form.citations.empty()) {
    form.content.push_back({.content = chat::Text{{}, std::move(form.citations)}});
  }
}

void Arrange(Form& form, Message& out) {
  Cite(form);
  out.name = std::move(form.name);
  out.listed = form.listed;
  if (form.reasoning) {
    out.parts.push_back({.content = *std::move(form.reasoning)});
  }
  MoveAll(form.content, out.parts);
  if (form.refusal) {
    out.parts.push_back({.content = *std::move(form.refusal)});
  }
  if (form.audio) {
    out.parts.push_back(*std::move(form.audio));
  }
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
  const bool is_result = form.role == "tool";
  if (!role) {
    return std::unexpected(
        UnderMember("role", Expected("one of system, developer, user, assistant, tool").error()));
  }
  if (is_result && form.call_id.empty()) {
    return std::unexpected(UnderMember("tool_call_id", Expected("the id of a tool call").error()));
  }
  if (form.role == "function" && form.name.empty()) {
    return std::unexpected(UnderMember("name", Expected("the name of a function").error()));
  }
  return {};
}

}  // namespace

Status ParseMessage(const Value& message, Strictness strictness, Message& out) {
  Form form;
  SB_CHECK_OK(ReadObject(message, kFields, form, out.extra, strictness));
  const auto role = RoleNamed(form.role);
  if (strictness == Strictness::kStrict) {
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
