#include "vendors/dialects/gemini/parse_config.h"

#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/schema.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::ReasoningOptions;
using core::Status;
using json::Value;
using wire::Strictness;

// What of the config is understood together.
struct Config {
  chat::Request& request;
  std::string mime_type = {};
  chat::RawJson schema = {};      // Google's
  chat::RawJson translated = {};  // the same in JSON Schema
  chat::RawJson json_schema = {};
};

// No budget is thinking off, -1 is as much as the model likes.
Status ReadBudget(const Value& value, ReasoningOptions& out) {
  std::optional<std::int64_t> budget;
  SB_CHECK_OK(ReadCount(value, budget));
  if (*budget == 0 || *budget == -1) {
    out.enabled = *budget != 0;
  } else {
    out.budget = budget;
  }
  return {};
}

Status ReadLevel(const Value& value, ReasoningOptions& out) {
  const auto level = value.AsString();
  if (!level) {
    return wire::Expected("a string");
  }
  if (Upper(*level) == "THINKING_LEVEL_UNSPECIFIED") {
    return {};
  }
  out.effort = Lower(*level);
  return {};
}

Status ReadIncluded(const Value& value, ReasoningOptions& out) {
  SB_CHECK_OK(wire::ReadBool(value, out.hidden));
  out.hidden = !*out.hidden;
  return {};
}

constexpr wire::Field<ReasoningOptions> kThinkingFields[] = {
    {"thinkingBudget", ReadBudget},
    {"thinkingLevel", ReadLevel},
    {"includeThoughts", ReadIncluded},
};

Status ReadThinking(const Value& value, Config& out) {
  ReasoningOptions& reasoning = out.request.reasoning;
  return ReadMembers(value, kThinkingFields, reasoning, reasoning.extra, Strictness::kStrict);
}

Status ReadModalities(const Value& value, Config& out) {
  std::vector<std::string>& modalities = out.request.output.modalities;
  SB_CHECK_OK(wire::ReadTextList(value, modalities));
  for (std::string& modality : modalities) {
    modality = Lower(modality);
  }
  return {};
}

Status ReadStop(const Value& value, Config& out) {
  out.request.sampling.stop_listed = true;
  return wire::ReadTextList(value, out.request.sampling.stop);
}

Status ReadSchema(const Value& value, Config& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.translated = JsonSchemaOf(value);
  return wire::ReadRaw(value, out.schema);
}

using C = Config;
using V = const Value&;
constexpr wire::Field<Config> kFields[] = {
    {"temperature", [](V v, C& c) { return wire::ReadNumber(v, c.request.sampling.temperature); }},
    {"topP", [](V v, C& c) { return wire::ReadNumber(v, c.request.sampling.top_p); }},
    {"topK", [](V v, C& c) { return wire::ReadNumber(v, c.request.sampling.top_k); }},
    {"presencePenalty",
     [](V v, C& c) { return wire::ReadNumber(v, c.request.sampling.presence_penalty); }},
    {"frequencyPenalty",
     [](V v, C& c) { return wire::ReadNumber(v, c.request.sampling.frequency_penalty); }},
    {"maxOutputTokens",
     [](V v, C& c) { return ReadCount(v, c.request.sampling.max_output_tokens); }},
    {"seed", [](V v, C& c) { return ReadCount(v, c.request.sampling.seed); }},
    {"candidateCount", [](V v, C& c) { return ReadCount(v, c.request.sampling.n); }},
    {"stopSequences", ReadStop},
    {"responseLogprobs", [](V v, C& c) { return wire::ReadBool(v, c.request.sampling.logprobs); }},
    {"logprobs", [](V v, C& c) { return ReadCount(v, c.request.sampling.top_logprobs); }},
    {"responseMimeType", [](V v, C& c) { return wire::ReadText(v, c.mime_type); }},
    {"responseSchema", ReadSchema},
    {"responseJsonSchema", [](V v, C& c) { return wire::ReadRaw(v, c.json_schema); }},
    {"_responseJsonSchema", [](V v, C& c) { return wire::ReadRaw(v, c.json_schema); }},
    {"thinkingConfig", ReadThinking},
    {"responseModalities", ReadModalities},
};

// An answer in one word of a list, and types of later days, go as they are.
bool IsUsual(std::string_view mime_type) {
  return mime_type.empty() || mime_type == "application/json" || mime_type == "text/plain";
}

void KeepFormat(const Config& config, chat::ResponseFormat& out) {
  out.kind = chat::FormatKind::kRaw;
  json::Writer json(out.json);
  json.BeginObject();
  wire::RenderText("responseMimeType", config.mime_type, json);
  wire::RenderRaw("responseSchema", config.schema, json);
  wire::RenderRaw("responseJsonSchema", config.json_schema, json);
  json.EndObject();
}

Status UnderstandFormat(Config& config) {
  chat::ResponseFormat& out = config.request.response_format;
  const bool schema = !config.schema.empty();
  if (schema && !config.json_schema.empty()) {
    return std::unexpected(wire::UnderMember(
        "responseSchema",
        wire::Expected("responseSchema or responseJsonSchema, not both,").error()));
  }
  if (!IsUsual(config.mime_type) ||
      (config.mime_type == "text/plain" && (schema || !config.json_schema.empty()))) {
    KeepFormat(config, out);
  } else if (schema || !config.json_schema.empty()) {
    out.kind = chat::FormatKind::kJsonSchema;
    out.schema = schema ? std::move(config.translated) : std::move(config.json_schema);
    out.json = std::move(config.schema);  // that it was said in Google's Schema
  } else if (!config.mime_type.empty()) {
    out.kind =
        config.mime_type == "text/plain" ? chat::FormatKind::kText : chat::FormatKind::kJsonObject;
  }
  return {};
}

}  // namespace

Status ParseConfig(const Value& value, chat::Request& out) {
  Config config{.request = out};
  SB_CHECK_OK(ReadMembers(value, kFields, config, out.extra, Strictness::kStrict, kConfigPrefix));
  return UnderstandFormat(config);
}

}  // namespace signalbox::gemini
