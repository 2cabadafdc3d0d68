#include "vendors/dialects/workers_ai/native.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/dialect.h"

namespace signalbox::workers_ai {
namespace {

using chat::Part;
using chat::ToolCall;
using core::Status;
using json::Value;

using V = const Value&;

// A call in either form: members beside each other, or inside "function".
struct CallForm {
  ToolCall call;
  std::int64_t index = -1;
};

Status ReadArguments(V value, CallForm& out) {
  out.call.arguments = value.IsString() ? *value.AsString() : std::string(value.Raw());
  return {};
}

Status ReadIndex(V value, CallForm& out) {
  out.index = value.AsInt().value_or(-1);
  return {};
}

constexpr wire::Field<CallForm> kFunctionFields[] = {
    {"name", [](V v, CallForm& out) { return wire::ReadText(v, out.call.name); }},
    {"arguments", ReadArguments},
};

constexpr wire::Field<CallForm> kCallFields[] = {
    {"id", [](V v, CallForm& out) { return wire::ReadText(v, out.call.id); }},
    {"index", ReadIndex},
    {"name", [](V v, CallForm& out) { return wire::ReadText(v, out.call.name); }},
    {"arguments", ReadArguments},
    {"function",
     [](V v, CallForm& out) {
       return wire::ReadObject(v, kFunctionFields, out, out.call.inner_extra,
                               wire::Strictness::kLenient);
     }},
};

// A call with nothing in it closes those before it.
Status ReadCalls(V value, Native& out) {
  return wire::ReadList(value, [&](V element) -> Status {
    CallForm form;
    Part part;
    SB_CHECK_OK(
        wire::ReadObject(element, kCallFields, form, part.extra, wire::Strictness::kLenient));
    if (!form.call.id.empty() || !form.call.name.empty() || !form.call.arguments.empty()) {
      part.content = std::move(form.call);
      out.calls.push_back(std::move(part));
      out.indices.push_back(form.index);
    }
    return {};
  });
}

Status ReadResponse(V value, Native& out) {
  out.text = value.IsString();
  out.response = out.text ? *value.AsString() : std::string(value.Raw());
  return {};
}

Status ReadUsage(V value, Native& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = openai_chat::ParseUsage(value);
  return {};
}

constexpr wire::Field<Native> kFields[] = {
    {"response", ReadResponse},
    {"tool_calls", ReadCalls, wire::OnFailure::kDrop},
    {"usage", ReadUsage, wire::OnFailure::kDrop},
    {"finish_reason", [](V v, Native& out) { return wire::ReadText(v, out.finish_reason); },
     wire::OnFailure::kDrop},
};

bool IsObject(std::string_view text) {
  json::Document document;
  return document.Parse(text) && document.Root().IsObject();
}

std::string TextIn(V object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

std::int64_t CountIn(V object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? std::max<std::int64_t>(member->AsInt().value_or(-1), -1) : -1;
}

// The texts of a list of {"text":…}.
std::string TextsIn(V item, std::string_view key) {
  std::string text;
  if (const auto list = item.Find(key); list && list->IsArray()) {
    json::ForEachElement(*list, [&](V part) { text += TextIn(part, "text"); });
  }
  return text;
}

void TakeItem(V item, chat::Choice& out) {
  const std::string type = TextIn(item, "type");
  if (type == "message") {
    out.parts.push_back({.content = chat::Text{TextsIn(item, "content"), {}}});
  } else if (type == "reasoning") {
    chat::Reasoning thought;
    thought.text = TextsIn(item, "content");
    thought.text += thought.text.empty() ? TextsIn(item, "summary") : "";
    out.parts.push_back({.content = std::move(thought)});
  } else if (type == "function_call") {
    ToolCall call;
    call.id = TextIn(item, "call_id");
    call.name = TextIn(item, "name");
    call.arguments = TextIn(item, "arguments");
    out.parts.push_back({.content = std::move(call)});
    out.finish = chat::FinishReason::kToolCalls;
  }
}

chat::UsageReport ResponsesUsage(V usage) {
  chat::UsageReport report;
  report.tokens.input = CountIn(usage, "input_tokens");
  report.tokens.output = CountIn(usage, "output_tokens");
  report.total = CountIn(usage, "total_tokens");
  if (const auto details = usage.Find("input_tokens_details")) {
    report.tokens.cached = CountIn(*details, "cached_tokens");
  }
  if (const auto details = usage.Find("output_tokens_details")) {
    report.tokens.reasoning = CountIn(*details, "reasoning_tokens");
  }
  return report;
}

}  // namespace

Status ParseNative(V value, std::string_view place, Native& out) {
  if (!wire::ReadObject(value, kFields, out, out.extra, wire::Strictness::kLenient)) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a JSON object was expected");
  }
  for (std::size_t i = 0; i < out.calls.size(); ++i) {
    auto& call = std::get<ToolCall>(out.calls[i].content);
    if (call.id.empty() && !call.name.empty()) {
      call.id = openai_chat::MadeId("call_", fmt::format("{}/{}/{}", place, i, value.Raw()));
    }
  }
  return {};
}

void RenderCall(const Part& part, std::optional<std::int64_t> index, bool own, json::Writer& out) {
  const auto& call = std::get<ToolCall>(part.content);
  const bool wrapped = own && wire::FindMember(part.extra, "type") != nullptr;
  out.BeginObject();
  wire::RenderText("id", call.id, out);
  wire::RenderInt("index", index, out);
  if (wrapped) {
    out.Key("function").BeginObject();
  }
  out.Key("name").String(call.name).Key("arguments");
  if (!wrapped && (call.arguments.empty() || call.arguments == "null")) {
    out.BeginObject().EndObject();
  } else if (!wrapped && IsObject(call.arguments)) {
    out.Raw(call.arguments);
  } else {
    out.String(call.arguments);
  }
  wire::RenderExtra(call.inner_extra, own, out);
  if (wrapped) {
    out.EndObject();
  }
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

core::Result<chat::Response> ParseResponsesResult(V result) {
  chat::Response response;
  response.dialect = kDialect;
  response.id = TextIn(result, "id");
  response.model = TextIn(result, "model");
  chat::Choice& choice = response.choices.emplace_back();
  choice.finish = chat::FinishReason::kStop;
  json::ForEachElement(*result.Find("output"), [&](V item) { TakeItem(item, choice); });
  if (TextIn(result, "status") == "incomplete") {
    choice.finish = chat::FinishReason::kLength;
  }
  if (const auto usage = result.Find("usage"); usage && usage->IsObject()) {
    response.usage = ResponsesUsage(*usage);
  }
  return response;
}

}  // namespace signalbox::workers_ai
