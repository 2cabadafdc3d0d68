#include "vendors/dialects/cohere/parse_message.h"

#include <iterator>
#include <utility>

#include "vendors/dialects/cohere/names.h"
#include "vendors/dialects/cohere/parse_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Value;
using V = const Value&;

// What stands where in a message, before it is put in order.
struct Form {
  std::string role;
  std::string call_id;
  std::string plan;
  bool listed = false;
  std::vector<Part> content;
  std::vector<Part> calls;
  std::vector<chat::Citation> citations;
};

Status ReadContent(V value, Form& out) {
  std::vector<Part> parts;
  bool listed = false;
  SB_CHECK_OK(ParseContent(value, parts, listed));
  out.content = std::move(parts);
  out.listed = listed;
  return {};
}

Status ReadCalls(V value, Form& out) {
  std::vector<Part> calls;
  SB_CHECK_OK(wire::ReadList(
      value, [&](V element) { return ParseToolCall(element, calls.emplace_back()); }));
  out.calls = std::move(calls);
  return {};
}

Status ReadCitations(V value, Form& out) {
  std::vector<chat::Citation> citations;
  SB_CHECK_OK(wire::ReadList(
      value, [&](V element) { return ParseCitation(element, citations.emplace_back()); }));
  out.citations = std::move(citations);
  return {};
}

constexpr wire::Field<Form> kFields[] = {
    {"role", [](V v, Form& out) { return wire::ReadText(v, out.role); }, wire::OnFailure::kDrop},
    {"content", ReadContent},
    {"tool_plan", [](V v, Form& out) { return wire::ReadText(v, out.plan); }},
    {"tool_calls", ReadCalls},
    {"tool_call_id", [](V v, Form& out) { return wire::ReadText(v, out.call_id); }},
    {"citations", ReadCitations},
};

// The part of the content that `citation` is for, if it names one.
std::optional<std::size_t> IndexOf(const chat::Citation& citation) {
  const chat::Member* member = wire::FindMember(citation.extra, "content_index");
  std::size_t index = 0;
  if (member == nullptr) {
    return std::nullopt;
  }
  const char* const end = member->value.data() + member->value.size();
  return std::from_chars(member->value.data(), end, index).ptr == end ? std::optional(index)
                                                                      : std::nullopt;
}

// Without a text to stand at, citations get an empty one.
void Cite(Form& form) {
  chat::Text* last = nullptr;
  for (Part& part : form.content) {
    auto* text = std::get_if<chat::Text>(&part.content);
    last = text != nullptr ? text : last;
  }
  for (chat::Citation& citation : form.citations) {
    const auto index = IndexOf(citation);
    chat::Text* named = index && *index < form.content.size()
                            ? std::get_if<chat::Text>(&form.content[*index].content)
                            : nullptr;
    if (named == nullptr && last == nullptr) {
      form.content.push_back({.content = chat::Text{}});
      last = &std::get<chat::Text>(form.content.back().content);
    }
    (named != nullptr ? named : last)->citations.push_back(std::move(citation));
  }
}

void Arrange(Form& form, Message& out) {
  Cite(form);
  out.listed = form.listed;
  out.parts = std::move(form.content);
  if (!form.plan.empty()) {
    chat::Reasoning plan;
    plan.text = std::move(form.plan);
    plan.field = chat::ReasoningField::kToolPlan;
    out.parts.push_back({.content = std::move(plan)});
  }
  out.parts.insert(out.parts.end(), std::make_move_iterator(form.calls.begin()),
                   std::make_move_iterator(form.calls.end()));
}

void ArrangeResult(Form& form, Message& out) {
  chat::ToolResult result;
  result.call_id = std::move(form.call_id);
  result.parts = std::move(form.content);
  result.listed = form.listed;
  out.parts.push_back({.content = std::move(result)});
}

Status CheckRole(const Form& form, std::optional<Role> role) {
  if (!role) {
    return std::unexpected(
        wire::UnderMember("role", wire::Expected("one of system, user, assistant, tool").error()));
  }
  if (*role == Role::kTool && form.call_id.empty()) {
    return std::unexpected(
        wire::UnderMember("tool_call_id", wire::Expected("the id of a tool call").error()));
  }
  return {};
}

}  // namespace

Status ParseMessage(V message, wire::Strictness strictness, Message& out) {
  Form form;
  SB_CHECK_OK(wire::ReadObject(message, kFields, form, out.extra, strictness));
  const auto role = RoleNamed(form.role);
  if (strictness == wire::Strictness::kStrict) {
    SB_CHECK_OK(CheckRole(form, role));
  }
  out.role = role.value_or(Role::kAssistant);
  if (out.role == Role::kTool && strictness == wire::Strictness::kStrict) {
    ArrangeResult(form, out);
  } else {
    Arrange(form, out);
  }
  return {};
}

}  // namespace signalbox::cohere
