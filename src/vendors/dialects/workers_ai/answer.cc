#include "vendors/dialects/workers_ai/answer.h"

#include <algorithm>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/dialect.h"
#include "vendors/dialects/workers_ai/errors.h"
#include "vendors/dialects/workers_ai/native.h"

namespace signalbox::workers_ai {
namespace {

using chat::Choice;
using chat::FinishReason;
using chat::Part;
using chat::Response;
using core::Result;
using json::Value;
using json::Writer;

// Members of Response::extra that say in what form the answer came. Nobody else sees them.
constexpr std::string_view kForm = "workers_ai.form";            // "chat", "json"
constexpr std::string_view kBare = "workers_ai.bare";            // without the envelope
constexpr std::string_view kResponses = "workers_ai.responses";  // the whole result
constexpr std::string_view kEnvelope = "workers_ai.envelope.";   // members beside `result`
constexpr std::string_view kOurs = "workers_ai.";

bool IsForm(const Response& response, std::string_view form) {
  const chat::Member* member = wire::FindMember(response.extra, kForm);
  return member != nullptr && member->value == form;
}

Result<Response> FromChat(const Value& result) {
  SB_TRY(Response response, openai_chat::TheDialect().ParseAnswer(result));
  response.dialect = kDialect;
  response.extra.push_back({std::string(kForm), R"("chat")"});
  return response;
}

Result<Response> FromResponses(const Value& result) {
  SB_TRY(Response response, ParseResponsesResult(result));
  response.extra.push_back({std::string(kResponses), std::string(result.Raw())});
  return response;
}

Result<Response> FromNative(const Value& result) {
  Native native;
  SB_CHECK_OK(ParseNative(result, "", native));
  Response response;
  response.dialect = kDialect;
  Choice& choice = response.choices.emplace_back();
  if (native.response && !native.response->empty()) {
    choice.parts.push_back({.content = chat::Text{*std::move(native.response), {}}});
  }
  choice.finish = native.calls.empty() ? FinishReason::kStop : FinishReason::kToolCalls;
  if (!native.finish_reason.empty()) {
    choice.finish = openai_chat::FinishNamed(native.finish_reason);
    choice.finish_text = std::move(native.finish_reason);
  }
  for (Part& call : native.calls) {
    choice.parts.push_back(std::move(call));
  }
  response.usage = std::move(native.usage);
  response.extra = std::move(native.extra);
  if (!native.text) {
    response.extra.push_back({std::string(kForm), R"("json")"});
  }
  return response;
}

Result<Response> FromResult(const Value& result) {
  if (const auto choices = result.Find("choices"); choices && choices->IsArray()) {
    return FromChat(result);
  }
  if (const auto output = result.Find("output"); output && output->IsArray()) {
    return FromResponses(result);
  }
  if (result.Find("response") || result.Find("tool_calls")) {
    return FromNative(result);
  }
  return core::Fail(core::ErrorCode::kUpstreamProtocol, "response: a text was expected");
}

// OpenAI's words for an answer of this dialect.
std::string ChatResult(const Response& response, bool own) {
  Response copy = response;
  if (own) {
    copy.dialect = openai_chat::kDialect;
    std::erase_if(copy.extra, [](const auto& member) { return member.key.starts_with(kOurs); });
  }
  return openai_chat::TheDialect().RenderAnswer(copy);
}

void RenderParts(const Response& response, const Choice& choice, bool own, Writer& out) {
  std::string text;
  bool calls = false;
  for (const Part& part : choice.parts) {
    const auto* spoken = std::get_if<chat::Text>(&part.content);
    const auto* refusal = std::get_if<chat::Refusal>(&part.content);
    text += spoken != nullptr ? spoken->text : refusal != nullptr ? refusal->text : "";
    calls |= std::holds_alternative<chat::ToolCall>(part.content);
  }
  out.Key("response");
  own&& IsForm(response, R"("json")") ? out.Raw(text.empty() ? "null" : text) : out.String(text);
  if (!calls) {
    return;
  }
  out.Key("tool_calls").BeginArray();
  for (const Part& part : choice.parts) {
    if (std::holds_alternative<chat::ToolCall>(part.content)) {
      RenderCall(part, {}, own, out);
    }
  }
  out.EndArray();
}

std::string NativeResult(const Response& response, bool own) {
  std::string text;
  Writer out(text);
  out.BeginObject();
  if (!response.choices.empty()) {
    const Choice& choice = response.choices.front();
    RenderParts(response, choice, own, out);
    const bool cut = choice.finish == FinishReason::kLength;
    wire::RenderText("finish_reason", own ? choice.finish_text : cut ? "length" : "", out);
  }
  if (response.usage) {
    out.Key("usage");
    openai_chat::RenderUsage(*response.usage, own, out);
  }
  for (const chat::Member& member : response.extra) {
    if (own && !member.key.starts_with(kOurs)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
  return text;
}

bool Thinks(const Choice& choice) {
  return std::ranges::any_of(choice.parts, [](const Part& part) {
    return std::holds_alternative<chat::Reasoning>(part.content);
  });
}

std::string ResultOf(const Response& response, bool own) {
  if (const chat::Member* raw = wire::FindMember(response.extra, kResponses); own && raw) {
    return raw->value;
  }
  const bool chat =
      own ? IsForm(response, R"("chat")")
          : response.choices.size() > 1 || std::ranges::any_of(response.choices, Thinks);
  return chat ? ChatResult(response, own) : NativeResult(response, own);
}

}  // namespace

Result<Response> ParseAnswer(const Value& body) {
  if (const auto error = ErrorIn(body)) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, error->message);
  }
  const auto result = body.Find("result");
  const bool wrapped = result && result->IsObject();
  SB_TRY(Response response, FromResult(wrapped ? *result : body));
  if (!wrapped) {
    response.extra.push_back({std::string(kBare), "true"});
    return response;
  }
  json::ForEachMember(body, [&](const Value& key, const Value& value) {
    std::string name = *key.AsString();
    if (name != "result") {
      response.extra.push_back({std::string(kEnvelope) + name, std::string(value.Raw())});
    }
  });
  return response;
}

std::string RenderAnswer(const Response& response) {
  const bool own = response.dialect == kDialect;
  std::string result = ResultOf(response, own);
  if (own && wire::FindMember(response.extra, kBare) != nullptr) {
    return result;
  }
  std::string text;
  Writer out(text);
  out.BeginObject().Key("result").Raw(result);
  for (const chat::Member& member : response.extra) {
    if (own && member.key.starts_with(kEnvelope)) {
      out.Key(std::string_view(member.key).substr(kEnvelope.size())).Raw(member.value);
    }
  }
  if (!own) {
    out.Key("success").Bool(true).Key("errors").BeginArray().EndArray();
    out.Key("messages").BeginArray().EndArray();
  }
  out.EndObject();
  return text;
}

}  // namespace signalbox::workers_ai
