// What stands beside the messages of a request, out.
#include <algorithm>
#include <array>

#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/render_request.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using catalog::Ability;
using chat::Request;

constexpr std::int64_t kLeastBudget = 1024;  // tokens; Claude refuses a smaller one

struct Effort {
  std::string_view word;
  std::int64_t budget;    // Claude
  std::string_view step;  // Nova and gpt-oss have three
};
constexpr Effort kEfforts[] = {
    {"minimal", 1024, "low"}, {"low", 2048, "low"},     {"medium", 8192, "medium"},
    {"high", 16384, "high"},  {"xhigh", 32768, "high"}, {"max", 32768, "high"},
};
constexpr Effort kMedium = kEfforts[2];

const Effort& EffortOf(const chat::ReasoningOptions& reasoning) {
  for (const Effort& row : kEfforts) {
    if (row.word == reasoning.effort) {
      return row;
    }
  }
  if (reasoning.budget) {  // the largest that does not think more than asked for
    const Effort* best = &kEfforts[0];
    for (const Effort& row : kEfforts) {
      best = row.budget <= *reasoning.budget ? &row : best;
    }
    return *best;
  }
  return kMedium;
}

// Which member of the request asks for it: for the list of what was dropped.
std::string_view AskedBy(const chat::ReasoningOptions& reasoning) {
  return !reasoning.effort.empty() ? "reasoning.effort"
         : reasoning.budget        ? "reasoning.budget"
                                   : "reasoning.enabled";
}

// The budget has to leave room for an answer: a quarter of the bound, where nobody stated one that
// is below it.
std::int64_t BudgetOf(const Request& request) {
  const auto& stated = request.reasoning.budget;
  const std::int64_t wanted = stated.value_or(EffortOf(request.reasoning).budget);
  const auto& bound = request.sampling.max_output_tokens;
  if (!bound || (stated && *stated < *bound)) {
    return std::max(kLeastBudget, wanted);
  }
  return std::max(kLeastBudget, std::min(wanted, *bound - *bound / 4));
}

void RenderBudget(std::int64_t budget, json::Writer& out) {
  out.Key("thinking").BeginObject().Key("type").String("enabled");
  out.Key("budget_tokens").Int(budget).EndObject();
}

void RenderNovaEffort(std::string_view step, json::Writer& out) {
  out.Key("reasoningConfig").BeginObject().Key("type").String("enabled");
  out.Key("maxReasoningEffort").String(step).EndObject();
}

// Claude of 4.7 and later.
void RenderAdaptive(const Outgoing& of, json::Writer& out) {
  const chat::ReasoningOptions& reasoning = of.request.reasoning;
  out.Key("thinking").BeginObject().Key("type").String("adaptive").EndObject();
  if (!reasoning.effort.empty() || reasoning.budget) {
    out.Key("output_config").BeginObject().Key("effort");
    out.String(of.known.NearestEffort(EffortOf(reasoning).word)).EndObject();
  }
}

bool HasEfforts(const Outgoing& of) {
  return of.family == Family::kGptOss ||
         (of.family == Family::kNova && of.known.Can(Ability::kEffort));
}

void RenderReasoning(const Outgoing& of, json::Writer& out) {
  const chat::ReasoningOptions& reasoning = of.request.reasoning;
  if (of.thinks && of.known.Lacks(Ability::kBudget)) {
    RenderAdaptive(of, out);
  } else if (of.thinks) {
    RenderBudget(BudgetOf(of.request), out);
  } else if (!AsksToThink(of.request)) {
    return;
  } else if (!HasEfforts(of)) {
    of.dropped.emplace_back(AskedBy(reasoning));
  } else if (of.family == Family::kNova) {
    RenderNovaEffort(EffortOf(reasoning).step, out);
  } else {
    out.Key("reasoning_effort").String(EffortOf(reasoning).step);
  }
}

// Claude refuses to think at another temperature, and the newest to be told one at all.
bool MaySample(const Outgoing& of) {
  return of.own || (!of.thinks && !of.known.Lacks(Ability::kSampling));
}

void RenderTopK(const Outgoing& of, json::Writer& out) {
  const auto& top_k = of.request.sampling.top_k;
  if (!top_k) {
    return;
  }
  if (of.family == Family::kClaude && MaySample(of)) {
    out.Key("top_k").Raw(top_k->written);
  } else if (of.family == Family::kNova) {
    out.Key(kInference).BeginObject().Key("topK").Raw(top_k->written).EndObject();
  } else {
    of.dropped.emplace_back("top_k");
  }
}

// Those of a request that came in this dialect: as ReadAdditional took them.
void RenderOwnAdditional(const Request& request, json::Writer& out) {
  const chat::ReasoningOptions& reasoning = request.reasoning;
  if (reasoning.budget) {
    RenderBudget(*reasoning.budget, out);
  } else if (reasoning.enabled == false) {
    out.Key("thinking").BeginObject().Key("type").String("disabled").EndObject();
  }
  if (!reasoning.effort.empty()) {
    RenderNovaEffort(reasoning.effort, out);
  }
  wire::RenderNumber("top_k", request.sampling.top_k, out);
  RenderUnder(kAdditional, request, true, out);
}

// AWS takes texts of these characters and refuses the whole request for any other.
bool IsMetadata(const chat::Member& member) {
  constexpr std::size_t kLongest = 256;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 :_@$#=/+,-.";
  const std::string_view value = member.value;
  if (value.size() < 2 || value.front() != '"' || value.size() > kLongest + 2 ||
      member.key.empty() || member.key.size() > kLongest) {
    return false;
  }
  return value.substr(1, value.size() - 2).find_first_not_of(kAllowed) == std::string_view::npos &&
         member.key.find_first_not_of(kAllowed) == std::string::npos;
}

void RenderMetadata(const Outgoing& of, json::Writer& out) {
  constexpr std::size_t kMost = 16;
  chat::Extra fit;
  for (const chat::Member& member : of.request.metadata) {
    if (of.own ||
        (IsMetadata(member) && fit.size() < kMost && !member.key.starts_with("x-signalbox-"))) {
      fit.push_back(member);
    } else if (!member.key.starts_with("x-signalbox-")) {
      of.dropped.push_back("metadata." + member.key);
    }
  }
  if (!fit.empty() || (of.own && of.request.metadata_stated)) {
    out.Key("requestMetadata").BeginObject();
    wire::RenderExtra(fit, true, out);
    out.EndObject();
  }
}

void RenderTier(const Outgoing& of, json::Writer& out) {
  constexpr std::array<std::string_view, 6> kUsual = {"auto",          "default",   "standard",
                                                      "standard_only", "on_demand", ""};
  const std::string& tier = of.request.service_tier;
  if (!of.own && std::ranges::find(kUsual, tier) != kUsual.end()) {
    return;
  }
  if (!of.own && tier != "flex" && tier != "priority") {
    of.dropped.emplace_back("service_tier");
    return;
  }
  if (!tier.empty()) {
    out.Key("serviceTier").BeginObject().Key("type").String(tier).EndObject();
  }
}

void RenderOutputConfig(const chat::ResponseFormat& format, bool own, json::Writer& out) {
  if (format.kind != chat::FormatKind::kJsonSchema) {
    return;
  }
  out.Key("outputConfig").BeginObject().Key("textFormat").BeginObject();
  out.Key("type").String("json_schema").Key("structure").BeginObject();
  out.Key("jsonSchema").BeginObject();
  out.Key("schema").String(format.schema.empty() ? R"({"type":"object"})" : format.schema);
  wire::RenderText("name", format.name, out);
  wire::RenderText("description", format.description, out);
  wire::RenderExtra(format.inner_extra, own, out);
  out.EndObject().EndObject().EndObject().EndObject();
}

bool IsUnder(std::string_view place, std::string_view key) {
  return key.size() > place.size() + 1 && key.starts_with(place) && key[place.size()] == '.';
}

}  // namespace

bool AsksToThink(const Request& request) {
  const chat::ReasoningOptions& reasoning = request.reasoning;
  return reasoning.enabled != false && reasoning.effort != "none" &&
         (reasoning.budget.value_or(0) > 0 || !reasoning.effort.empty() ||
          reasoning.enabled == true);
}

bool HasRoomToThink(const Request& request) {
  return request.sampling.max_output_tokens.value_or(kLeastBudget + 1) > kLeastBudget;
}

void RenderInference(const Outgoing& of, json::Writer& out) {
  const chat::Sampling& s = of.request.sampling;
  const bool plain = MaySample(of);
  const bool top_p = plain && (of.own || !s.temperature || !of.known.Lacks(Ability::kBothTopP));
  const bool any = s.max_output_tokens || (plain && s.temperature) || (top_p && s.top_p) ||
                   !s.stop.empty() || HasUnder(kInference, of.request, of.own);
  if (!plain && s.temperature) {
    of.dropped.emplace_back("temperature");
  }
  if (!top_p && s.top_p) {
    of.dropped.emplace_back("top_p");
  }
  if (!any) {
    return;
  }
  out.Key(kInference).BeginObject();
  wire::RenderInt("maxTokens", s.max_output_tokens, out);
  if (plain) {
    wire::RenderNumber("temperature", s.temperature, out);
  }
  if (top_p) {
    wire::RenderNumber("topP", s.top_p, out);
  }
  wire::RenderTextList("stopSequences", s.stop, out);
  RenderUnder(kInference, of.request, of.own, out);
  out.EndObject();
}

void RenderAdditional(const Outgoing& of, json::Writer& out) {
  std::string members;
  json::Writer inside(members);
  inside.BeginObject();
  if (of.own) {
    RenderOwnAdditional(of.request, inside);
  } else {
    RenderReasoning(of, inside);
    RenderTopK(of, inside);
    if (HasOneCallAtATime(of) && of.family == Family::kClaude) {
      RenderClaudeToolChoice(of.request, inside);
    } else if (HasOneCallAtATime(of)) {
      of.dropped.emplace_back("parallel_tool_calls");
    }
  }
  inside.EndObject();
  if (members != "{}") {
    out.Key(kAdditional).Raw(members);
  }
}

void RenderOptions(const Outgoing& of, json::Writer& out) {
  RenderMetadata(of, out);
  RenderTier(of, out);
  RenderOutputConfig(of.request.response_format, of.own, out);
  for (const chat::Member& member : of.request.extra) {
    const bool placed = IsUnder(kInference, member.key) || IsUnder(kToolConfig, member.key) ||
                        IsUnder(kAdditional, member.key);
    if (of.own && !placed) {
      out.Key(member.key).Raw(member.value);
    }
  }
}

void RenderUnder(std::string_view place, const Request& request, bool own, json::Writer& out) {
  for (const chat::Member& member : request.extra) {
    if (own && IsUnder(place, member.key)) {
      out.Key(std::string_view(member.key).substr(place.size() + 1)).Raw(member.value);
    }
  }
}

bool HasUnder(std::string_view place, const Request& request, bool own) {
  return own && std::ranges::any_of(request.extra, [&](const chat::Member& member) {
           return IsUnder(place, member.key);
         });
}

}  // namespace signalbox::bedrock
