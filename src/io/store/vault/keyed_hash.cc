#include "io/store/vault/keyed_hash.h"

#include <sodium.h>

namespace signalbox::vault {

Digest KeyedHash::operator()(std::string_view text) const {
  Digest digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     key_->key.data(), kKeyBytes);
  return digest;
}

bool SameDigest(const Digest& a, const Digest& b) {
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace signalbox::vault
