#include "io/store/hnsw/distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace signalbox::hnsw {
namespace {

using store::Metric;

template <bool kSquares>
[[gnu::always_inline]] inline float Term(float a, float b) {
  if constexpr (kSquares) {
    return (a - b) * (a - b);
  } else {
    return -(a * b);
  }
}

// Sums side by side, which the compiler turns into vector instructions of the caller's target.
template <bool kSquares>
[[gnu::always_inline]] inline float Sum(const float* a, const float* b, std::size_t dimension) {
  constexpr std::size_t kLanes = 32;
  std::array<float, kLanes> lanes{};
  std::size_t at = 0;
  for (; at + kLanes <= dimension; at += kLanes) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      lanes[i] += Term<kSquares>(a[at + i], b[at + i]);
    }
  }
  for (std::size_t i = 0; at < dimension; ++at, ++i) {
    lanes[i] += Term<kSquares>(a[at], b[at]);
  }
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

template <bool kSquares>
float Plain(const float* a, const float* b, std::size_t dimension) {
  return Sum<kSquares>(a, b, dimension);
}

#if defined(__x86_64__)
template <bool kSquares>
[[gnu::target("avx2,fma")]] float Wide(const float* a, const float* b, std::size_t dimension) {
  return Sum<kSquares>(a, b, dimension);
}
#endif

template <bool kSquares>
Distance Fastest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return Wide<kSquares>;
  }
#endif
  return Plain<kSquares>;
}

}  // namespace

Distance DistanceOf(Metric metric) {
  return metric == Metric::kL2 ? Fastest<true>() : Fastest<false>();
}

double Similarity(Metric metric, const float* a, const float* b, std::size_t dimension) {
  double sum = 0;
  for (std::size_t i = 0; i < dimension; ++i) {
    const double left = a[i];
    const double right = b[i];
    sum += metric == Metric::kL2 ? (left - right) * (left - right) : left * right;
  }
  switch (metric) {
    case Metric::kCosine:
      return store::RoundCosine(sum);
    case Metric::kDot:
      return sum;
    case Metric::kL2:
      return sum == 0 ? 0 : -std::sqrt(sum);
  }
  return sum;
}

float FarthestOf(Metric metric, double least) {
  constexpr double kRounding = 1e-4;
  const double exact = metric == Metric::kL2 ? std::min(least, 0.0) * least : -least;
  constexpr double kMost = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(exact + kRounding * (1 + std::abs(exact)), -kMost, kMost));
}

}  // namespace signalbox::hnsw
