#include "vendors/dialects/cohere/parse_request.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/parse_message.h"
#include "vendors/dialects/cohere/parse_part.h"
#include "vendors/dialects/cohere/parse_tools.h"

namespace signalbox::cohere {
namespace {

using chat::ReasoningOptions;
using chat::Request;
using core::Status;
using json::Value;
using V = const Value&;

// A request with what cannot be put into its place before the rest is known.
struct Form {
  Request request;
  std::optional<bool> strict_tools;
  std::optional<Value> documents;
};

constexpr wire::Field<ReasoningOptions> kThinkingFields[] = {
    {"type",
     [](V v, ReasoningOptions& out) -> Status {
       const auto type = v.AsString();
       if (type != "enabled" && type != "disabled") {
         return wire::Expected("enabled or disabled");
       }
       out.enabled = type == "enabled";
       return {};
     }},
    {"token_budget", [](V v, ReasoningOptions& out) { return wire::ReadInt(v, out.budget); }},
};

Status ReadThinking(V value, Form& out) {
  ReasoningOptions& reasoning = out.request.reasoning;
  return wire::ReadObject(value, kThinkingFields, reasoning, reasoning.extra);
}

Status ReadMessages(V value, Form& out) {
  return wire::ReadList(value, [&](V message) {
    return ParseMessage(message, wire::Strictness::kStrict, out.request.messages.emplace_back());
  });
}

Status ReadStop(V value, Form& out) {
  out.request.sampling.stop_listed = true;
  return wire::ReadTextList(value, out.request.sampling.stop);
}

Status ReadDocuments(V value, Form& out) {
  if (!value.IsArray()) {
    return wire::Expected("a list");
  }
  out.documents = value;
  return {};
}

using F = Form;
constexpr wire::Field<Form> kFields[] = {
    {"model", [](V v, F& f) { return wire::ReadText(v, f.request.model); }},
    {"messages", ReadMessages},
    {"stream", [](V v, F& f) { return wire::ReadBool(v, f.request.stream); }},
    {"tools", [](V v, F& f) { return ParseTools(v, f.request.tools); }},
    {"tool_choice", [](V v, F& f) { return ParseToolChoice(v, f.request.tool_choice); }},
    {"strict_tools", [](V v, F& f) { return wire::ReadBool(v, f.strict_tools); }},
    {"documents", ReadDocuments},
    {"response_format",
     [](V v, F& f) { return ParseResponseFormat(v, f.request.response_format); }},
    {"thinking", ReadThinking},
    {"max_tokens",
     [](V v, F& f) { return wire::ReadInt(v, f.request.sampling.max_output_tokens); }},
    {"stop_sequences", ReadStop},
    {"temperature", [](V v, F& f) { return wire::ReadNumber(v, f.request.sampling.temperature); }},
    {"seed", [](V v, F& f) { return wire::ReadInt(v, f.request.sampling.seed); }},
    {"frequency_penalty",
     [](V v, F& f) { return wire::ReadNumber(v, f.request.sampling.frequency_penalty); }},
    {"presence_penalty",
     [](V v, F& f) { return wire::ReadNumber(v, f.request.sampling.presence_penalty); }},
    {"k", [](V v, F& f) { return wire::ReadNumber(v, f.request.sampling.top_k); }},
    {"p", [](V v, F& f) { return wire::ReadNumber(v, f.request.sampling.top_p); }},
    {"logprobs", [](V v, F& f) { return wire::ReadBool(v, f.request.sampling.logprobs); }},
};

// "Document 1 (id):" and what it says, each with an empty line after it.
std::string Spell(V documents) {
  std::string text;
  std::size_t number = 0;
  json::ForEachElement(documents, [&](V document) {
    const auto id = document.Find("id");
    text += "Document " + std::to_string(++number);
    if (id && id->IsString()) {
      text += " (" + *id->AsString() + ")";
    }
    text += ":\n" + TextOfDocument(document) + "\n\n";
  });
  return text;
}

// Without a user message nobody but Cohere can be shown the documents.
void PlaceDocuments(V documents, Request& out) {
  chat::Member raw{std::string(kDocuments), std::string(documents.Raw())};
  const auto last = std::find_if(out.messages.rbegin(), out.messages.rend(),
                                 [](const auto& m) { return m.role == chat::Role::kUser; });
  if (last == out.messages.rend()) {
    out.extra.push_back(std::move(raw));
    return;
  }
  chat::Part part{.content = chat::Text{Spell(documents), {}}};
  part.extra.push_back(std::move(raw));
  last->parts.insert(last->parts.begin(), std::move(part));
}

void PlaceStrictTools(bool strict, Request& out) {
  if (out.tools.empty()) {
    out.extra.push_back({"strict_tools", strict ? "true" : "false"});
  }
  for (chat::Tool& tool : out.tools) {
    tool.strict = strict;
  }
}

}  // namespace

core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message = error.param + ": " + error.message;
  }
  return error;
}

core::Result<Request> ParseRequest(V body) {
  Form form;
  form.request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, kFields, form, form.request.extra); !status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  const auto messages = body.Find("messages");
  if (!messages || messages->IsNull()) {
    return std::unexpected(Named(wire::UnderMember("messages", wire::Expected("a list").error())));
  }
  if (form.strict_tools) {
    PlaceStrictTools(*form.strict_tools, form.request);
  }
  if (form.documents) {
    PlaceDocuments(*form.documents, form.request);
  }
  return std::move(form.request);
}

}  // namespace signalbox::cohere
