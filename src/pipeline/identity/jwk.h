// An issuer's public keys: a JSON Web Key Set, read strictly.
//
// Owner:   a KeySet is shared by whoever verifies with it.
// Threads: any; read only once made.
// Errors:  kUpstreamProtocol for a text that is no key set. A key of a kind that is not used here
//          (another curve, for encryption, symmetric) is left out.
// Cancel:  nothing to undo.
// Source:  RFC 7517, RFC 7518 section 6, RFC 8037.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"

struct evp_pkey_st;

namespace signalbox::identity {

enum class Algorithm : std::uint8_t { kRs256, kEs256, kEdDsa };

struct PublicKey {
  std::string id;  // `kid`; empty: has none
  Algorithm algorithm = Algorithm::kRs256;
  std::shared_ptr<evp_pkey_st> key;
};

inline constexpr std::size_t kMostKeySetBytes = 256 * 1024;
inline constexpr std::size_t kMostKeysInSet = 100;

class KeySet {
 public:
  static core::Result<KeySet> Parse(std::string_view json);

  // The key with that id for that algorithm. A token without an id is verified by the only key
  // there is for its algorithm. Null: there is none.
  const PublicKey* Find(std::string_view id, Algorithm algorithm) const;
  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<PublicKey> keys_;
};

// Whether `signature`, as a JSON Web Signature has it, is that of `text` by `key`.
bool Verify(const PublicKey& key, std::string_view text, std::string_view signature);

}  // namespace signalbox::identity
