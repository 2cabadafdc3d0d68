#include "vendors/dialects/gemini/parse_request.h"

#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/join_thoughts.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/parse_config.h"
#include "vendors/dialects/gemini/parse_part.h"
#include "vendors/dialects/gemini/parse_tools.h"

namespace signalbox::gemini {
namespace {

using chat::Message;
using chat::Request;
using chat::Role;
using core::Result;
using core::Status;
using json::Value;
using wire::Strictness;

// A request in the making: results find the calls that were before them.
struct Reading {
  Request request;
  CallIds ids;
  Message system;
  bool has_system = false;
  bool has_contents = false;
};

struct Content {
  Message message;
  CallIds& ids;
};

Status ReadRole(const Value& value, Content& out) {
  std::string role;
  SB_CHECK_OK(wire::ReadText(value, role));
  if (role == "model") {
    out.message.role = Role::kAssistant;
  } else if (role == "function" || role == "tool") {
    out.message.role = Role::kTool;
  } else if (role != "user" && role != "system" && !role.empty()) {
    return wire::Expected("user or model");
  }
  return {};
}

Status ReadParts(const Value& value, Content& out) {
  return ReadListOrOne(value, [&](const Value& part) {
    return ParsePart(part, Strictness::kStrict, out.ids, out.message.parts.emplace_back());
  });
}

constexpr wire::Field<Content> kContentFields[] = {
    {"role", ReadRole},
    {"parts", ReadParts},
};

Status ParseContent(const Value& value, CallIds& ids, Message& out) {
  Content content{.message = {}, .ids = ids};
  content.message.listed = true;
  SB_CHECK_OK(
      ReadMembers(value, kContentFields, content, content.message.extra, Strictness::kStrict));
  out = std::move(content.message);
  return {};
}

Status ReadContents(const Value& value, Reading& out) {
  out.has_contents = true;
  return ReadListOrOne(value, [&](const Value& content) {
    return ParseContent(content, out.ids, out.request.messages.emplace_back());
  });
}

Status ReadSystem(const Value& value, Reading& out) {
  SB_CHECK_OK(ParseContent(value, out.ids, out.system));
  out.system.role = Role::kSystem;
  out.has_system = true;
  return {};
}

using R = Reading;
using V = const Value&;
constexpr wire::Field<Reading> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.request.model); }},
    {"contents", ReadContents},
    {"systemInstruction", ReadSystem},
    {"tools", [](V v, R& r) { return ParseTools(v, r.request.tools); }},
    {"toolConfig", [](V v, R& r) { return ParseToolConfig(v, r.request); }},
    {"generationConfig", [](V v, R& r) { return ParseConfig(v, r.request); }},
    {"serviceTier", [](V v, R& r) { return wire::ReadText(v, r.request.service_tier); }},
};

// "contents: a list was expected"
core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message.insert(0, error.param + ": ");
  }
  return error;
}

Result<Request> Parse(const Value& body) {
  Reading reading;
  reading.request.dialect = kDialect;
  auto status = ReadMembers(body, kFields, reading, reading.request.extra, Strictness::kStrict);
  if (status && !reading.has_contents) {
    status = std::unexpected(wire::UnderMember("contents", wire::Expected("a list").error()));
  }
  if (!status) {
    return std::unexpected(std::move(status).error());
  }
  JoinThoughts(reading.request.messages);
  if (reading.has_system) {
    reading.request.messages.insert(reading.request.messages.begin(), std::move(reading.system));
  }
  return std::move(reading.request);
}

}  // namespace

Result<Request> ParseRequest(const Value& body) {
  auto request = Parse(body);
  return request ? std::move(request) : std::unexpected(Named(std::move(request).error()));
}

Result<Request> ParseCountRequest(const Value& body) {
  const auto inner = Find(body, "generateContentRequest");
  if (!inner) {
    return ParseRequest(body);
  }
  auto request = Parse(*inner);
  return request ? std::move(request)
                 : std::unexpected(Named(
                       wire::UnderMember("generateContentRequest", std::move(request).error())));
}

}  // namespace signalbox::gemini
