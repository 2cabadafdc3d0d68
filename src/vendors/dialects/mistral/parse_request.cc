#include "vendors/dialects/mistral/parse_request.h"

#include <utility>

#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/parse_message.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/parse_tools.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/openai_tool_choice.h"

namespace signalbox::mistral {
namespace {

using chat::Request;
using core::Status;
using json::Value;

Status ReadMetadata(const Value& value, Request& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.metadata_stated = true;
  json::ForEachMember(
      value, [&](const Value& key, const Value& member) { wire::Keep(key, member, out.metadata); });
  return {};
}

// Of a tool's object the type may be missing.
Status ReadChoice(const Value& value, Request& out) {
  const auto function = value.IsObject() ? value.Find("function") : std::nullopt;
  const auto name = function ? function->Find("name") : std::nullopt;
  const bool typed = value.IsObject() && value.Find("type");
  const bool plain = name && name->IsString() && function->CountChildren() == 1 &&
                     value.CountChildren() == (typed ? 2U : 1U);
  if (!plain) {
    return wire::ParseOpenAiToolChoice(value, wire::OpenAiNesting::kNested, out.tool_choice);
  }
  out.tool_choice.mode = chat::ToolChoiceMode::kNamed;
  out.tool_choice.names = {*name->AsString()};
  return {};
}

// The system prompt that makes Mistral's models think; other vendors have a switch.
Status ReadPromptMode(const Value& value, Request& out) {
  std::string mode;
  SB_CHECK_OK(wire::ReadText(value, mode));
  if (mode != "reasoning") {
    return wire::Expected("reasoning");
  }
  out.reasoning.enabled = true;
  return {};
}

using R = Request;
using V = const Value&;
constexpr wire::Field<Request> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"messages", [](V v, R& r) { return ParseMessages(v, r.messages); }},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"top_k", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_k); }},
    {"max_tokens", [](V v, R& r) { return wire::ReadInt(v, r.sampling.max_output_tokens); }},
    {"stop", openai_chat::ReadStop},
    {"random_seed", [](V v, R& r) { return wire::ReadInt(v, r.sampling.seed); }},
    {"n", [](V v, R& r) { return wire::ReadInt(v, r.sampling.n); }},
    {"presence_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.presence_penalty); }},
    {"frequency_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.frequency_penalty); }},
    {"repetition_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.repetition_penalty); }},
    {"logprobs", [](V v, R& r) { return wire::ReadBool(v, r.sampling.logprobs); }},
    {"top_logprobs", [](V v, R& r) { return wire::ReadInt(v, r.sampling.top_logprobs); }},
    {"tools", [](V v, R& r) { return openai_chat::ParseTools(v, r.tools); }},
    {"tool_choice", ReadChoice},
    {"parallel_tool_calls", [](V v, R& r) { return wire::ReadBool(v, r.parallel_tool_calls); }},
    {"response_format",
     [](V v, R& r) { return openai_chat::ParseResponseFormat(v, r.response_format); }},
    {"prediction", [](V v, R& r) { return wire::ReadRaw(v, r.output.prediction); }},
    {"reasoning_effort", [](V v, R& r) { return wire::ReadText(v, r.reasoning.effort); }},
    {"prompt_mode", ReadPromptMode, wire::OnFailure::kKeep},
    {"metadata", ReadMetadata},
    {"prompt_cache_key", [](V v, R& r) { return wire::ReadText(v, r.prompt_cache_key); }},
};

// Takes an integer out of the extras, where other vendors have a word for it.
void Adopt(std::string_view key, chat::Extra& extra, std::optional<std::int64_t>& to) {
  std::erase_if(extra, [&](const chat::Member& member) {
    json::Document document;
    if (member.key != key || to || !document.Parse(member.value)) {
      return false;
    }
    to = document.Root().AsInt();
    return to.has_value();
  });
}

}  // namespace

core::Result<Request> ParseRequest(const Value& body) {
  Request request;
  request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, kFields, request, request.extra); !status) {
    return std::unexpected(openai_chat::Named(std::move(status).error()));
  }
  const auto messages = body.Find("messages");
  if (!messages || messages->IsNull()) {
    return std::unexpected(
        openai_chat::Named(wire::UnderMember("messages", wire::Expected("a list").error())));
  }
  return request;
}

core::Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) {
  auto request = openai_chat::TheDialect().ParseEmbeddingsRequest(body);
  if (request) {
    request->dialect = kDialect;
    Adopt("output_dimension", request->extra, request->dimensions);
  }
  return request;
}

}  // namespace signalbox::mistral
