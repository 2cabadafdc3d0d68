// What is stored of a key's secret: BLAKE2b-256 over its id and its secret, keyed with a secret of
// the installation. Who reads the database can neither use what stands there nor try guesses.
//
// Owner:   app/, one KeyHasher; a copy is a copy of the secret.
// Threads: any; read only once made.
// Errors:  Create refuses a secret that is none (all bytes zero): every other one is taken.
// Cancel:  nothing to undo. Budget: 0.3 µs a hash.
// Source:  RFC 7693.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/core/error.h"
#include "pipeline/request/attribution.h"

namespace signalbox::identity {

using KeyHash = std::array<std::byte, 32>;

class KeyHasher {
 public:
  using Secret = std::array<std::byte, 32>;
  static core::Result<KeyHasher> Create(const Secret& secret);

  KeyHash Hash(request::KeyId id, std::string_view secret) const;

 private:
  explicit KeyHasher(const Secret& secret) : secret_(secret) {}

  Secret secret_;
};

// In a time that does not depend on where they differ.
bool Same(const KeyHash& a, const KeyHash& b);

}  // namespace signalbox::identity
