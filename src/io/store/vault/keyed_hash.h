// Hashes that only the holder of a data key can make: for virtual keys, whose table must be worth
// nothing to whoever steals it.
//
// Owner:   whoever compares; keeps its data key alive. Threads: read only.
// Errors:  none. Cancel: nothing waits. Budget: 400 ns.
// Source:  BLAKE2b with a key, 256 bits (RFC 7693).
#pragma once

#include <array>
#include <string_view>

#include "io/store/vault/data_key.h"

namespace signalbox::vault {

using Digest = std::array<unsigned char, 32>;

class KeyedHash {
 public:
  explicit KeyedHash(DataKeyPointer key) : key_(std::move(key)) {}

  Digest operator()(std::string_view text) const;
  // To be kept beside the hash: after a rotation older hashes want their own key.
  DataKeyId key() const { return key_->id; }

 private:
  DataKeyPointer key_;
};

// In a time that does not depend on where they differ.
bool SameDigest(const Digest& a, const Digest& b);

}  // namespace signalbox::vault
