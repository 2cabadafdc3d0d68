#include "vendors/dialects/mistral/render_message.h"

#include <fmt/format.h>

#include <utility>

#include "vendors/dialects/mistral/call_id.h"
#include "vendors/dialects/mistral/render_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::mistral {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Writer;

// The parts of a message by where Mistral writes them.
struct Places {
  std::vector<const Part*> content;
  std::vector<const Part*> calls;
  std::vector<const Part*> results;
};

bool IsSigned(const Part& part) {
  const auto* thought = std::get_if<chat::Reasoning>(&part.content);
  return thought != nullptr && (!thought->signature.empty() || !thought->redacted.empty());
}

bool IsRawCall(const Part& part) {
  const auto* raw = std::get_if<chat::RawPart>(&part.content);
  return raw != nullptr && raw->call;
}

Places Sort(const Message& message, const std::string& path, std::vector<std::string>& dropped) {
  Places places;
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Part& part = message.parts[i];
    if (IsSigned(part)) {
      dropped.push_back(fmt::format("{}.content[{}]", path, i));
    } else if (std::holds_alternative<chat::ToolCall>(part.content) || IsRawCall(part)) {
      places.calls.push_back(&part);
    } else if (std::holds_alternative<chat::ToolResult>(part.content)) {
      places.results.push_back(&part);
    } else if (!chat::IsSilent(part)) {
      places.content.push_back(&part);
    }
  }
  return places;
}

bool OnlyTexts(const std::vector<const Part*>& content) {
  for (const Part* part : content) {
    if (!std::holds_alternative<chat::Text>(part->content) &&
        !std::holds_alternative<chat::Refusal>(part->content)) {
      return false;
    }
  }
  return true;
}

void RenderContent(const std::vector<const Part*>& content, bool listed, Source source,
                   std::string_view before, Writer& out) {
  if (source == Source::kOwn && content.empty() && !listed) {
    return;
  }
  out.Key("content");
  if (!listed && OnlyTexts(content)) {
    std::string joined(before);
    for (const Part* part : content) {
      joined += TextIn(*part);
    }
    out.String(joined);
    return;
  }
  out.BeginArray();
  if (!before.empty()) {
    out.BeginObject().Key("type").String("text").Key("text").String(before).EndObject();
  }
  for (const Part* part : content) {
    RenderPart(*part, source, out);
  }
  out.EndArray();
}

// Mistral's own clients know what it takes.
std::string IdOf(const std::string& id, const std::string& name, Source source) {
  return source == Source::kOwn && !id.empty() ? id : CallId(id.empty() ? name : id);
}

void RenderCalls(const Places& places, Source source, Writer& out) {
  if (places.calls.empty()) {
    return;
  }
  out.Key("tool_calls").BeginArray();
  for (const Part* part : places.calls) {
    if (const auto* raw = std::get_if<chat::RawPart>(&part->content)) {
      out.Raw(raw->json);
      continue;
    }
    const auto& call = std::get<chat::ToolCall>(part->content);
    out.BeginObject().Key("id").String(IdOf(call.id, call.name, source));
    out.Key("type").String("function").Key("function").BeginObject();
    out.Key("name").String(call.name);
    out.Key("arguments").String(call.arguments.empty() ? "{}" : call.arguments);
    wire::RenderExtra(call.inner_extra, source == Source::kOwn, out);
    out.EndObject();
    RenderKnown(Place::kCall, part->extra, source, out);
    out.EndObject();
  }
  out.EndArray();
}

void RenderResult(const Message& message, const chat::ToolResult& result, Source source,
                  Writer& out) {
  out.BeginObject().Key("role").String("tool");
  out.Key("tool_call_id").String(IdOf(result.call_id, result.name, source));
  wire::RenderText("name", result.name, out);
  std::vector<const Part*> content;
  for (const Part& part : result.parts) {
    content.push_back(&part);
  }
  const std::string failed = result.is_error.value_or(false) ? "Error: " : "";
  if (!result.json.empty()) {
    out.Key("content").String(failed + result.json);
  } else {
    RenderContent(content, result.listed, source, failed, out);
  }
  wire::RenderExtra(message.extra, source == Source::kOwn && message.role == Role::kTool, out);
  out.EndObject();
}

std::string_view RoleName(Role role) {
  return role == Role::kUser ? "user" : role == Role::kAssistant ? "assistant" : "system";
}

Status CheckParts(const std::vector<Part>& parts, Source source, const std::string& path) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* raw = std::get_if<chat::RawPart>(&parts[i].content);
    const std::string at = fmt::format("{}.content[{}]", path, i);
    const bool ours = source == Source::kOwn || (source == Source::kOpenAi && raw != nullptr &&
                                                 !raw->call && IsOwnPart(raw->type));
    if (raw != nullptr && !ours) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        fmt::format("{}: Mistral cannot carry parts of a vendor's own kind", at),
                        at);
    }
    if (const auto* result = std::get_if<chat::ToolResult>(&parts[i].content)) {
      SB_CHECK_OK(CheckParts(result->parts, source, at));
    }
  }
  return {};
}

// Writes turns, and remembers whose was the last one.
class Turns {
 public:
  Turns(Source source, Writer& out) : source_(source), out_(out) {}

  void Render(const Message& message, const Places& places, bool last) {
    for (const Part* part : places.results) {
      RenderResult(message, std::get<chat::ToolResult>(part->content), source_, out_);
      after_result_ = true;
    }
    const bool more = !places.content.empty() || !places.calls.empty();
    if (message.role == Role::kTool || (!places.results.empty() && !more)) {
      return;
    }
    if (std::exchange(after_result_, false) && message.role == Role::kUser &&
        source_ != Source::kOwn) {
      out_.BeginObject().Key("role").String("assistant").Key("content").String("OK").EndObject();
    }
    RenderTurn(message, places, last);
  }

 private:
  void RenderTurn(const Message& message, const Places& places, bool last) {
    out_.BeginObject().Key("role").String(RoleName(message.role));
    RenderContent(places.content, message.listed, source_, {}, out_);
    RenderCalls(places, source_, out_);
    RenderKnown(Place::kMessage, message.extra, source_, out_);
    const bool stated =
        wire::FindMember(message.extra, "prefix") != nullptr && source_ != Source::kForeign;
    if (last && message.role == Role::kAssistant && places.calls.empty() && !stated) {
      out_.Key("prefix").Bool(true);
    }
    out_.EndObject();
  }

  Source source_;
  Writer& out_;
  bool after_result_ = false;
};

}  // namespace

core::Status RenderMessages(const chat::Request& request, Source source, Writer& out,
                            std::vector<std::string>& dropped) {
  Turns turns(source, out);
  out.BeginArray();
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    const std::string path = fmt::format("messages[{}]", i);
    SB_CHECK_OK(CheckParts(message.parts, source, path));
    turns.Render(message, Sort(message, path, dropped), i + 1 == request.messages.size());
  }
  out.EndArray();
  return {};
}

}  // namespace signalbox::mistral
