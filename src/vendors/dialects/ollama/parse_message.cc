#include "vendors/dialects/ollama/parse_message.h"

#include <optional>
#include <string>
#include <utility>

#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/ollama/media.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::ollama {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Value;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"system", Role::kSystem},       {"developer", Role::kDeveloper}, {"user", Role::kUser},
    {"assistant", Role::kAssistant}, {"tool", Role::kTool},
};

// What stands where in a message, before it is put in order.
struct Form {
  std::optional<Role> role;
  std::string content;
  std::string thinking;
  std::vector<Part> images;
  std::vector<Part> calls;
  std::string tool_name;
  std::string call_id;
};

Status ReadRole(const Value& value, Form& out) {
  std::string scratch;
  const auto word = value.AsText(scratch);
  for (const auto& [name, role] : kRoles) {
    if (word == name) {
      out.role = role;
    }
  }
  return out.role ? Status{} : wire::Expected("system, user, assistant or tool");
}

// The older word for tool_name; beside that it stays unknown.
Status ReadName(const Value& value, Form& out) {
  if (out.role != Role::kTool || !out.tool_name.empty()) {
    return wire::Expected("one name of the tool");
  }
  return wire::ReadText(value, out.tool_name);
}

constexpr wire::Field<Form> kFields[] = {
    {"role", ReadRole},
    {"content", [](const Value& v, Form& out) { return wire::ReadText(v, out.content); }},
    {"thinking", [](const Value& v, Form& out) { return wire::ReadText(v, out.thinking); }},
    {"images", [](const Value& v, Form& out) { return ReadImages(v, out.images); }},
    {"tool_calls", [](const Value& v, Form& out) { return ReadCalls(v, out.calls); }},
    {"tool_name", [](const Value& v, Form& out) { return wire::ReadText(v, out.tool_name); }},
    {"tool_call_id", [](const Value& v, Form& out) { return wire::ReadText(v, out.call_id); }},
    {"name", ReadName, wire::OnFailure::kKeep},
};

void Append(std::vector<Part>&& parts, std::vector<Part>& out) {
  out.insert(out.end(), std::make_move_iterator(parts.begin()),
             std::make_move_iterator(parts.end()));
}

// Which calls of the conversation so far have no result yet.
class Pending {
 public:
  void Take(const std::vector<Part>& calls) {
    calls_.clear();
    for (const Part& part : calls) {
      const auto& call = std::get<chat::ToolCall>(part.content);
      calls_.emplace_back(call.id, call.name);
    }
  }

  // The id of the call that a result of `name` answers; empty when there is none.
  std::string Answer(std::string_view name) {
    auto found = calls_.begin();
    while (found != calls_.end() && found->second != name) {
      ++found;
    }
    found = found == calls_.end() ? calls_.begin() : found;
    if (found == calls_.end()) {
      return {};
    }
    std::string id = std::move(found->first);
    calls_.erase(found);
    return id;
  }
  void Forget(std::string_view id) {
    std::erase_if(calls_, [&](const auto& call) { return call.first == id; });
  }

 private:
  std::vector<std::pair<std::string, std::string>> calls_;  // id, name
};

void ArrangeResult(Form& form, std::size_t place, Pending& pending, Message& out) {
  chat::ToolResult result;
  result.name = std::move(form.tool_name);
  if (form.call_id.empty()) {
    result.call_id = pending.Answer(result.name);
  } else {
    pending.Forget(form.call_id);
    result.call_id = std::move(form.call_id);
  }
  if (result.call_id.empty()) {
    result.call_id = MakeId(std::to_string(place), 0, result.name);
  }
  result.parts.push_back({.content = chat::Text{std::move(form.content), {}}});
  Append(std::move(form.images), result.parts);
  out.parts.push_back({.content = std::move(result)});
}

void Arrange(Form& form, std::size_t place, Pending& pending, Message& out) {
  if (!form.thinking.empty()) {
    chat::Reasoning thought;
    thought.text = std::move(form.thinking);
    out.parts.push_back({.content = std::move(thought)});
  }
  if (!form.content.empty()) {
    out.parts.push_back({.content = chat::Text{std::move(form.content), {}}});
  }
  Append(std::move(form.images), out.parts);
  for (std::size_t i = 0; i < form.calls.size(); ++i) {
    auto& call = std::get<chat::ToolCall>(form.calls[i].content);
    if (call.id.empty()) {
      call.id = MakeId(std::to_string(place), i, call.name);
    }
  }
  pending.Take(form.calls);
  Append(std::move(form.calls), out.parts);
  if (out.parts.empty()) {
    out.parts.push_back({.content = chat::Text{}});
  }
}

Status ReadMessage(const Value& value, std::size_t place, Pending& pending, Message& out) {
  Form form;
  if (const auto role = value.Find("role"); role && !role->IsNull()) {
    (void)ReadRole(*role, form);  // before "name", wherever it stands; errors come below
  }
  SB_CHECK_OK(wire::ReadObject(value, kFields, form, out.extra));
  if (!form.role) {
    return std::unexpected(
        wire::UnderMember("role", wire::Expected("system, user, assistant or tool").error()));
  }
  out.role = *form.role;
  if (out.role == Role::kTool) {
    ArrangeResult(form, place, pending, out);
  } else {
    Arrange(form, place, pending, out);
  }
  return {};
}

}  // namespace

Status ReadMessages(const Value& value, std::vector<Message>& out) {
  Pending pending;
  return wire::ReadList(value, [&](const Value& element) {
    const std::size_t place = out.size();
    return ReadMessage(element, place, pending, out.emplace_back());
  });
}

Status ReadImages(const Value& value, std::vector<Part>& out) {
  return wire::ReadList(value, [&](const Value& element) -> Status {
    std::string text;
    SB_CHECK_OK(wire::ReadText(element, text));
    out.push_back(ImageOf(std::move(text)));
    return {};
  });
}

}  // namespace signalbox::ollama
