// BLAKE2b with 256 bits (RFC 7693), by which records are chained: whoever changes one has to change
// all that follow.
//
// Owner: values. Threads: one per Hasher. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace signalbox::ledger {

using Digest = std::array<std::byte, 32>;

std::string HexOf(const Digest& digest);

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& Add(std::span<const std::byte> bytes);
  // Its length first, so that neighbours cannot be shifted into each other.
  Hasher& AddText(std::string_view text);
  Hasher& AddNumber(std::uint64_t number);
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace signalbox::ledger
