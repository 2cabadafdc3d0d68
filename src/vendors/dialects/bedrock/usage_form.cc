#include "vendors/dialects/bedrock/usage_form.h"

#include <algorithm>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::UsageReport;
using core::Status;
using json::Value;
using V = const Value&;

Status ReadCount(const Value& value, std::int64_t& out) {
  const auto count = value.AsInt();
  if (!count || *count < 0) {
    return wire::Expected("a count");
  }
  out = *count;
  return {};
}

// Of [{"ttl":"1h","inputTokens":n},…] what was written for an hour. The list stays as it is, too.
Status ReadDetails(const Value& value, UsageReport& out) {
  out.extra.push_back({"cacheDetails", std::string(value.Raw())});
  if (!value.IsArray()) {
    return {};
  }
  json::ForEachElement(value, [&](const Value& detail) {
    const auto ttl = detail.Find("ttl");
    const auto tokens = detail.Find("inputTokens");
    if (ttl && tokens && ttl->AsString() == "1h") {
      (void)ReadCount(*tokens, out.tokens.cache_write_hour);
    }
  });
  return {};
}

constexpr wire::Field<UsageReport> kFields[] = {
    {"inputTokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.input); }},
    {"outputTokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.output); }},
    {"totalTokens", [](V v, UsageReport& out) { return ReadCount(v, out.total); }},
    {"cacheReadInputTokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.cached); }},
    {"cacheWriteInputTokens",
     [](V v, UsageReport& out) { return ReadCount(v, out.tokens.cache_write); }},
    {"cacheDetails", ReadDetails},
};

std::int64_t Known(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

}  // namespace

UsageReport ParseUsage(const Value& usage) {
  UsageReport out;
  (void)wire::ReadObject(usage, kFields, out, out.extra, wire::Strictness::kLenient);
  if (out.tokens.input >= 0) {
    out.tokens.input += Known(out.tokens.cached) + Known(out.tokens.cache_write);
  }
  return out;
}

void RenderUsage(const UsageReport& usage, bool own, json::Writer& out) {
  const chat::Usage& tokens = usage.tokens;
  const std::int64_t cached = Known(tokens.cached) + Known(tokens.cache_write);
  out.BeginObject();
  if (!own || tokens.input >= 0) {
    out.Key("inputTokens").Int(Known(tokens.input - cached));
  }
  if (!own || tokens.output >= 0) {
    out.Key("outputTokens").Int(Known(tokens.output));
  }
  if (usage.total >= 0 || !own) {
    const std::int64_t sum = Known(tokens.input) + Known(tokens.output);
    out.Key("totalTokens").Int(own ? usage.total : sum);
  }
  if (tokens.cached >= 0) {
    out.Key("cacheReadInputTokens").Int(tokens.cached);
  }
  if (tokens.cache_write >= 0) {
    out.Key("cacheWriteInputTokens").Int(tokens.cache_write);
  }
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::bedrock
