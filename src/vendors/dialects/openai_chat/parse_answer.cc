#include "vendors/dialects/openai_chat/parse_answer.h"

#include <utility>

#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_message.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Choice;
using chat::Response;
using core::Result;
using core::Status;
using json::Value;

Status ReadChoiceMessage(const Value& value, Choice& out) {
  chat::Message message;
  SB_CHECK_OK(ParseMessage(value, wire::Strictness::kLenient, message));
  if (message.role == chat::Role::kTool) {
    return wire::Expected("an assistant's message");
  }
  out.parts = std::move(message.parts);
  out.listed = message.listed;
  out.message_extra = std::move(message.extra);
  return {};
}

Status ReadIndex(const Value& value, Choice& out) {
  out.index = value.AsInt().value_or(-1);
  return out.index >= 0 ? Status{} : wire::Expected("an index");
}

Status ReadFinish(const Value& value, Choice& out) {
  SB_CHECK_OK(wire::ReadText(value, out.finish_text));
  out.finish = FinishNamed(out.finish_text);
  return {};
}

constexpr wire::Field<Choice> kChoiceFields[] = {
    {"index", ReadIndex, wire::OnFailure::kDrop},
    {"message", ReadChoiceMessage, wire::OnFailure::kDrop},
    {"finish_reason", ReadFinish, wire::OnFailure::kDrop},
    {"logprobs", [](const Value& v, Choice& out) { return wire::ReadRaw(v, out.logprobs); }},
};

Status ReadChoices(const Value& value, Response& out) {
  std::vector<Choice> choices;
  SB_CHECK_OK(wire::ReadList(value, [&](const Value& element) {
    Choice& choice = choices.emplace_back();
    choice.index = static_cast<std::int64_t>(choices.size()) - 1;
    return wire::ReadObject(element, kChoiceFields, choice, choice.extra,
                            wire::Strictness::kLenient);
  }));
  out.choices = std::move(choices);
  return {};
}

Status ReadObjectName(const Value& value, Response&) {
  return value.AsString() == "chat.completion" ? Status{} : wire::Expected("chat.completion");
}

Status ReadReport(const Value& value, Response& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = ParseUsage(value);
  return {};
}

constexpr wire::Field<Response> kFields[] = {
    {"object", ReadObjectName, wire::OnFailure::kDrop},
    {"id", [](const Value& v, Response& out) { return wire::ReadText(v, out.id); },
     wire::OnFailure::kDrop},
    {"model", [](const Value& v, Response& out) { return wire::ReadText(v, out.model); },
     wire::OnFailure::kDrop},
    {"created", [](const Value& v, Response& out) { return wire::ReadInt(v, out.created); },
     wire::OnFailure::kDrop},
    {"choices", ReadChoices, wire::OnFailure::kDrop},
    {"usage", ReadReport, wire::OnFailure::kDrop},
    {"service_tier",
     [](const Value& v, Response& out) { return wire::ReadText(v, out.service_tier); }},
    {"system_fingerprint",
     [](const Value& v, Response& out) { return wire::ReadText(v, out.system_fingerprint); }},
};

// Groq's streams, and sometimes its answers, state usage in x_groq alone.
void FindUsageElsewhere(const Value& body, Response& out) {
  const auto groq = body.Find("x_groq");
  const auto usage = groq ? groq->Find("usage") : std::nullopt;
  if (!out.usage && usage && usage->IsObject()) {
    out.usage = ParseUsage(*usage);
  }
}

}  // namespace

Result<Response> ParseAnswer(const Value& body) {
  const auto choices = body.Find("choices");
  const auto error = body.Find("error");
  const bool failed = error && !error->IsNull();
  if (!failed && (!choices || !choices->IsArray())) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "choices: a list was expected");
  }
  Result<Response> response{std::in_place};
  response->dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kFields, *response, response->extra, wire::Strictness::kLenient));
  if (failed && response->choices.empty()) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, ParseErrorValue(*error).message);
  }
  FindUsageElsewhere(body, *response);
  return response;
}

}  // namespace signalbox::openai_chat
