#include "vendors/dialects/openai_chat/usage_form.h"

#include <algorithm>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Usage;
using chat::UsageReport;
using core::Status;
using json::Value;

// What is no count states nothing. It is not kept as unknown either, because what we work out
// ourselves goes out under the same name.
Status ReadCount(const Value& value, std::int64_t& out) {
  out = std::max<std::int64_t>(value.AsInt().value_or(-1), -1);
  return {};
}

template <std::size_t size>
Status ReadDetails(const Value& value, const wire::Field<UsageReport> (&fields)[size],
                   UsageReport& out, chat::Extra& extra) {
  (void)wire::ReadObject(value, fields, out, extra, wire::Strictness::kLenient);
  return {};
}

Status Known(const Value&, UsageReport&) {
  return {};
}

using U = UsageReport;
using V = const Value&;
constexpr wire::Field<U> kInputFields[] = {
    {"cached_tokens", Known},
    {"audio_tokens", Known},
    {"cache_write_tokens", Known},
};

constexpr wire::Field<U> kOutputFields[] = {
    {"reasoning_tokens", Known},
    {"audio_tokens", Known},
    {"accepted_prediction_tokens",
     [](V v, U& out) { return ReadCount(v, out.accepted_prediction); }},
    {"rejected_prediction_tokens",
     [](V v, U& out) { return ReadCount(v, out.rejected_prediction); }},
};

constexpr wire::Field<U> kFields[] = {
    {"prompt_tokens", Known},
    {"completion_tokens", Known},
    {"total_tokens", [](V v, U& out) { return ReadCount(v, out.total); }},
    {"prompt_tokens_details",
     [](V v, U& out) { return ReadDetails(v, kInputFields, out, out.input_extra); }},
    {"completion_tokens_details",
     [](V v, U& out) { return ReadDetails(v, kOutputFields, out, out.output_extra); }},
};

void Count(json::Writer& out, std::string_view key, std::int64_t count) {
  if (count >= 0) {
    out.Key(key).Int(count);
  }
}

void RenderInputDetails(const U& usage, bool own, json::Writer& out) {
  if (usage.tokens.cached < 0 && usage.tokens.audio_input < 0 && usage.tokens.cache_write < 0 &&
      usage.input_extra.empty()) {
    return;
  }
  out.Key("prompt_tokens_details").BeginObject();
  Count(out, "cached_tokens", usage.tokens.cached);
  Count(out, "audio_tokens", usage.tokens.audio_input);
  Count(out, "cache_write_tokens", usage.tokens.cache_write);
  wire::RenderExtra(usage.input_extra, own, out);
  out.EndObject();
}

void RenderOutputDetails(const U& usage, bool own, json::Writer& out) {
  if (usage.tokens.reasoning < 0 && usage.tokens.audio_output < 0 &&
      usage.accepted_prediction < 0 && usage.rejected_prediction < 0 &&
      usage.output_extra.empty()) {
    return;
  }
  out.Key("completion_tokens_details").BeginObject();
  Count(out, "reasoning_tokens", usage.tokens.reasoning);
  Count(out, "audio_tokens", usage.tokens.audio_output);
  Count(out, "accepted_prediction_tokens", usage.accepted_prediction);
  Count(out, "rejected_prediction_tokens", usage.rejected_prediction);
  wire::RenderExtra(usage.output_extra, own, out);
  out.EndObject();
}

}  // namespace

UsageReport ParseUsage(const Value& usage) {
  UsageReport report;
  // Lenient reading of an object cannot fail, and what is no object states nothing.
  (void)wire::ReadObject(usage, kFields, report, report.extra, wire::Strictness::kLenient);
  report.tokens = ReadTokens(usage);
  return report;
}

void AddReport(const UsageReport& later, UsageReport& sum) {
  UsageReport merged = later;
  for (const auto count :
       {&Usage::input, &Usage::output, &Usage::cached, &Usage::reasoning, &Usage::cache_write,
        &Usage::cache_write_hour, &Usage::audio_input, &Usage::audio_cached, &Usage::audio_output,
        &Usage::image_input, &Usage::image_output, &Usage::citation, &Usage::images,
        &Usage::searches}) {
    if (merged.tokens.*count < 0) {
      merged.tokens.*count = sum.tokens.*count;
    }
  }
  sum = std::move(merged);
}

void RenderUsage(const UsageReport& usage, bool own, json::Writer& out) {
  const std::int64_t both = usage.tokens.input >= 0 && usage.tokens.output >= 0
                                ? usage.tokens.input + usage.tokens.output
                                : -1;
  // OpenAI always states these three; who states less has less to say in its own form alone.
  const auto always = [&](std::int64_t count) {
    return own ? count : std::max<std::int64_t>(count, 0);
  };
  out.BeginObject();
  Count(out, "prompt_tokens", always(usage.tokens.input));
  Count(out, "completion_tokens", always(usage.tokens.output));
  Count(out, "total_tokens", always(usage.total >= 0 ? usage.total : both));
  RenderInputDetails(usage, own, out);
  RenderOutputDetails(usage, own, out);
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_chat
