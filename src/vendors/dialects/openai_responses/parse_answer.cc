#include <algorithm>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/parse_content.h"
#include "vendors/dialects/openai_responses/usage.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::Part;
using core::ErrorCode;
using core::Status;
using json::Value;
using V = const Value&;

// With its reason it says all; whatever else it holds stays as it is.
Status ReadDetails(V value, Outside& out) {
  const auto reason = value.Find("reason");
  if (!reason || value.CountChildren() != 1) {
    return wire::Expected("a reason");
  }
  return wire::ReadText(*reason, out.reason);
}

Status ReadUsage(V value, Outside& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.head.usage = ParseUsage(value);
  return {};
}

Status ReadObjectName(V value, Outside&) {
  return value.AsString() == "response" ? Status{} : wire::Expected("response");
}

using O = Outside;
constexpr wire::Field<O> kFields[] = {
    {"object", ReadObjectName, wire::OnFailure::kDrop},
    {"id", [](V v, O& out) { return wire::ReadText(v, out.head.id); }, wire::OnFailure::kDrop},
    {"created_at", [](V v, O& out) { return wire::ReadInt(v, out.head.created); }},
    {"status", [](V v, O& out) { return wire::ReadText(v, out.status); }, wire::OnFailure::kDrop},
    {"incomplete_details", ReadDetails},
    {"model", [](V v, O& out) { return wire::ReadText(v, out.head.model); },
     wire::OnFailure::kDrop},
    {"output", [](V, O&) { return Status{}; }, wire::OnFailure::kDrop},
    {"usage", ReadUsage, wire::OnFailure::kDrop},
    {"service_tier", [](V v, O& out) { return wire::ReadText(v, out.head.service_tier); }},
    {"system_fingerprint",
     [](V v, O& out) { return wire::ReadText(v, out.head.system_fingerprint); }},
};

bool IsCall(const Part& part) {
  return std::holds_alternative<chat::ToolCall>(part.content);
}

// The logprobs of all texts, for other dialects.
void GatherLogprobs(chat::Choice& choice) {
  std::string list;
  for (const Part& part : choice.parts) {
    const chat::Member* member = wire::FindMember(part.extra, "logprobs");
    if (member == nullptr || member->value.size() <= 2 || member->value.front() != '[') {
      continue;
    }
    list += list.empty() ? "" : ",";
    list.append(member->value, 1, member->value.size() - 2);
  }
  if (!list.empty()) {
    choice.logprobs = ChatLogprobs("[" + list + "]");
  }
}

}  // namespace

Outside ParseOutside(V response) {
  Outside outside;
  outside.head.dialect = kDialect;
  (void)wire::ReadObject(response, kFields, outside, outside.head.extra,
                         wire::Strictness::kLenient);
  if (outside.status.empty()) {
    outside.status = outside.reason.empty() ? "completed" : "incomplete";
  }
  if (!outside.reason.empty() && outside.status != "incomplete") {
    std::string details = R"({"reason":)";
    json::AppendQuoted(details, std::exchange(outside.reason, {}));
    outside.head.extra.push_back({"incomplete_details", std::move(details.append("}"))});
  }
  return outside;
}

std::string FinishText(const Outside& outside) {
  return outside.status == "incomplete" && !outside.reason.empty() ? outside.reason
                                                                   : outside.status;
}

core::Result<chat::Response> ParseAnswer(V body) {
  const auto output = body.Find("output");
  const auto error = body.Find("error");
  const bool failed = error && !error->IsNull();
  const bool has_output = output && output->IsArray();
  if (failed && !(has_output && output->FirstChild())) {
    return core::Fail(ErrorCode::kUpstreamFailed, ParseErrorValue(*error).message);
  }
  if (!has_output) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "output: a list was expected");
  }
  Outside outside = ParseOutside(body);
  chat::Response response = std::move(outside.head);
  chat::Choice& choice = response.choices.emplace_back();
  choice.listed = true;
  SB_CHECK_OK(wire::ReadList(
      *output, [&](V item) { return ParseItem(item, wire::Strictness::kLenient, choice.parts); }));
  const bool calls = std::ranges::any_of(choice.parts, IsCall);
  choice.finish = FinishOf(outside.status, outside.reason, calls);
  choice.finish_text = FinishText(outside);
  GatherLogprobs(choice);
  return response;
}

}  // namespace signalbox::openai_responses
