#include "histogram.h"

#include <algorithm>
#include <bit>

namespace signalbox::bench {
namespace {

constexpr int kSubBits = 7;
constexpr std::uint64_t kSubBuckets = 1u << kSubBits;

std::size_t BucketOf(std::uint64_t value) {
  int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kSubBits - 1);
  return static_cast<std::size_t>(shift * kSubBuckets + (value >> shift));
}

std::uint64_t UpperEnd(std::size_t bucket) {
  if (bucket < 2 * kSubBuckets) return bucket;
  std::uint64_t shift = bucket / kSubBuckets - 1;
  std::uint64_t mantissa = bucket - shift * kSubBuckets;
  return ((mantissa + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_((64 - kSubBits + 1) * kSubBuckets) {}

void Histogram::Add(Nanos value) {
  value = std::max<Nanos>(value, 0);
  ++buckets_[BucketOf(static_cast<std::uint64_t>(value))];
  ++count_;
  max_ = std::max(max_, value);
}

Nanos Histogram::Percentile(double fraction) const {
  auto wanted = static_cast<std::uint64_t>(static_cast<double>(count_) * fraction);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen > wanted) return std::min(max_, static_cast<Nanos>(UpperEnd(bucket)));
  }
  return max_;
}

}  // namespace signalbox::bench
