// Data keys: what seals. Random, one or more per purpose, wrapped by the master key where they are
// kept (XChaCha20-Poly1305 with the key's id, its purpose and the master key's id bound to it).
//
// Owner:   the Vault's KeyRing, shared with whoever seals or hashes with them.
// Threads: read only.
// Errors:  kInternal: a box that does not open under its master key.
// Cancel:  nothing waits.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/vault/key_store.h"
#include "io/store/vault/master_key.h"

namespace signalbox::vault {

struct DataKey {
  DataKeyId id;
  std::string purpose;
  SecretKey key;
};
using DataKeyPointer = std::shared_ptr<const DataKey>;

WrappedKey Wrap(const DataKey& key, const MasterKey& master);
core::Result<DataKeyPointer> Unwrap(const WrappedKey& wrapped, const MasterKey& master);

// All data keys of one revision of the key store.
class KeyRing {
 public:
  KeyRing() = default;
  // `master` is the one that the set names.
  static core::Result<KeyRing> Of(const KeySet& set, const MasterKey& master);

  // Null when there is none.
  DataKeyPointer Find(const DataKeyId& id) const;
  DataKeyPointer Newest(std::string_view purpose) const;
  DataKeyPointer First(std::string_view purpose) const;

  const std::vector<DataKeyPointer>& keys() const { return keys_; }
  std::uint64_t revision() const { return revision_; }

 private:
  std::uint64_t revision_ = 0;
  std::vector<DataKeyPointer> keys_;
  std::map<DataKeyId, std::size_t> by_id_;
  std::map<std::string, std::size_t, std::less<>> newest_;
};

}  // namespace signalbox::vault
