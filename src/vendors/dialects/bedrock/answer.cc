#include "vendors/dialects/bedrock/answer.h"

#include <utility>

#include "vendors/chat/size.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/bedrock/parse_block.h"
#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/render_block.h"
#include "vendors/dialects/bedrock/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Choice;
using chat::Response;
using core::Status;
using json::Value;
using wire::OnFailure;
using wire::Strictness;
using V = const Value&;

constexpr std::string_view kMetrics = "metrics";
constexpr std::string_view kModelFields = "additionalModelResponseFields";

Choice& ChoiceOf(Response& response) {
  return response.choices.empty() ? response.choices.emplace_back() : response.choices.front();
}

constexpr wire::Field<Choice> kMessageFields[] = {
    {"role",
     [](V v, Choice&) {
       return v.AsString() == "assistant" ? Status{} : wire::Expected("assistant");
     }},
    {"content", [](V v, Choice& out) { return ReadBlocks(v, Strictness::kLenient, out.parts); }},
};

// {"message":{…}}
Status ReadOutput(const Value& value, Response& out) {
  const auto message = value.Find("message");
  if (!message || value.CountChildren() != 1) {
    return wire::Expected("a message");
  }
  Choice& choice = ChoiceOf(out);
  return wire::ReadObject(*message, kMessageFields, choice, choice.message_extra,
                          Strictness::kLenient);
}

Status ReadStop(const Value& value, Response& out) {
  Choice& choice = ChoiceOf(out);
  SB_CHECK_OK(wire::ReadText(value, choice.finish_text));
  choice.finish = FinishOf(choice.finish_text);
  return {};
}

Status ReadUsage(const Value& value, Response& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = ParseUsage(value);
  return {};
}

// Claude's stop sequence, for those who ask for it by additionalModelResponseFieldPaths.
Status ReadModelFields(const Value& value, Response& out) {
  if (const auto stop = value.Find("stop_sequence")) {
    ChoiceOf(out).stop_sequence = stop->AsString().value_or("");
  }
  out.extra.push_back({std::string(kModelFields), std::string(value.Raw())});
  return {};
}

constexpr wire::Field<Response> kFields[] = {
    {"output", ReadOutput},
    {"stopReason", ReadStop},
    {"usage", ReadUsage},
    {"serviceTier", [](V v, Response& out) { return ReadServiceTier(v, out.service_tier); }},
    {kModelFields, ReadModelFields},
};

void RenderMessage(const Choice& choice, bool own, json::Writer& out) {
  BlockWriter blocks({.own = own, .model = {}, .answer = true}, out);
  out.Key("output").BeginObject().Key("message").BeginObject();
  out.Key("role").String("assistant").Key("content").BeginArray();
  for (const chat::Part& part : choice.parts) {
    if (blocks.Says(part)) {
      (void)blocks.Write(part);
    }
  }
  out.EndArray();
  wire::RenderExtra(choice.message_extra, own, out);
  out.EndObject().EndObject();
}

}  // namespace

core::Result<Response> ParseAnswer(const Value& body) {
  if (!body.IsObject() || !body.Find("output")) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "output: an object was expected");
  }
  Response response;
  response.dialect = kDialect;
  SB_CHECK_OK(wire::ReadObject(body, kFields, response, response.extra, Strictness::kLenient));
  ChoiceOf(response);
  return response;
}

std::string RenderAnswer(const Response& response) {
  const bool own = response.dialect == kDialect;
  static const Choice kNothing;
  const Choice& choice = response.choices.empty() ? kNothing : response.choices.front();
  std::string body;
  body.reserve(chat::RenderedSize(response));
  json::Writer out(body);
  out.BeginObject();
  if (!own || wire::FindMember(response.extra, "output") == nullptr) {
    RenderMessage(choice, own, out);
  }
  if (!own || !choice.finish_text.empty()) {
    out.Key("stopReason")
        .String(
            StopReasonOf(choice.finish, choice.finish_text, own, !choice.stop_sequence.empty()));
  }
  if (response.usage || !own) {
    out.Key("usage");
    RenderUsage(response.usage.value_or(chat::UsageReport{}), own, out);
  }
  if (!own) {
    out.Key(kMetrics).BeginObject().Key("latencyMs").Int(0).EndObject();
  }
  if (own && !response.service_tier.empty()) {
    out.Key("serviceTier").BeginObject().Key("type").String(response.service_tier).EndObject();
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::bedrock
