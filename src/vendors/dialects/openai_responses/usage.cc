#include "vendors/dialects/openai_responses/usage.h"

#include <algorithm>
#include <charconv>

#include "vendors/catalog/money.h"
#include "vendors/catalog/price.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::UsageReport;
using core::Status;
using json::Value;

constexpr std::int64_t kMostTokens = 1'000'000'000'000;  // above it a count is nonsense

Status ReadCount(const Value& value, std::int64_t& out) {
  const std::int64_t count = value.AsInt().value_or(-1);
  out = count > kMostTokens ? -1 : std::max<std::int64_t>(count, -1);
  return {};
}

template <std::size_t size>
Status ReadDetails(const Value& value, const wire::Field<UsageReport> (&fields)[size],
                   UsageReport& out, chat::Extra& extra) {
  (void)wire::ReadObject(value, fields, out, extra, wire::Strictness::kLenient);
  return {};
}

using U = UsageReport;
using V = const Value&;
constexpr wire::Field<U> kInputFields[] = {
    {"cached_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.cached); }},
    {"cache_write_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.cache_write); }},
    {"audio_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.audio_input); }},
    {"image_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.image_input); }},
};

constexpr wire::Field<U> kOutputFields[] = {
    {"reasoning_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.reasoning); }},
    {"audio_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.audio_output); }},
    {"image_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.image_output); }},
};

constexpr wire::Field<U> kFields[] = {
    {"input_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.input); }},
    {"output_tokens", [](V v, U& out) { return ReadCount(v, out.tokens.output); }},
    {"total_tokens", [](V v, U& out) { return ReadCount(v, out.total); }},
    {"input_tokens_details",
     [](V v, U& out) { return ReadDetails(v, kInputFields, out, out.input_extra); }},
    {"output_tokens_details",
     [](V v, U& out) { return ReadDetails(v, kOutputFields, out, out.output_extra); }},
};

void Count(json::Writer& out, std::string_view key, std::int64_t count) {
  if (count >= 0) {
    out.Key(key).Int(count);
  }
}

// Clients read the first count of the details without a look whether it is there.
void FirstCount(json::Writer& out, std::string_view key, std::int64_t count, bool own) {
  Count(out, key, own ? count : std::max<std::int64_t>(count, 0));
}

void RenderInputDetails(const U& usage, bool own, json::Writer& out) {
  const chat::Usage& tokens = usage.tokens;
  if (own && tokens.cached < 0 && tokens.cache_write < 0 && tokens.audio_input < 0 &&
      tokens.image_input < 0 && usage.input_extra.empty()) {
    return;
  }
  out.Key("input_tokens_details").BeginObject();
  FirstCount(out, "cached_tokens", tokens.cached, own);
  Count(out, "cache_write_tokens", tokens.cache_write);
  Count(out, "audio_tokens", tokens.audio_input);
  Count(out, "image_tokens", tokens.image_input);
  wire::RenderExtra(usage.input_extra, own, out);
  out.EndObject();
}

void RenderOutputDetails(const U& usage, bool own, json::Writer& out) {
  const chat::Usage& tokens = usage.tokens;
  if (own && tokens.reasoning < 0 && tokens.audio_output < 0 && tokens.image_output < 0 &&
      usage.output_extra.empty()) {
    return;
  }
  out.Key("output_tokens_details").BeginObject();
  FirstCount(out, "reasoning_tokens", tokens.reasoning, own);
  Count(out, "audio_tokens", tokens.audio_output);
  Count(out, "image_tokens", tokens.image_output);
  wire::RenderExtra(usage.output_extra, own, out);
  out.EndObject();
}

std::optional<catalog::NanoUsd> TicksIn(std::string_view written) {
  std::int64_t ticks = 0;
  const auto end = written.data() + written.size();
  const auto [stop, error] = std::from_chars(written.data(), end, ticks);
  const bool whole = error == std::errc() && stop == end && ticks >= 0;
  return whole ? std::optional(catalog::NanoUsd{(ticks / 10) + (ticks % 10 >= 5 ? 1 : 0)})
               : std::nullopt;
}

std::optional<catalog::NanoUsd> DollarsIn(std::string_view written) {
  const auto pico = catalog::ReadUsdRounded(written, catalog::Per::kOne);
  return pico ? std::optional(catalog::NanoUsd{(*pico + 500) / 1000}) : std::nullopt;
}

}  // namespace

UsageReport ParseUsage(const Value& usage) {
  UsageReport report;
  // Lenient reading of an object cannot fail, and what is no object states nothing.
  (void)wire::ReadObject(usage, kFields, report, report.extra, wire::Strictness::kLenient);
  return report;
}

void RenderUsage(const UsageReport& usage, bool own, json::Writer& out) {
  const chat::Usage& tokens = usage.tokens;
  const std::int64_t input = own ? tokens.input : std::max<std::int64_t>(tokens.input, 0);
  const std::int64_t output = own ? tokens.output : std::max<std::int64_t>(tokens.output, 0);
  const std::int64_t both = input >= 0 && output >= 0 ? input + output : -1;
  out.BeginObject();
  Count(out, "input_tokens", input);
  RenderInputDetails(usage, own, out);
  Count(out, "output_tokens", output);
  RenderOutputDetails(usage, own, out);
  Count(out, "total_tokens", usage.total >= 0 && own ? usage.total : both);
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

catalog::Bill BillOf(const UsageReport& usage, std::string_view service_tier) {
  catalog::Bill bill;
  bill.usage = usage.tokens;
  bill.tier = catalog::FindServiceTier(service_tier).value_or(catalog::ServiceTier::kStandard);
  if (const auto* ticks = wire::FindMember(usage.extra, "cost_in_usd_ticks")) {
    bill.stated = TicksIn(ticks->value);
  } else if (const auto* cost = wire::FindMember(usage.extra, "cost")) {
    bill.stated = DollarsIn(cost->value);
  }
  return bill;
}

}  // namespace signalbox::openai_responses
