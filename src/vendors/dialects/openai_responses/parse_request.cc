#include "vendors/dialects/openai_responses/parse_request.h"

#include <iterator>
#include <utility>

#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/parse_input.h"
#include "vendors/dialects/openai_responses/parse_tools.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/openai_tool_choice.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::ReasoningOptions;
using chat::Request;
using core::Status;
using json::Value;

using V = const Value&;

constexpr wire::Field<ReasoningOptions> kReasoningFields[] = {
    {"effort", [](V v, ReasoningOptions& out) { return wire::ReadText(v, out.effort); }},
    {"summary", [](V v, ReasoningOptions& out) { return wire::ReadText(v, out.summary); }},
};

Status ReadReasoning(V value, Request& out) {
  out.reasoning.nested = true;
  return wire::ReadObject(value, kReasoningFields, out.reasoning, out.reasoning.extra);
}

constexpr wire::Field<chat::StreamOptions> kStreamFields[] = {
    {"include_obfuscation",
     [](V v, chat::StreamOptions& out) { return wire::ReadBool(v, out.include_obfuscation); }},
};

Status ReadStreamOptions(V value, Request& out) {
  out.stream_options.stated = true;
  return wire::ReadObject(value, kStreamFields, out.stream_options, out.stream_options.extra);
}

Status ReadMetadata(V value, Request& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.metadata_stated = true;
  json::ForEachMember(value, [&](V key, V member) { wire::Keep(key, member, out.metadata); });
  return {};
}

// It stands before all that is said.
Status ReadInstructions(V value, Request& out) {
  chat::Text text;
  SB_CHECK_OK(wire::ReadText(value, text.text));
  chat::Message message{.role = chat::Role::kSystem};
  message.parts.push_back({.content = std::move(text)});
  out.messages.insert(out.messages.begin(), std::move(message));
  return {};
}

Status ReadInput(V value, Request& out) {
  std::vector<chat::Message> messages;
  SB_CHECK_OK(ParseInput(value, messages));
  if (messages.empty()) {  // OpenAI goes on from what it keeps
    out.extra.push_back({"input", "[]"});
  }
  out.messages.insert(out.messages.end(), std::make_move_iterator(messages.begin()),
                      std::make_move_iterator(messages.end()));
  return {};
}

// Stays as it is; what others have a word for is told them too.
Status ReadInclude(V value, Request& out) {
  std::vector<std::string> wanted;
  SB_CHECK_OK(wire::ReadTextList(value, wanted));
  for (const std::string& what : wanted) {
    if (what == "message.output_text.logprobs") {
      out.sampling.logprobs = true;
    }
  }
  out.extra.push_back({"include", std::string(value.Raw())});
  return {};
}

using R = Request;
constexpr wire::Field<Request> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"input", ReadInput},
    {"instructions", ReadInstructions},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
    {"stream_options", ReadStreamOptions},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"max_output_tokens", [](V v, R& r) { return wire::ReadInt(v, r.sampling.max_output_tokens); }},
    {"top_logprobs", [](V v, R& r) { return wire::ReadInt(v, r.sampling.top_logprobs); }},
    {"tools", [](V v, R& r) { return ParseTools(v, r.tools); }},
    {"tool_choice",
     [](V v, R& r) {
       return wire::ParseOpenAiToolChoice(v, wire::OpenAiNesting::kFlat, r.tool_choice);
     }},
    {"parallel_tool_calls", [](V v, R& r) { return wire::ReadBool(v, r.parallel_tool_calls); }},
    {"text", [](V v, R& r) { return ParseTextOptions(v, r); }},
    {"reasoning", ReadReasoning},
    {"include", ReadInclude},
    {"metadata", ReadMetadata},
    {"user", [](V v, R& r) { return wire::ReadText(v, r.user); }},
    {"safety_identifier", [](V v, R& r) { return wire::ReadText(v, r.safety_identifier); }},
    {"prompt_cache_key", [](V v, R& r) { return wire::ReadText(v, r.prompt_cache_key); }},
    {"service_tier", [](V v, R& r) { return wire::ReadText(v, r.service_tier); }},
    {"store", [](V v, R& r) { return wire::ReadBool(v, r.store); }},
};

// The error with its field in front of the message.
core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message = error.param + ": " + error.message;
  }
  return error;
}

// What is said may also be kept by the vendor.
bool SaysSomething(const Value& body, const Request& request) {
  const auto input = body.Find("input");
  return (input && input->IsArray()) || !request.messages.empty() ||
         wire::FindMember(request.extra, "previous_response_id") ||
         wire::FindMember(request.extra, "conversation") ||
         wire::FindMember(request.extra, "prompt");
}

}  // namespace

core::Result<Request> ParseRequest(const Value& body) {
  Request request;
  request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, kFields, request, request.extra); !status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  if (!SaysSomething(body, request)) {
    return std::unexpected(
        Named(wire::UnderMember("input", wire::Expected("a string or a list of items").error())));
  }
  return request;
}

}  // namespace signalbox::openai_responses
