// What stands beside the messages of a request, in.
#include <algorithm>
#include <utility>

#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Request;
using core::Status;
using json::Value;
using wire::OnFailure;
using V = const Value&;

Status ReadStop(const Value& value, chat::Sampling& out) {
  out.stop_listed = true;
  return wire::ReadTextList(value, out.stop);
}

using S = chat::Sampling;
constexpr wire::Field<S> kInferenceFields[] = {
    {"maxTokens", [](V v, S& out) { return wire::ReadInt(v, out.max_output_tokens); }},
    {"temperature", [](V v, S& out) { return wire::ReadNumber(v, out.temperature); }},
    {"topP", [](V v, S& out) { return wire::ReadNumber(v, out.top_p); }},
    {"stopSequences", ReadStop},
};

// Whether `object` is {"type":type, <key>:…} and nothing else; the other member's value.
std::optional<Value> Alone(const Value& object, std::string_view type, std::string_view key) {
  const auto stated = object.Find("type");
  const auto value = object.Find(key);
  const bool alone = stated && value && object.CountChildren() == 2;
  return alone && stated->AsString() == type ? value : std::nullopt;
}

// Claude: {"type":"enabled","budget_tokens":n} or {"type":"disabled"}.
Status ReadThinking(const Value& value, Request& out) {
  if (const auto budget = Alone(value, "enabled", "budget_tokens"); budget && budget->AsInt()) {
    out.reasoning.enabled = true;
    out.reasoning.budget = budget->AsInt();
    return {};
  }
  const auto type = value.Find("type");
  if (!type || type->AsString() != "disabled" || value.CountChildren() != 1) {
    return wire::Expected("a budget");
  }
  out.reasoning.enabled = false;
  return {};
}

// Nova: {"type":"enabled","maxReasoningEffort":"low"}.
Status ReadNovaReasoning(const Value& value, Request& out) {
  const auto effort = Alone(value, "enabled", "maxReasoningEffort");
  if (!effort || !effort->IsString()) {
    return wire::Expected("an effort");
  }
  out.reasoning.enabled = true;
  return wire::ReadText(*effort, out.reasoning.effort);
}

// Those that mean the same in another vendor's request; all others go where they came from.
constexpr wire::Field<Request> kAdditionalFields[] = {
    {"thinking", ReadThinking, OnFailure::kKeep},
    {"reasoningConfig", ReadNovaReasoning, OnFailure::kKeep},
    {"top_k", [](V v, Request& out) { return wire::ReadNumber(v, out.sampling.top_k); },
     OnFailure::kKeep},
};

// {"schema":"<JSON>","name":…,"description":…}
using F = chat::ResponseFormat;
constexpr wire::Field<F> kSchemaFields[] = {
    {"schema",
     [](V v, F& out) -> Status {
       SB_CHECK_OK(wire::ReadText(v, out.schema));
       json::Document schema;
       return schema.Parse(out.schema) ? Status{} : wire::Expected("a JSON schema");
     }},
    {"name", [](V v, F& out) { return wire::ReadText(v, out.name); }},
    {"description", [](V v, F& out) { return wire::ReadText(v, out.description); }},
};

// The member `key` of `object`, which has no other.
std::optional<Value> Only(const std::optional<Value>& object, std::string_view key) {
  return object && object->CountChildren() == 1 ? object->Find(key) : std::nullopt;
}

}  // namespace

Status ReadInference(const Value& value, Request& out) {
  chat::Extra rest;
  SB_CHECK_OK(wire::ReadObject(value, kInferenceFields, out.sampling, rest));
  KeepUnder(kInference, std::move(rest), out);
  return {};
}

Status ReadAdditional(const Value& value, Request& out) {
  chat::Extra rest;
  SB_CHECK_OK(wire::ReadObject(value, kAdditionalFields, out, rest));
  KeepUnder(kAdditional, std::move(rest), out);
  return {};
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

// {"type":"flex"}
Status ReadServiceTier(const Value& value, std::string& out) {
  const auto type = Only(value, "type");
  return type ? wire::ReadText(*type, out) : wire::Expected("a type");
}

// {"textFormat":{"type":"json_schema","structure":{"jsonSchema":{…}}}}
Status ReadOutputConfig(const Value& value, Request& out) {
  const auto format = Only(value, "textFormat");
  const auto structure = format ? Alone(*format, "json_schema", "structure") : std::nullopt;
  const auto schema = Only(structure, "jsonSchema");
  if (!schema) {
    return wire::Expected("a JSON schema");
  }
  F read;
  read.kind = chat::FormatKind::kJsonSchema;
  SB_CHECK_OK(wire::ReadObject(*schema, kSchemaFields, read, read.inner_extra));
  if (read.schema.empty()) {
    return wire::Expected("a JSON schema");
  }
  out.response_format = std::move(read);
  return {};
}

}  // namespace signalbox::bedrock
