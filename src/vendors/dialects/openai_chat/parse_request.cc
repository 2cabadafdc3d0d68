#include "vendors/dialects/openai_chat/parse_request.h"

#include <utility>

#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/parse_message.h"
#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/parse_tools.h"
#include "vendors/dialects/openai_chat/result_ids.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/openai_tool_choice.h"

namespace signalbox::openai_chat {
namespace {

using chat::MaxTokensField;
using chat::ReasoningOptions;
using chat::Request;
using core::Status;
using json::Value;

constexpr wire::Field<ReasoningOptions> kReasoningFields[] = {
    {"effort", [](const Value& v, ReasoningOptions& out) { return wire::ReadText(v, out.effort); }},
    {"max_tokens",
     [](const Value& v, ReasoningOptions& out) { return wire::ReadInt(v, out.budget); }},
    {"enabled",
     [](const Value& v, ReasoningOptions& out) { return wire::ReadBool(v, out.enabled); }},
    {"exclude",
     [](const Value& v, ReasoningOptions& out) { return wire::ReadBool(v, out.hidden); }},
    {"summary",
     [](const Value& v, ReasoningOptions& out) { return wire::ReadText(v, out.summary); }},
};

// Whichever of the two spellings of effort, and of the bound on output, comes first counts; the
// other one stays as it is.
Status ReadReasoning(const Value& value, Request& out) {
  ReasoningOptions options;
  SB_CHECK_OK(wire::ReadObject(value, kReasoningFields, options, options.extra));
  if (!out.reasoning.effort.empty()) {
    return wire::Expected("one form of reasoning effort");
  }
  options.nested = true;
  out.reasoning = std::move(options);
  return {};
}

Status ReadEffort(const Value& value, Request& out) {
  return out.reasoning.nested ? wire::Expected("one form of reasoning effort")
                              : wire::ReadText(value, out.reasoning.effort);
}

template <MaxTokensField kField>
Status ReadMaxTokens(const Value& value, Request& out) {
  if (out.sampling.max_output_tokens) {
    return wire::Expected("max_tokens or max_completion_tokens, not both,");
  }
  out.sampling.max_tokens_field = kField;
  return wire::ReadInt(value, out.sampling.max_output_tokens);
}

Status ReadMetadata(const Value& value, Request& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.metadata_stated = true;
  json::ForEachMember(
      value, [&](const Value& key, const Value& member) { wire::Keep(key, member, out.metadata); });
  return {};
}

Status ReadMessages(const Value& value, Request& out) {
  if (value.IsArray()) {
    out.messages.reserve(value.CountChildren());
  }
  return wire::ReadList(value, [&](const Value& message) -> Status {
    SB_CHECK_OK(ParseMessage(message, wire::Strictness::kStrict, out.messages.emplace_back()));
    const auto role = message.Find("role");  // "function" has no ids
    const bool result =
        out.messages.back().role == chat::Role::kTool && role && role->AsString() == "tool";
    return result ? CompleteResult(out.messages) : Status{};
  });
}

// Mistral's word for the seed; beside "seed" it stays as it is.
Status ReadRandomSeed(const Value& value, Request& out) {
  return out.sampling.seed ? wire::Expected("one seed") : wire::ReadInt(value, out.sampling.seed);
}

using R = Request;
using V = const Value&;
constexpr wire::Field<Request> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"messages", ReadMessages},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
    {"stream_options", ReadStreamOptions},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"max_tokens", ReadMaxTokens<MaxTokensField::kMaxTokens>},
    {"max_completion_tokens", ReadMaxTokens<MaxTokensField::kMaxCompletionTokens>},
    {"tools", [](V v, R& r) { return ParseTools(v, r.tools); }},
    {"tool_choice",
     [](V v, R& r) {
       return wire::ParseOpenAiToolChoice(v, wire::OpenAiNesting::kNested, r.tool_choice);
     }},
    {"parallel_tool_calls", [](V v, R& r) { return wire::ReadBool(v, r.parallel_tool_calls); }},
    {"response_format", [](V v, R& r) { return ParseResponseFormat(v, r.response_format); }},
    {"stop", ReadStop},
    {"n", [](V v, R& r) { return wire::ReadInt(v, r.sampling.n); }},
    {"seed", [](V v, R& r) { return wire::ReadInt(v, r.sampling.seed); }},
    {"random_seed", ReadRandomSeed, wire::OnFailure::kKeep},
    {"top_k", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_k); }},
    {"min_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.min_p); }},
    {"frequency_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.frequency_penalty); }},
    {"presence_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.presence_penalty); }},
    {"repetition_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.repetition_penalty); }},
    {"logprobs", [](V v, R& r) { return wire::ReadBool(v, r.sampling.logprobs); }},
    {"top_logprobs", [](V v, R& r) { return wire::ReadInt(v, r.sampling.top_logprobs); }},
    {"logit_bias", [](V v, R& r) { return wire::ReadRaw(v, r.sampling.logit_bias); }},
    {"reasoning_effort", ReadEffort},
    {"reasoning", ReadReasoning, wire::OnFailure::kKeep},
    {"modalities", [](V v, R& r) { return wire::ReadTextList(v, r.output.modalities); }},
    {"audio", [](V v, R& r) { return wire::ReadRaw(v, r.output.audio); }},
    {"prediction", [](V v, R& r) { return wire::ReadRaw(v, r.output.prediction); }},
    {"verbosity", [](V v, R& r) { return wire::ReadText(v, r.output.verbosity); }},
    {"metadata", ReadMetadata},
    {"user", [](V v, R& r) { return wire::ReadText(v, r.user); }},
    {"safety_identifier", [](V v, R& r) { return wire::ReadText(v, r.safety_identifier); }},
    {"prompt_cache_key", [](V v, R& r) { return wire::ReadText(v, r.prompt_cache_key); }},
    {"service_tier", [](V v, R& r) { return wire::ReadText(v, r.service_tier); }},
    {"store", [](V v, R& r) { return wire::ReadBool(v, r.store); }},
};

}  // namespace

core::Result<Request> ParseRequest(const Value& body) {
  core::Result<Request> request{std::in_place};
  request->dialect = kDialect;
  if (auto status = wire::ReadObject(body, kFields, *request, request->extra); !status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  const auto messages = body.Find("messages");
  if (!messages || messages->IsNull()) {
    return std::unexpected(Named(wire::UnderMember("messages", wire::Expected("a list").error())));
  }
  return request;
}

}  // namespace signalbox::openai_chat
