// What is added up about calls: counts, tokens by kind, money, latency with its distribution.
//
// Owner: plain data. Threads: one. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

// The columns of usage_rollups behind its key, in their order.
enum class Sum : std::uint8_t {
  kRequests,   // whose first attempt it is, or that the cache answered
  kCalls,      // attempts
  kSuccesses,  // of attempts: outcome ok
  kUncertain,
  kCachedCalls,  // requests that the cache answered; in none of the sums but this, kRequests,
                 // kSaved
  kInputTokens,
  kOutputTokens,
  kCachedTokens,
  kReasoningTokens,
  kCacheWriteTokens,
  kAudioTokens,  // heard and spoken
  kImageTokens,  // seen and made
  kImages,
  kSearches,
  kCost,           // as far as it is known, in nano-dollars
  kUncertainCost,  // what uncertain calls had reserved, in nano-dollars
  kSaved,          // by the cache, in nano-dollars
  kLatency,        // of successes, from arrival to the end, in microseconds
  kFirstByte,      // of successes, in microseconds
};
inline constexpr std::size_t kSums = 19;

// Upper bounds of the classes of latency in microseconds; the last class has none.
inline constexpr std::array<std::int64_t, 23> kLatencyBounds = {
    5'000,     10'000,    25'000,     50'000,     75'000,     100'000,    150'000,    200'000,
    300'000,   400'000,   600'000,    800'000,    1'200'000,  1'600'000,  2'400'000,  3'200'000,
    4'800'000, 6'400'000, 10'000'000, 15'000'000, 30'000'000, 60'000'000, 120'000'000};
inline constexpr std::size_t kLatencyClasses = kLatencyBounds.size() + 1;

class Totals {
 public:
  static constexpr std::size_t kColumns = kSums + kLatencyClasses;

  // Counts `record`, a settlement, `times` times: -1 takes it out again.
  void Add(const Record& record, std::int64_t times);
  void Add(const Totals& other);

  std::int64_t operator[](Sum sum) const { return columns_[static_cast<std::size_t>(sum)]; }
  // All sums, then the number of successes in each class of latency.
  std::span<const std::int64_t, kColumns> columns() const { return columns_; }
  std::span<std::int64_t, kColumns> columns() { return columns_; }
  bool empty() const { return *this == Totals{}; }

  // The latency that `part` (0 to 1) of the successes stay below, in microseconds, read off the
  // distribution; 0 where there are none.
  std::int64_t Latency(double part) const;

  friend bool operator==(const Totals&, const Totals&) = default;

 private:
  std::int64_t& At(Sum sum) { return columns_[static_cast<std::size_t>(sum)]; }

  std::array<std::int64_t, kColumns> columns_{};
};

}  // namespace signalbox::ledger
