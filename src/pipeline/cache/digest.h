// What names an entry: SHA-256 over everything that makes two requests the same.
#pragma once

#include <array>
#include <cstdint>

namespace signalbox::cache {

struct Digest {
  std::array<std::uint64_t, 4> words{};
  friend bool operator==(const Digest&, const Digest&) = default;
};

}  // namespace signalbox::cache
