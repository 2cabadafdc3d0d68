#include <utility>

#include "vendors/dialects/openai_chat/parse_message.h"
#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/parse_tools.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/openai_tool_choice.h"
#include "vendors/dialects/workers_ai/dialect.h"
#include "vendors/dialects/workers_ai/requests.h"

namespace signalbox::workers_ai {
namespace {

using chat::Request;
using chat::Tool;
using core::Status;
using json::Value;

using R = Request;
using V = const Value&;

Status ReadPrompt(V value, R& out) {
  chat::Text text;
  SB_CHECK_OK(wire::ReadText(value, text.text));
  chat::Message& message = out.messages.emplace_back();
  message.parts.push_back({.content = std::move(text)});
  return {};
}

Status ReadMessages(V value, R& out) {
  return wire::ReadList(value, [&](V message) {
    return openai_chat::ParseMessage(message, wire::Strictness::kStrict,
                                     out.messages.emplace_back());
  });
}

constexpr wire::Field<Tool> kBareFields[] = {
    {"name", [](V v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](V v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", [](V v, Tool& out) { return wire::ReadRaw(v, out.parameters); }},
};

bool IsBare(V tool) {
  return tool.Find("name") && !tool.Find("function") && !tool.Find("type");
}

// All wrapped as OpenAI has them, or all bare.
Status ReadTools(V value, R& out) {
  const auto first = value.FirstChild();
  if (!first || !IsBare(*first)) {
    return openai_chat::ParseTools(value, out.tools);
  }
  return wire::ReadList(value, [&](V element) {
    Tool& tool = out.tools.emplace_back();
    tool.type = kBareTool;
    return wire::ReadObject(element, kBareFields, tool, tool.inner_extra);
  });
}

// {"type":"json_schema","json_schema":<the schema itself>}, or as OpenAI has it.
Status ReadFormat(V value, R& out) {
  const auto schema = value.Find("json_schema");
  const auto type = value.Find("type");
  const bool bare = schema && schema->IsObject() && !schema->Find("schema");
  if (!bare || !type || type->AsString() != "json_schema") {
    return openai_chat::ParseResponseFormat(value, out.response_format);
  }
  out.response_format.kind = chat::FormatKind::kJsonSchema;
  return wire::ReadRaw(*schema, out.response_format.schema);
}

constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"prompt", ReadPrompt},
    {"messages", ReadMessages},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
    {"stream_options", openai_chat::ReadStreamOptions},
    {"max_tokens", [](V v, R& r) { return wire::ReadInt(v, r.sampling.max_output_tokens); }},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"top_k", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_k); }},
    {"seed", [](V v, R& r) { return wire::ReadInt(v, r.sampling.seed); }},
    {"stop", openai_chat::ReadStop},
    {"repetition_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.repetition_penalty); }},
    {"frequency_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.frequency_penalty); }},
    {"presence_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.presence_penalty); }},
    {"logprobs", [](V v, R& r) { return wire::ReadBool(v, r.sampling.logprobs); }},
    {"top_logprobs", [](V v, R& r) { return wire::ReadInt(v, r.sampling.top_logprobs); }},
    {"reasoning_effort", [](V v, R& r) { return wire::ReadText(v, r.reasoning.effort); }},
    {"tools", ReadTools},
    {"tool_choice",
     [](V v, R& r) {
       return wire::ParseOpenAiToolChoice(v, wire::OpenAiNesting::kNested, r.tool_choice);
     }},
    {"parallel_tool_calls", [](V v, R& r) { return wire::ReadBool(v, r.parallel_tool_calls); }},
    {"response_format", ReadFormat},
};

}  // namespace

core::Result<Request> ParseRequest(V body) {
  Request request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, request, request.extra);
  if (status && !body.Find("messages") && !body.Find("prompt")) {
    status = std::unexpected(
        wire::UnderMember("messages", wire::Expected("a list, or a prompt,").error()));
  }
  if (!status) {
    return std::unexpected(openai_chat::Named(std::move(status).error()));
  }
  return request;
}

}  // namespace signalbox::workers_ai
