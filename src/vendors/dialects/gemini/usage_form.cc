#include "vendors/dialects/gemini/usage_form.h"

#include <algorithm>

#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::UsageReport;
using json::Value;
using json::Writer;

struct Counts {
  std::int64_t prompt = -1;
  std::int64_t tools = -1;  // prompts of Google's own tools
  std::int64_t candidates = -1;
};

// [{"modality": "AUDIO", "tokenCount": 84}]; -1 when that one is not in it.
std::int64_t OfModality(const Value& details, std::string_view modality) {
  std::int64_t count = -1;
  if (details.IsArray()) {
    json::ForEachElement(details, [&](const Value& detail) {
      const auto name = detail.Find("modality");
      const auto tokens = detail.Find("tokenCount");
      std::string scratch;
      if (name && tokens && name->AsText(scratch) == modality) {
        count = tokens->AsInt().value_or(-1);
      }
    });
  }
  return count;
}

// False for a member that only `extra` has a place for.
bool ReadKnownCount(std::string_view name, const Value& value, Counts& counts, UsageReport& out) {
  const std::int64_t count = std::max<std::int64_t>(-1, value.AsInt().value_or(-1));
  if (name == "promptTokenCount") {
    counts.prompt = count;
  } else if (name == "candidatesTokenCount") {
    counts.candidates = count;
  } else if (name == "thoughtsTokenCount") {
    out.tokens.reasoning = count;
  } else if (name == "cachedContentTokenCount") {
    out.tokens.cached = count;
  } else if (name == "totalTokenCount") {
    out.total = count;
  } else {
    return false;
  }
  return true;
}

void ReadDetails(std::string_view name, const Value& value, chat::Usage& out) {
  if (name == "promptTokensDetails") {
    out.audio_input = OfModality(value, "AUDIO");
    out.image_input = OfModality(value, "IMAGE");
  } else if (name == "cacheTokensDetails") {
    out.audio_cached = OfModality(value, "AUDIO");
  } else if (name == "candidatesTokensDetails") {
    out.audio_output = OfModality(value, "AUDIO");
    out.image_output = OfModality(value, "IMAGE");
  }
}

std::int64_t Sum(std::int64_t a, std::int64_t b) {
  return a < 0 && b < 0 ? -1 : std::max<std::int64_t>(a, 0) + std::max<std::int64_t>(b, 0);
}

std::int64_t ToolPrompts(const UsageReport& usage) {
  const chat::Member* member = wire::FindMember(usage.extra, "toolUsePromptTokenCount");
  return member == nullptr ? 0 : static_cast<std::int64_t>(chat::Number{member->value}.value());
}

void RenderCount(std::string_view key, std::int64_t count, Writer& out) {
  if (count >= 0) {
    out.Key(key).Int(count);
  }
}

}  // namespace

UsageReport ParseUsage(const Value& usage) {
  UsageReport out;
  Counts counts;
  std::string text;
  json::ForEachMember(usage, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(text);
    if (ReadKnownCount(name, value, counts, out)) {
      return;
    }
    if (name == "toolUsePromptTokenCount") {
      counts.tools = value.AsInt().value_or(-1);
    }
    ReadDetails(name, value, out.tokens);
    if (!value.IsNull()) {
      KeepUnder({}, name, value, out.extra);
    }
  });
  out.tokens.input = Sum(counts.prompt, counts.tools);
  out.tokens.output = Sum(counts.candidates, out.tokens.reasoning);
  return out;
}

std::string TierOf(const Value& usage) {
  constexpr std::string_view kOnDemand = "on_demand";
  if (const auto tier = usage.Find("serviceTier"); tier && tier->IsString()) {
    return Lower(*tier->AsString());
  }
  const auto traffic = usage.Find("trafficType");
  const std::string type = traffic ? Lower(traffic->AsString().value_or("")) : "";
  return type.starts_with("on_demand_") ? type.substr(kOnDemand.size() + 1)
         : type == kOnDemand            ? "default"
                                        : type;
}

void RenderUsage(const UsageReport& usage, bool own, Writer& out) {
  const chat::Usage& tokens = usage.tokens;
  const std::int64_t tools = own ? ToolPrompts(usage) : 0;
  const std::int64_t thoughts = std::max<std::int64_t>(tokens.reasoning, 0);
  out.BeginObject();
  RenderCount("promptTokenCount",
              tokens.input < 0 ? -1 : std::max<std::int64_t>(0, tokens.input - tools), out);
  RenderCount("cachedContentTokenCount", tokens.cached, out);
  RenderCount("candidatesTokenCount",
              tokens.output < 0 ? -1 : std::max<std::int64_t>(0, tokens.output - thoughts), out);
  RenderCount("thoughtsTokenCount", tokens.reasoning, out);
  const bool sum = usage.total < 0 && tokens.input >= 0 && tokens.output >= 0 && !own;
  RenderCount("totalTokenCount", sum ? tokens.input + tokens.output : usage.total, out);
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::gemini
