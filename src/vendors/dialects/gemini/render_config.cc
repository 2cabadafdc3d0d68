#include "vendors/dialects/gemini/render_config.h"

#include <algorithm>

#include "base/json/document.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/parse_config.h"
#include "vendors/dialects/gemini/schema.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::FormatKind;
using chat::ReasoningOptions;
using chat::Request;
using core::Status;
using json::Writer;

void RenderSampling(const chat::Sampling& sampling, Writer& out) {
  wire::RenderNumber("temperature", sampling.temperature, out);
  wire::RenderNumber("topP", sampling.top_p, out);
  wire::RenderNumber("topK", sampling.top_k, out);
  wire::RenderNumber("presencePenalty", sampling.presence_penalty, out);
  wire::RenderNumber("frequencyPenalty", sampling.frequency_penalty, out);
  wire::RenderInt("maxOutputTokens", sampling.max_output_tokens, out);
  wire::RenderInt("seed", sampling.seed, out);
  wire::RenderInt("candidateCount", sampling.n, out);
  wire::RenderTextList("stopSequences", sampling.stop, out);
  wire::RenderBool("responseLogprobs", sampling.logprobs, out);
  wire::RenderInt("logprobs", sampling.top_logprobs, out);
}

// What KeepFormat put together.
void RenderRawFormat(const chat::RawJson& format, Writer& out) {
  json::Document document;
  if (document.Parse(format) && document.Root().IsObject()) {
    json::ForEachMember(document.Root(), [&](const json::Value& key, const json::Value& value) {
      out.Key(*key.AsString()).Raw(value.Raw());
    });
  }
}

void RenderFormat(const chat::ResponseFormat& format, bool own, const ModelFacts& facts,
                  Writer& out) {
  if (format.kind == FormatKind::kRaw && own) {
    RenderRawFormat(format.json, out);
    return;
  }
  if (format.kind == FormatKind::kText) {
    out.Key("responseMimeType").String("text/plain");
  }
  if (format.kind != FormatKind::kJsonObject && format.kind != FormatKind::kJsonSchema) {
    return;
  }
  out.Key("responseMimeType").String("application/json");
  if (format.kind == FormatKind::kJsonObject || format.schema.empty()) {
    return;
  }
  const std::string googles = own                 ? format.json
                              : facts.json_schema ? std::string()
                                                  : SchemaOf(format.schema);
  wire::RenderRaw(googles.empty() ? "responseJsonSchema" : "responseSchema",
                  googles.empty() ? format.schema : googles, out);
}

void RenderOwnThinking(const ReasoningOptions& reasoning, Writer& out) {
  if (reasoning.hidden) {
    out.Key("includeThoughts").Bool(!*reasoning.hidden);
  }
  if (!reasoning.effort.empty()) {
    out.Key("thinkingLevel").String(Upper(reasoning.effort));
  }
  if (reasoning.budget) {
    out.Key("thinkingBudget").Int(*reasoning.budget);
  } else if (reasoning.enabled) {
    out.Key("thinkingBudget").Int(*reasoning.enabled ? -1 : 0);
  }
  wire::RenderExtra(reasoning.extra, true, out);
}

std::string_view LevelOfBudget(std::int64_t budget, const ModelFacts& facts) {
  return budget <= 1024 ? "LOW" : budget <= 8192 && facts.medium ? "MEDIUM" : "HIGH";
}

// How much, in the way of the model. A stated budget goes before an effort.
Status RenderAmount(const ReasoningOptions& reasoning, const ModelFacts& facts, Writer& out) {
  const bool off = reasoning.enabled == false;
  const std::string_view effort = off ? "none" : std::string_view(reasoning.effort);
  if (!effort.empty() && effort != "auto" && LevelOf(effort, facts).empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "reasoning.effort: none, minimal, low, medium or high was expected",
                      "reasoning.effort");
  }
  if (facts.levels) {
    const std::string_view level =
        reasoning.budget && !off ? LevelOfBudget(*reasoning.budget, facts) : LevelOf(effort, facts);
    wire::RenderText("thinkingLevel", level, out);
    return {};
  }
  std::optional<std::int64_t> budget = BudgetOf(effort, facts);
  if (reasoning.budget && !off) {
    budget = std::clamp(*reasoning.budget, facts.least_budget, facts.most_budget);
  } else if (!budget && (reasoning.enabled.value_or(false) || effort == "auto")) {
    budget = -1;
  }
  wire::RenderInt("thinkingBudget", budget, out);
  return {};
}

Status RenderForeignThinking(const ReasoningOptions& reasoning, const ModelFacts& facts,
                             std::vector<std::string>& dropped, Writer& out) {
  const bool off = reasoning.enabled == false || reasoning.effort == "none";
  const bool asked = !reasoning.effort.empty() || reasoning.budget || reasoning.enabled ||
                     !reasoning.summary.empty();
  if (!facts.thinks) {
    if (asked && !off) {
      dropped.emplace_back("reasoning");
    }
    return {};
  }
  if (asked || reasoning.hidden) {
    out.Key("includeThoughts").Bool(!off && !reasoning.hidden.value_or(false));
  }
  return RenderAmount(reasoning, facts, out);
}

Status RenderThinking(const Request& request, bool own, const ModelFacts& facts,
                      std::vector<std::string>& dropped, Writer& out) {
  std::string text;
  Writer thinking(text);
  thinking.BeginObject();
  if (own) {
    RenderOwnThinking(request.reasoning, thinking);
  } else {
    SB_CHECK_OK(RenderForeignThinking(request.reasoning, facts, dropped, thinking));
  }
  thinking.EndObject();
  if (text != "{}") {
    out.Key("thinkingConfig").Raw(text);
  }
  return {};
}

void RenderModalities(const chat::OutputOptions& output, Writer& out) {
  if (output.modalities.empty()) {
    return;
  }
  out.Key("responseModalities").BeginArray();
  for (const std::string& modality : output.modalities) {
    out.String(Upper(modality));
  }
  out.EndArray();
}

}  // namespace

void RenderBehind(std::string_view prefix, const chat::Extra& extra, Writer& out) {
  for (const chat::Member& member : extra) {
    const std::string_view key = member.key;
    if (key.starts_with(prefix)) {
      out.Key(key.substr(prefix.size())).Raw(member.value);
    }
  }
}

Status RenderConfig(const Request& request, const ModelFacts& facts,
                    std::vector<std::string>& dropped, Writer& out) {
  const bool own = request.dialect == kDialect;
  std::string text;
  Writer config(text);
  config.BeginObject();
  RenderSampling(request.sampling, config);
  RenderFormat(request.response_format, own, facts, config);
  RenderModalities(request.output, config);
  SB_CHECK_OK(RenderThinking(request, own, facts, dropped, config));
  if (own) {
    RenderBehind(kConfigPrefix, request.extra, config);
  }
  config.EndObject();
  if (text != "{}") {
    out.Key("generationConfig").Raw(text);
  }
  return {};
}

}  // namespace signalbox::gemini
