#include "base/core/random.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstdlib>

namespace signalbox::core {

void Entropy(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      std::abort();  // without entropy no id and no secret can be made
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

Random::Random() {
  Entropy(std::as_writable_bytes(std::span(state_)));
}

Random::Random(std::uint64_t seed) {
  // SplitMix64 spreads one word over the state, as the generator's authors advise.
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = seed;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    word = mixed ^ (mixed >> 31U);
  }
}

std::uint64_t Random::Next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Draw() {
  return static_cast<double>(Next() >> 11U) * 0x1.0p-53;
}

}  // namespace signalbox::core
