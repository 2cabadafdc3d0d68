#include "pipeline/ledger/totals.h"

#include <algorithm>

namespace signalbox::ledger {
namespace {

std::int64_t Known(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

}  // namespace

void Totals::Add(const Record& record, std::int64_t times) {
  if (record.cached) {
    At(Sum::kRequests) += times;
    At(Sum::kCachedCalls) += times;
    At(Sum::kSaved) += times * Known(record.saved_nano_usd);
    return;
  }
  const chat::Usage& usage = record.usage;
  const bool uncertain = record.outcome == Outcome::kUncertain;
  At(Sum::kRequests) += record.attempt <= 1 ? times : 0;
  At(Sum::kCalls) += times;
  At(Sum::kUncertain) += uncertain ? times : 0;
  At(Sum::kInputTokens) += times * Known(usage.input);
  At(Sum::kOutputTokens) += times * Known(usage.output);
  At(Sum::kCachedTokens) += times * Known(usage.cached);
  At(Sum::kReasoningTokens) += times * Known(usage.reasoning);
  At(Sum::kCacheWriteTokens) += times * Known(usage.cache_write);
  At(Sum::kAudioTokens) += times * (Known(usage.audio_input) + Known(usage.audio_output));
  At(Sum::kImageTokens) += times * (Known(usage.image_input) + Known(usage.image_output));
  At(Sum::kImages) += times * Known(usage.images);
  At(Sum::kSearches) += times * Known(usage.searches);
  At(Sum::kCost) += times * Known(record.cost_nano_usd);
  if (uncertain && record.cost_nano_usd < 0) {
    At(Sum::kUncertainCost) += times * Known(record.reserved_nano_usd);
  }
  if (record.outcome != Outcome::kOk) {
    return;
  }
  const auto latency = static_cast<std::int64_t>(record.total_us);
  At(Sum::kSuccesses) += times;
  At(Sum::kLatency) += times * latency;
  At(Sum::kFirstByte) += times * static_cast<std::int64_t>(record.first_byte_us);
  const auto bound = std::ranges::lower_bound(kLatencyBounds, latency);
  columns_[kSums + static_cast<std::size_t>(bound - kLatencyBounds.begin())] += times;
}

void Totals::Add(const Totals& other) {
  for (std::size_t i = 0; i < kColumns; ++i) {
    columns_[i] += other.columns_[i];
  }
}

std::int64_t Totals::Latency(double part) const {
  const auto classes = std::span(columns_).subspan<kSums>();
  std::int64_t all = 0;
  for (const std::int64_t count : classes) {
    all += count;
  }
  const double wanted = part * static_cast<double>(all);
  double before = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto count = static_cast<double>(classes[i]);
    if (count > 0 && before + count >= wanted) {
      const std::int64_t low = i == 0 ? 0 : kLatencyBounds[i - 1];
      const std::int64_t high = i < kLatencyBounds.size() ? kLatencyBounds[i] : 2 * low;
      const double inside = std::max(0.0, wanted - before) / count;
      return low + static_cast<std::int64_t>(inside * static_cast<double>(high - low));
    }
    before += count;
  }
  return 0;
}

}  // namespace signalbox::ledger
