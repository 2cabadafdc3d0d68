#include "vendors/dialects/cohere/render_message.h"

#include <fmt/format.h>

#include "vendors/dialects/cohere/names.h"
#include "vendors/dialects/cohere/render_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Part;
using chat::Reasoning;
using json::Writer;

const Reasoning* ThoughtIn(const Part& part) {
  return std::get_if<Reasoning>(&part.content);
}

bool HasCalls(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (std::holds_alternative<chat::ToolCall>(part.content)) {
      return true;
    }
  }
  return false;
}

bool IsPlain(const Part& part) {
  return (std::holds_alternative<chat::Text>(part.content) ||
          std::holds_alternative<chat::Refusal>(part.content)) &&
         part.extra.empty();
}

std::string_view TextIn(const Part& part) {
  const auto* refusal = std::get_if<chat::Refusal>(&part.content);
  return refusal != nullptr ? refusal->text : std::get<chat::Text>(part.content).text;
}

// A list when it was one or when one text cannot say it.
void RenderContent(const std::vector<const Part*>& content, bool listed, bool own, Writer& out) {
  if (content.empty() && !listed) {
    return;
  }
  out.Key("content");
  if (!listed && content.size() == 1 && IsPlain(*content.front())) {
    out.String(TextIn(*content.front()));
    return;
  }
  out.BeginArray();
  for (const Part* part : content) {
    RenderPart(*part, own, out);
  }
  out.EndArray();
}

void RenderPlan(const std::vector<Part>& parts, bool own, Writer& out) {
  const bool acts = HasCalls(parts);
  std::string plan;
  for (const Part& part : parts) {
    const Reasoning* thought = ThoughtIn(part);
    const bool unsigned_thought =
        thought != nullptr && thought->signature.empty() && thought->redacted.empty();
    if (unsigned_thought && (own ? thought->field == chat::ReasoningField::kToolPlan : acts)) {
      plan += thought->text;
    }
  }
  wire::RenderText("tool_plan", plan, out);
}

void RenderCalls(const std::vector<Part>& parts, bool own, Writer& out) {
  if (!HasCalls(parts)) {
    return;
  }
  out.Key("tool_calls").BeginArray();
  std::size_t count = 0;
  for (const Part& part : parts) {
    if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
      RenderCall(part, call->id.empty() ? MakeCallId(call->name, count) : call->id, own, out);
      ++count;
    }
  }
  out.EndArray();
}

void RenderCitations(const std::vector<Part>& parts, bool own, Writer& out) {
  bool open = false;
  for (const Part& part : parts) {
    const auto* text = std::get_if<chat::Text>(&part.content);
    for (std::size_t i = 0; text != nullptr && i < text->citations.size(); ++i) {
      if (!open) {
        out.Key("citations").BeginArray();
        open = true;
      }
      RenderCitation(text->citations[i], own, out);
    }
  }
  if (open) {
    out.EndArray();
  }
}

bool IsEmptyText(const Part& part) {
  const auto* text = std::get_if<chat::Text>(&part.content);
  return text != nullptr && text->text.empty();
}

// A message of another dialect that says nothing says it as an empty text, unless it calls.
void RenderParts(const std::vector<Part>& parts, bool listed, bool own, Writer& out) {
  const bool acts = HasCalls(parts);
  std::vector<const Part*> content;
  for (const Part& part : parts) {
    const bool silent = !own && IsEmptyText(part) && (acts || chat::IsSilent(part));
    if (IsContent(part, own) && !silent) {
      content.push_back(&part);
    }
  }
  if (content.empty() && !own && !acts) {
    out.Key("content").String("");
    return;
  }
  RenderContent(content, listed && (own || !content.empty()), own, out);
}

// A document in place of the text says what failed in words of our own.
constexpr std::string_view kFailed = "Error: ";

void RenderResult(const chat::Message& message, const chat::ToolResult& result, bool own,
                  Writer& out, std::vector<const Part*>& pictures) {
  out.BeginObject().Key("role").String("tool");
  wire::RenderText("tool_call_id", result.call_id.empty() ? result.name : result.call_id, out);
  std::vector<const Part*> content;
  for (const Part& part : result.parts) {
    const bool picture = !own && std::holds_alternative<chat::Media>(part.content);
    (picture ? pictures : content).push_back(&part);
  }
  const bool failed = result.is_error.value_or(false);
  if (!result.json.empty() || (failed && content.empty())) {
    out.Key("content").String((failed ? std::string(kFailed) : "") + result.json);
  } else if (failed && IsPlain(*content.front())) {
    Part first{.content = chat::Text{std::string(kFailed).append(TextIn(*content.front())), {}}};
    content.front() = &first;
    RenderContent(content, result.listed, own, out);
  } else {
    RenderContent(content, result.listed || content.empty(), own, out);
  }
  wire::RenderExtra(message.extra, own && message.role == chat::Role::kTool, out);
  out.EndObject();
}

void RenderPictures(const std::vector<const Part*>& pictures, Writer& out) {
  if (!pictures.empty()) {
    out.BeginObject().Key("role").String("user");
    RenderContent(pictures, true, false, out);
    out.EndObject();
  }
}

void RenderTurn(const chat::Message& message, bool own, Writer& out) {
  out.BeginObject().Key("role").String(RoleName(message.role));
  RenderParts(message.parts, message.listed, own, out);
  RenderPlan(message.parts, own, out);
  RenderCalls(message.parts, own, out);
  RenderCitations(message.parts, own, out);
  wire::RenderExtra(message.extra, own, out);
  out.EndObject();
}

// What of a message is left when the tools' results are out.
bool HasTurn(const chat::Message& message) {
  for (const Part& part : message.parts) {
    if (!std::holds_alternative<chat::ToolResult>(part.content)) {
      return true;
    }
  }
  return message.role != chat::Role::kTool && message.parts.empty();
}

// Results go before whatever else their message says, without which they stand.
void RenderResults(const chat::Message& message, bool own, Writer& out,
                   std::vector<const Part*>& pictures) {
  for (const Part& part : message.parts) {
    if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
      RenderResult(message, *result, own, out, pictures);
    }
  }
}

void NameDroppedThoughts(const chat::Message& message, std::size_t index,
                         std::vector<std::string>& dropped) {
  const bool acts = HasCalls(message.parts);
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Reasoning* thought = ThoughtIn(message.parts[i]);
    if (thought != nullptr &&
        (!acts || !thought->signature.empty() || !thought->redacted.empty())) {
      dropped.push_back(fmt::format("messages[{}].content[{}]", index, i));
    }
  }
}

}  // namespace

void RenderMessages(const chat::Request& request, bool own, Writer& out,
                    std::vector<std::string>& dropped) {
  std::vector<const Part*> pictures;
  out.BeginArray();
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const chat::Message& message = request.messages[i];
    RenderResults(message, own, out, pictures);
    const bool more = HasTurn(message);
    const bool results_go_on = !more && i + 1 < request.messages.size() &&
                               request.messages[i + 1].role == chat::Role::kTool;
    if (!results_go_on) {
      RenderPictures(pictures, out);
      pictures.clear();
    }
    if (more) {
      RenderTurn(message, own, out);
    }
    if (!own) {
      NameDroppedThoughts(message, i, dropped);
    }
  }
  out.EndArray();
}

void RenderAnswerMessage(const chat::Choice& choice, bool own, Writer& out) {
  std::vector<const Part*> content;
  for (const Part& part : choice.parts) {
    const Reasoning* thought = ThoughtIn(part);
    const bool plan = thought != nullptr && thought->field == chat::ReasoningField::kToolPlan;
    if (thought != nullptr ? !plan && !thought->text.empty() : IsContent(part, own)) {
      content.push_back(&part);
    }
  }
  std::erase_if(content, [&](const Part* part) {  // what a Cohere client has no word for
    return !own && (std::holds_alternative<chat::Media>(part->content) ||
                    std::holds_alternative<chat::RawPart>(part->content));
  });
  out.BeginObject().Key("role").String("assistant");
  RenderContent(content, choice.listed || !content.empty(), own, out);
  RenderPlan(choice.parts, true, out);
  RenderCalls(choice.parts, own, out);
  RenderCitations(choice.parts, own, out);
  wire::RenderExtra(choice.message_extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::cohere
