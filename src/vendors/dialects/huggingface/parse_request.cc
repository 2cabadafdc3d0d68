#include <utility>

#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/requests.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::huggingface {
namespace {

using chat::Request;
using core::Status;
using json::Value;

using R = Request;
using V = const Value&;

// {"type":"json","value":<schema>}; a regular expression stays as it is.
Status ReadGrammar(V value, R& out) {
  const auto type = value.Find("type");
  const auto schema = value.Find("value");
  if (!type || !schema || !schema->IsObject() || type->AsString() != "json" ||
      value.CountChildren() != 2) {
    return wire::Expected("a schema");
  }
  out.response_format.kind = chat::FormatKind::kJsonSchema;
  return wire::ReadRaw(*schema, out.response_format.schema);
}

Status ReadStop(V value, R& out) {
  out.sampling.stop_listed = true;
  return wire::ReadTextList(value, out.sampling.stop);
}

constexpr wire::Field<R> kParameters[] = {
    {"max_new_tokens", [](V v, R& r) { return wire::ReadInt(v, r.sampling.max_output_tokens); }},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.temperature); }},
    {"top_k", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_k); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.sampling.top_p); }},
    {"repetition_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.repetition_penalty); }},
    {"frequency_penalty",
     [](V v, R& r) { return wire::ReadNumber(v, r.sampling.frequency_penalty); }},
    {"seed", [](V v, R& r) { return wire::ReadInt(v, r.sampling.seed); }},
    {"stop", ReadStop},
    {"grammar", ReadGrammar, wire::OnFailure::kKeep},
};

Status ReadParameters(V value, R& out) {
  chat::Extra unknown;
  SB_CHECK_OK(wire::ReadObject(value, kParameters, out, unknown));
  for (chat::Member& member : unknown) {
    out.extra.push_back({std::string(kParameterPrefix) + member.key, std::move(member.value)});
  }
  return {};
}

Status ReadInputs(V value, R& out) {
  chat::Text text;
  SB_CHECK_OK(wire::ReadText(value, text.text));
  chat::Message& message = out.messages.emplace_back();
  message.parts.push_back({.content = std::move(text)});
  return {};
}

constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"inputs", ReadInputs},
    {"parameters", ReadParameters},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.stream); }},
};

}  // namespace

core::Result<Request> ParseRequest(V body) {
  Request request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, request, request.extra);
  if (status && request.messages.empty()) {
    status = std::unexpected(wire::UnderMember("inputs", wire::Expected("a text").error()));
  }
  if (!status) {
    core::Error error = std::move(status).error();
    error.message = error.param.empty() ? error.message : error.param + ": " + error.message;
    return std::unexpected(std::move(error));
  }
  return request;
}

}  // namespace signalbox::huggingface
