#include "vendors/dialects/ollama/parse_request.h"

#include <utility>

#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/parse_message.h"
#include "vendors/dialects/ollama/parse_options.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::ollama {
namespace {

using chat::Part;
using chat::Request;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

// Members that both forms have.
constexpr wire::Field<Request> kCommonFields[] = {
    {"model", [](V v, Request& r) { return wire::ReadText(v, r.model); }},
    {"stream", [](V v, Request& r) { return wire::ReadBool(v, r.stream); }},
    {"format", [](V v, Request& r) { return ReadFormat(v, r.response_format); }},
    {"options", ReadOptions},
    {"think", [](V v, Request& r) { return ReadThink(v, r.reasoning); }},
    {"logprobs", [](V v, Request& r) { return wire::ReadBool(v, r.sampling.logprobs); }},
    {"top_logprobs", [](V v, Request& r) { return wire::ReadInt(v, r.sampling.top_logprobs); }},
};

constexpr wire::Field<Request> kChatFields[] = {
    {"messages", [](V v, Request& r) { return ReadMessages(v, r.messages); }},
    {"tools", [](V v, Request& r) { return ReadTools(v, r.tools); }},
};

// What a generate request has in place of messages.
struct Prompt {
  std::string system;
  std::string text;
  std::vector<Part> parts;  // pictures, suffix, context
};

Part Raw(std::string_view type, V value) {
  return {.content = chat::RawPart{std::string(type), std::string(value.Raw())}};
}

Status ReadSuffix(V value, Prompt& out) {
  std::string text;
  SB_CHECK_OK(wire::ReadText(value, text));
  if (!text.empty()) {
    out.parts.push_back(Raw(kSuffix, value));
  }
  return {};
}

Status ReadContext(V value, Prompt& out) {
  std::vector<std::int64_t> tokens;
  SB_CHECK_OK(wire::ReadTokenIds(value, tokens));
  if (!tokens.empty()) {
    out.parts.push_back(Raw(kContext, value));
  }
  return {};
}

constexpr wire::Field<Prompt> kPromptFields[] = {
    {"prompt", [](V v, Prompt& p) { return wire::ReadText(v, p.text); }},
    {"system", [](V v, Prompt& p) { return wire::ReadText(v, p.system); }},
    {"images", [](V v, Prompt& p) { return ReadImages(v, p.parts); }},
    {kSuffix, ReadSuffix},
    {kContext, ReadContext},
};

template <typename T, std::size_t N>
bool Knows(const wire::Field<T> (&fields)[N], std::string_view name) {
  for (const wire::Field<T>& field : fields) {
    if (field.name == name) {
      return true;
    }
  }
  return false;
}

// The members of `body`: those of one form into `special`, the others into `request`.
template <typename T, std::size_t N>
Status ReadBody(V body, const wire::Field<T> (&fields)[N], T& special, Request& request) {
  if (!body.IsObject()) {
    return wire::Expected("an object");
  }
  std::string scratch;
  for (auto key = body.FirstChild(); key;) {
    const auto value = key->NextIn(body);
    if (Knows(fields, *key->AsText(scratch))) {
      SB_CHECK_OK(wire::ReadMember(*key, *value, fields, special, request.extra,
                                   wire::Strictness::kStrict));
    } else {
      SB_CHECK_OK(wire::ReadMember(*key, *value, kCommonFields, request, request.extra,
                                   wire::Strictness::kStrict));
    }
    key = value->NextIn(body);
  }
  return {};
}

// The error with its field in front of the message.
core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message = error.param + ": " + error.message;
  }
  return error;
}

Request NewRequest() {
  Request request;
  request.dialect = kDialect;
  return request;
}

void PutPrompt(Prompt&& prompt, Request& out) {
  if (!prompt.system.empty()) {
    chat::Message& message = out.messages.emplace_back();
    message.role = chat::Role::kSystem;
    message.parts.push_back({.content = chat::Text{std::move(prompt.system), {}}});
  }
  chat::Message& message = out.messages.emplace_back();
  message.parts.push_back({.content = chat::Text{std::move(prompt.text), {}}});
  for (Part& part : prompt.parts) {
    message.parts.push_back(std::move(part));
  }
}

}  // namespace

Result<Request> ParseChat(V body) {
  Request request = NewRequest();
  auto status = ReadBody(body, kChatFields, request, request);
  const auto messages = body.Find("messages");
  if (status && (!messages || messages->IsNull())) {
    status = std::unexpected(wire::UnderMember("messages", wire::Expected("a list").error()));
  }
  if (!status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  request.stream = request.stream.value_or(true);
  return request;
}

Result<Request> ParseGenerate(V body) {
  Request request = NewRequest();
  Prompt prompt;
  if (auto status = ReadBody(body, kPromptFields, prompt, request); !status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  PutPrompt(std::move(prompt), request);
  request.stream = request.stream.value_or(true);
  return request;
}

}  // namespace signalbox::ollama
