#include "vendors/dialects/bedrock/parse_request.h"

#include <utility>

#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/parse_block.h"

namespace signalbox::bedrock {
namespace {

using chat::Message;
using chat::Request;
using core::Result;
using core::Status;
using json::Value;
using wire::OnFailure;
using V = const Value&;

Status ReadContent(const Value& value, Message& out) {
  out.listed = true;
  return ReadBlocks(value, wire::Strictness::kStrict, out.parts);
}

Status ReadRole(const Value& value, Message& out) {
  const auto role = value.AsString();
  if (role != "user" && role != "assistant") {
    return wire::Expected("user or assistant");
  }
  out.role = role == "user" ? chat::Role::kUser : chat::Role::kAssistant;
  return {};
}

constexpr wire::Field<Message> kMessageFields[] = {
    {"role", ReadRole},
    {"content", ReadContent},
};

Status ReadMessages(const Value& value, Request& out) {
  return wire::ReadList(value, [&](const Value& element) -> Status {
    Message& message = out.messages.emplace_back();
    SB_CHECK_OK(wire::ReadObject(element, kMessageFields, message, message.extra));
    if (!element.Find("role")) {
      return std::unexpected(
          wire::UnderMember("role", wire::Expected("user or assistant").error()));
    }
    return {};
  });
}

// All system blocks are one message, in front of the others wherever the member stands.
Status ReadSystem(const Value& value, Request& out) {
  Message system{.role = chat::Role::kSystem};
  SB_CHECK_OK(ReadContent(value, system));
  if (!system.parts.empty()) {
    out.messages.insert(out.messages.begin(), std::move(system));
  }
  return {};
}

constexpr wire::Field<Request> kFields[] = {
    {"messages", ReadMessages},
    {"system", ReadSystem},
    {kInference, ReadInference},
    {kToolConfig, ReadToolConfig},
    {kAdditional, ReadAdditional},
    {"requestMetadata", ReadMetadata, OnFailure::kKeep},
    {"serviceTier", [](V v, Request& out) { return ReadServiceTier(v, out.service_tier); },
     OnFailure::kKeep},
    {"outputConfig", ReadOutputConfig, OnFailure::kKeep},
};

// The message says where, too.
core::Error WithPath(core::Error error) {
  if (!error.param.empty()) {
    error.message.insert(0, error.param + ": ");
  }
  return error;
}

Status ReadConverse(const Value& value, Request& out) {
  return wire::ReadObject(value, kFields, out, out.extra);
}

// A prompt in the model's own form: a part that no other dialect can say.
Status ReadInvokeModel(const Value& value, Request& out) {
  Message& message = out.messages.emplace_back();
  message.listed = true;
  message.parts.push_back(
      {.content = chat::RawPart{std::string(kInvokeModel), std::string(value.Raw())}});
  return {};
}

constexpr wire::Field<Request> kInputFields[] = {
    {"converse", ReadConverse},
    {kInvokeModel, ReadInvokeModel},
};

constexpr wire::Field<Request> kCountFields[] = {
    {"input", [](V v, Request& out) { return wire::ReadObject(v, kInputFields, out, out.extra); }},
};

template <std::size_t N>
Result<Request> Read(const Value& body, const wire::Field<Request> (&fields)[N]) {
  Request request;
  request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, fields, request, request.extra); !status) {
    return std::unexpected(WithPath(std::move(status).error()));
  }
  return request;
}

}  // namespace

void KeepUnder(std::string_view place, chat::Extra members, Request& out) {
  for (chat::Member& member : members) {
    member.key.insert(0, std::string(place) + ".");
    out.extra.push_back(std::move(member));
  }
}

Result<Request> ParseRequest(const Value& body) {
  return Read(body, kFields);
}

Result<Request> ParseCountRequest(const Value& body) {
  SB_TRY(Request request, Read(body, kCountFields));
  if (!body.Find("input")) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "input: an object was expected", "input");
  }
  return request;
}

}  // namespace signalbox::bedrock
