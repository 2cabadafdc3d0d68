// Chance. `Random` is a small fast generator for draws that decide (jitter, sampling, ids);
// `Entropy` fills bytes from the kernel, for seeds and secrets.
//
// Owner:   a Random belongs to one worker. Threads: not shared.
// Source:  xoshiro256++ 1.0, Blackman and Vigna, 2019.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace signalbox::core {

void Entropy(std::span<std::byte> out);

class Random {
 public:
  // Seeded from the kernel.
  Random();
  // Seeded for tests and replays: equal seeds give equal draws.
  explicit Random(std::uint64_t seed);

  std::uint64_t Next();
  // Uniform in [0, 1).
  double Draw();

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace signalbox::core
