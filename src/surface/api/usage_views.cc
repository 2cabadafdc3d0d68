#include "surface/api/usage_views.h"

namespace signalbox::api {
namespace {

using config::Table;
using ledger::Sum;

Moment MomentAt(std::int64_t second) {
  return {core::WallTime(std::chrono::seconds(second))};
}

}  // namespace

const Table<UsageView>& UsageView::Members() {
  static const auto table =
      Table<UsageView>("Usage", "What was used, added up.")
          .Add("value", &UsageView::value, {.doc = "Of what it was added up by: a model, a key, …"})
          .Add("requests", &UsageView::requests, {.doc = "Requests that came in."})
          .Add("calls", &UsageView::calls, {.doc = "Attempts at providers."})
          .Add("successes", &UsageView::successes, {.doc = "Attempts that gave an answer."})
          .Add("uncertain", &UsageView::uncertain, {.doc = "Attempts nobody knows the end of."})
          .Add("cached_calls", &UsageView::cached_calls, {.doc = "Answered from the cache."})
          .Add("input_tokens", &UsageView::input_tokens, {.doc = "Tokens sent."})
          .Add("output_tokens", &UsageView::output_tokens, {.doc = "Tokens answered."})
          .Add("cached_tokens", &UsageView::cached_tokens,
               {.doc = "Of those sent, read from the vendor's cache."})
          .Add("reasoning_tokens", &UsageView::reasoning_tokens,
               {.doc = "Of those answered, for reasoning."})
          .Add("cache_write_tokens", &UsageView::cache_write_tokens,
               {.doc = "Written into the vendor's cache."})
          .Add("audio_tokens", &UsageView::audio_tokens, {.doc = "Heard and spoken."})
          .Add("image_tokens", &UsageView::image_tokens, {.doc = "Seen and made."})
          .Add("images", &UsageView::images, {.doc = "Images made."})
          .Add("searches", &UsageView::searches, {.doc = "Searches made by models."})
          .Add("cost_usd", &UsageView::cost_usd, {.doc = "As far as it is known."})
          .Add("uncertain_usd", &UsageView::uncertain_usd,
               {.doc = "What uncertain calls reserved."})
          .Add("saved_usd", &UsageView::saved_usd, {.doc = "By the cache."})
          .Add("latency_p50_us", &UsageView::latency_p50_us,
               {.doc = "Half of the successes took less, in microseconds."})
          .Add("latency_p95_us", &UsageView::latency_p95_us, {.doc = "95 % took less."})
          .Add("latency_p99_us", &UsageView::latency_p99_us, {.doc = "99 % took less."});
  return table;
}

UsageView UsageView::Of(std::string value, const ledger::Totals& totals) {
  return {.value = std::move(value),
          .requests = totals[Sum::kRequests],
          .calls = totals[Sum::kCalls],
          .successes = totals[Sum::kSuccesses],
          .uncertain = totals[Sum::kUncertain],
          .cached_calls = totals[Sum::kCachedCalls],
          .input_tokens = totals[Sum::kInputTokens],
          .output_tokens = totals[Sum::kOutputTokens],
          .cached_tokens = totals[Sum::kCachedTokens],
          .reasoning_tokens = totals[Sum::kReasoningTokens],
          .cache_write_tokens = totals[Sum::kCacheWriteTokens],
          .audio_tokens = totals[Sum::kAudioTokens],
          .image_tokens = totals[Sum::kImageTokens],
          .images = totals[Sum::kImages],
          .searches = totals[Sum::kSearches],
          .cost_usd = {totals[Sum::kCost]},
          .uncertain_usd = {totals[Sum::kUncertainCost]},
          .saved_usd = {totals[Sum::kSaved]},
          .latency_p50_us = totals.Latency(0.50),
          .latency_p95_us = totals.Latency(0.95),
          .latency_p99_us = totals.Latency(0.99)};
}

const Table<UsagePointView>& UsagePointView::Members() {
  static const auto table =
      Table<UsagePointView>("UsagePoint", "What was used in one step of time.")
          .Add("begin", &UsagePointView::begin, {.doc = "Its first moment."})
          .Add("end", &UsagePointView::end, {.doc = "The first moment after it."})
          .Sub("usage", &UsagePointView::usage, UsageView::Members());
  return table;
}

UsagePointView UsagePointView::Of(const ledger::UsagePoint& point) {
  return {.begin = MomentAt(point.period.begin),
          .end = MomentAt(point.period.end),
          .usage = UsageView::Of("", point.totals)};
}

}  // namespace signalbox::api
