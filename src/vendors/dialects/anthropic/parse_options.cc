#include "vendors/dialects/anthropic/parse_options.h"

#include <string>
#include <utility>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {
namespace {

using chat::ReasoningOptions;
using chat::Request;
using chat::ResponseFormat;
using core::Status;
using json::Value;
using V = const Value&;

Status ReadThinkingType(V v, ReasoningOptions& out) {
  const auto word = v.AsString();
  if (word != "enabled" && word != "adaptive" && word != "disabled") {
    return wire::Expected("one of enabled, adaptive, disabled");
  }
  out.enabled = word != "disabled";
  return {};
}

Status ReadDisplay(V v, ReasoningOptions& out) {
  const auto word = v.AsString();
  if (word != "omitted" && word != "summarized") {
    return wire::Expected("one of omitted, summarized");
  }
  out.hidden = word == "omitted";
  return {};
}

constexpr wire::Field<ReasoningOptions> kThinkingFields[] = {
    {"type", ReadThinkingType},
    {"budget_tokens", [](V v, ReasoningOptions& out) { return wire::ReadInt(v, out.budget); }},
    {"display", ReadDisplay},
};

constexpr wire::Field<ResponseFormat> kFormatFields[] = {
    {"type", [](V, ResponseFormat&) { return Status{}; }},
    {"schema", [](V v, ResponseFormat& out) { return wire::ReadRaw(v, out.schema); }},
};

constexpr wire::Field<Request> kConfigFields[] = {
    {"effort", [](V v, Request& out) { return wire::ReadText(v, out.reasoning.effort); }},
    {"format", ParseOutputFormat},
};

}  // namespace

Status ParseThinking(const Value& thinking, ReasoningOptions& out) {
  ReasoningOptions options = out;  // the effort may have come first
  SB_CHECK_OK(wire::ReadObject(thinking, kThinkingFields, options, options.extra));
  const auto type = thinking.Find("type");
  if (!options.enabled || (type->AsString() == "enabled") != options.budget.has_value()) {
    return wire::Expected("a type, and a budget with enabled");
  }
  out = std::move(options);
  return {};
}

// A format of a kind that is not known stays as it is.
Status ParseOutputFormat(const Value& format, Request& out) {
  if (out.response_format.kind != chat::FormatKind::kUnset) {
    return wire::Expected("one of output_format and output_config.format");
  }
  ResponseFormat parsed;
  SB_CHECK_OK(wire::ReadObject(format, kFormatFields, parsed, parsed.inner_extra));
  const auto type = format.Find("type");
  if (type && type->AsString() == "json_schema" && !parsed.schema.empty()) {
    parsed.kind = chat::FormatKind::kJsonSchema;
  } else {
    parsed = {};
    parsed.kind = chat::FormatKind::kRaw;
    parsed.json = std::string(format.Raw());
  }
  parsed.extra = std::move(out.response_format.extra);
  out.response_format = std::move(parsed);
  return {};
}

Status ParseOutputConfig(const Value& config, Request& out) {
  chat::Extra extra;
  SB_CHECK_OK(wire::ReadObject(config, kConfigFields, out, extra));
  auto& kept = out.response_format.extra;
  kept.insert(kept.end(), extra.begin(), extra.end());
  return {};
}

}  // namespace signalbox::anthropic
