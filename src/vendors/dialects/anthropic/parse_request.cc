#include "vendors/dialects/anthropic/parse_request.h"

#include <string>
#include <utility>

#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/anthropic/parse_options.h"
#include "vendors/dialects/anthropic/parse_tools.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Message;
using chat::Request;
using chat::Role;
using core::Status;
using json::Value;

using R = Request;
using V = const Value&;

Status ReadRole(V v, Message& message) {
  std::string scratch;
  const auto word = v.AsText(scratch);
  if (word == "user") {
    message.role = Role::kUser;
  } else if (word == "assistant") {
    message.role = Role::kAssistant;
  } else if (word == "system") {
    message.role = Role::kSystem;  // between turns; the first one has a field of its own
  } else {
    return wire::Expected("one of user, assistant");
  }
  return {};
}

constexpr wire::Field<Message> kMessageFields[] = {
    {"role", ReadRole},
    {"content",
     [](V v, Message& m) { return ParseContent(v, wire::Strictness::kStrict, m.parts, m.listed); }},
};

Status ReadMessage(V value, Message& out) {
  SB_CHECK_OK(wire::ReadObject(value, kMessageFields, out, out.extra));
  for (const std::string_view needed : {"role", "content"}) {
    const auto member = value.Find(needed);
    if (!member || member->IsNull()) {
      return std::unexpected(wire::UnderMember(needed, wire::Expected("a value").error()));
    }
  }
  return {};
}

// Behind the system prompt, wherever that stands in the body.
Status ReadMessages(V v, R& r) {
  if (v.IsArray()) {
    r.messages.reserve(r.messages.size() + v.CountChildren() + 1);  // and the system prompt
  }
  return wire::ReadList(v,
                        [&](V message) { return ReadMessage(message, r.messages.emplace_back()); });
}

Status ReadSystem(V v, R& r) {
  Message message;
  message.role = Role::kSystem;
  SB_CHECK_OK(ParseContent(v, wire::Strictness::kStrict, message.parts, message.listed));
  if (!message.parts.empty()) {
    r.messages.insert(r.messages.begin(), std::move(message));
  }
  return {};
}

Status ReadMetadata(V v, R& r) {
  if (!v.IsObject()) {
    return wire::Expected("an object");
  }
  r.metadata_stated = true;
  json::ForEachMember(v, [&](V key, V member) {
    if (key.AsString() == "user_id" && member.IsString()) {
      r.user = *member.AsString();
    } else if (key.AsString() != "user_id" || !member.IsNull()) {
      wire::Keep(key, member, r.metadata);
    }
  });
  return {};
}

Status ReadStop(V v, R& r) {
  r.sampling.stop_listed = true;
  return wire::ReadTextList(v, r.sampling.stop);
}

Status ReadMaxTokens(V v, R& r) {
  r.sampling.max_tokens_field = chat::MaxTokensField::kMaxTokens;
  return wire::ReadInt(v, r.sampling.max_output_tokens);
}

constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"messages", ReadMessages},
    {"system", ReadSystem},
    {"max_tokens", ReadMaxTokens},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"top_k", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_k); }},
    {"stop_sequences", ReadStop},
    {"tools", [](V v, R& r) { return ParseTools(v, r.tools); }},
    {"tool_choice", [](V v, R& r) { return ParseToolChoice(v, r); }},
    {"thinking", [](V v, R& r) { return ParseThinking(v, r.reasoning); }, wire::OnFailure::kKeep},
    {"output_config", ParseOutputConfig},
    {"output_format", ParseOutputFormat},
    {"metadata", ReadMetadata},
    {"service_tier", [](V v, R& r) { return wire::ReadText(v, r.service_tier); }},
};

}  // namespace

core::Result<Request> ParseRequest(const Value& body) {
  core::Result<Request> request{std::in_place};
  request->dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, *request, request->extra);
  if (status) {
    const auto messages = body.Find("messages");
    if (!messages || messages->IsNull()) {
      status = std::unexpected(wire::UnderMember("messages", wire::Expected("a list").error()));
    }
  }
  if (!status) {
    core::Error error = std::move(status).error();
    if (!error.param.empty()) {
      error.message = error.param + ": " + error.message;
    }
    return std::unexpected(std::move(error));
  }
  return request;
}

}  // namespace signalbox::anthropic
