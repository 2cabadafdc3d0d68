#include "vendors/dialects/mistral/parse_message.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/mistral/call_id.h"
#include "vendors/dialects/mistral/parse_part.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::mistral {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Value;

constexpr std::string_view kNoId = "null";  // what Mistral's SDKs put where there is none

// What stands where in a message.
struct Form {
  std::string role;
  std::string name;
  std::string call_id;
  std::vector<Part> content;
  bool listed = false;
  std::vector<Part> calls;
};

Status ReadContent(const Value& value, Form& out) {
  if (!value.IsArray()) {
    return openai_chat::ParseContent(value, out.content, out.listed);
  }
  out.listed = true;
  return wire::ReadList(value, [&](const Value& element) -> Status {
    SB_TRY(Part part, ParsePart(element));
    out.content.push_back(std::move(part));
    return {};
  });
}

Status ReadCalls(const Value& value, Form& out) {
  return wire::ReadList(value, [&](const Value& element) -> Status {
    SB_TRY(Part part, openai_chat::ParseToolCall(element));
    std::erase_if(part.extra, [](const chat::Member& member) { return member.key == "index"; });
    out.calls.push_back(std::move(part));
    return {};
  });
}

constexpr wire::Field<Form> kFields[] = {
    {"role", [](const Value& v, Form& out) { return wire::ReadText(v, out.role); }},
    {"content", ReadContent},
    {"tool_calls", ReadCalls},
    {"tool_call_id", [](const Value& v, Form& out) { return wire::ReadText(v, out.call_id); }},
    {"name", [](const Value& v, Form& out) { return wire::ReadText(v, out.name); }},
};

// Gives ids to calls without one, and to the results that follow them.
class CallIds {
 public:
  void Name(Form& form) {
    waiting_.clear();
    for (Part& part : form.calls) {
      auto* call = std::get_if<chat::ToolCall>(&part.content);
      if (call == nullptr) {
        continue;
      }
      if (call->id.empty() || call->id == kNoId) {
        call->id = CallId(openai_chat::MadeCallId(made_++, call->name));
      }
      waiting_.push_back({call->id, call->name});
    }
  }

  void Find(Form& form) {
    const bool stated = !form.call_id.empty() && form.call_id != kNoId;
    const auto found = std::ranges::find_if(waiting_, [&](const Waiting& call) {
      return stated ? call.id == form.call_id : form.name.empty() || call.name == form.name;
    });
    if (found != waiting_.end()) {
      form.call_id = std::move(found->id);
      waiting_.erase(found);
    }
  }

 private:
  struct Waiting {
    std::string id;
    std::string name;
  };
  std::vector<Waiting> waiting_;
  std::int64_t made_ = 0;
};

void Arrange(Form& form, Message& out) {
  if (out.role == Role::kTool) {
    chat::ToolResult result;
    result.call_id = std::move(form.call_id);
    result.name = std::move(form.name);
    result.parts = std::move(form.content);
    result.listed = form.listed;
    out.parts.push_back({.content = std::move(result)});
    return;
  }
  out.name = std::move(form.name);
  out.listed = form.listed;
  out.parts = std::move(form.content);
  std::ranges::move(form.calls, std::back_inserter(out.parts));
}

Status ParseMessage(const Value& message, CallIds& ids, Message& out) {
  Form form;
  SB_CHECK_OK(wire::ReadObject(message, kFields, form, out.extra));
  const auto role = openai_chat::RoleNamed(form.role);
  if (!role) {
    return std::unexpected(
        wire::UnderMember("role", wire::Expected("one of system, user, assistant, tool").error()));
  }
  out.role = *role;
  if (out.role == Role::kAssistant) {
    ids.Name(form);
  } else if (out.role == Role::kTool) {
    ids.Find(form);
    if (form.call_id.empty()) {
      return std::unexpected(
          wire::UnderMember("tool_call_id", wire::Expected("the id of a tool call").error()));
    }
  }
  Arrange(form, out);
  return {};
}

// Every last word of an assistant is one that the answer goes on with, unless its sender, who knows
// Mistral, says otherwise.
void DropPrefix(Message& message, bool last) {
  const auto is_prefix = [](const chat::Member& member) { return member.key == "prefix"; };
  const auto stated = std::ranges::find_if(message.extra, is_prefix);
  const bool goes_on = stated != message.extra.end() && stated->value == "true";
  const bool calls = std::ranges::any_of(message.parts, [](const Part& part) {
    return std::holds_alternative<chat::ToolCall>(part.content);
  });
  const bool is_end = last && message.role == Role::kAssistant && !calls;
  if (stated != message.extra.end() && (is_end || !goes_on)) {
    message.extra.erase(stated);
  }
  if (is_end && !goes_on) {
    message.extra.push_back({"prefix", "false"});
  }
}

}  // namespace

Status ParseMessages(const Value& messages, std::vector<Message>& out) {
  CallIds ids;
  SB_CHECK_OK(wire::ReadList(messages, [&](const Value& message) {
    return ParseMessage(message, ids, out.emplace_back());
  }));
  for (Message& message : out) {
    DropPrefix(message, &message == &out.back());
  }
  return {};
}

}  // namespace signalbox::mistral
