#include <utility>

#include "vendors/dialects/anthropic/answer.h"
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/errors.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/anthropic/usage.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Response;
using core::Status;
using json::Value;
using V = const Value&;

// Always of one choice.
struct Form {
  Response answer;
  chat::Choice choice;
  std::string explanation;
};

Status Known(V, Form&) {
  return {};
}

Status ReadContent(V v, Form& f) {
  return ParseContent(v, wire::Strictness::kLenient, f.choice.parts, f.choice.listed);
}

Status ReadStopReason(V v, Form& f) {
  SB_CHECK_OK(wire::ReadText(v, f.choice.finish_text));
  f.choice.finish = FinishNamed(f.choice.finish_text);
  return {};
}

Status ReadStopDetails(V v, Form& f) {
  f.explanation = ExplanationIn(v);
  f.answer.extra.push_back({"stop_details", std::string(v.Raw())});
  return {};
}

Status ReadUsage(V v, Form& f) {
  if (!v.IsObject()) {
    return wire::Expected("an object");
  }
  TakeUsage(v, f.answer.usage.emplace(), f.answer.service_tier);
  return {};
}

constexpr wire::Field<Form> kFields[] = {
    {"id", [](V v, Form& f) { return wire::ReadText(v, f.answer.id); }, wire::OnFailure::kDrop},
    {"type", Known},
    {"role", Known},
    {"model", [](V v, Form& f) { return wire::ReadText(v, f.answer.model); },
     wire::OnFailure::kDrop},
    {"content", ReadContent, wire::OnFailure::kDrop},
    {"stop_reason", ReadStopReason, wire::OnFailure::kDrop},
    {"stop_sequence", [](V v, Form& f) { return wire::ReadText(v, f.choice.stop_sequence); },
     wire::OnFailure::kDrop},
    {"stop_details", ReadStopDetails},
    {"usage", ReadUsage, wire::OnFailure::kDrop},
};

}  // namespace

std::string ExplanationIn(const Value& stop_details) {
  const auto words = stop_details.Find("explanation");
  return words ? words->AsString().value_or("") : "";
}

core::Result<Response> ParseAnswer(const Value& body) {
  const auto error = body.Find("error");
  if (error && error->IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, ParseErrorValue(*error).message);
  }
  const auto content = body.Find("content");
  if (!content || !content->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "content: a list was expected");
  }
  Form form;
  form.answer.dialect = kDialect;
  SB_CHECK_OK(wire::ReadObject(body, kFields, form, form.answer.extra, wire::Strictness::kLenient));
  if (!form.explanation.empty()) {
    form.choice.parts.push_back({.content = chat::Refusal{std::move(form.explanation)}});
  }
  form.answer.choices.push_back(std::move(form.choice));
  return std::move(form.answer);
}

}  // namespace signalbox::anthropic
