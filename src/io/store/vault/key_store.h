// Where wrapped data keys are kept, and nothing that could open them.
//
// Owner:   app/, outlives the Vault.
// Threads: any that may block.
// Errors:  kConflict: Save found another revision than the one expected: load and decide again.
//          Others as the file's or the database's; kInternal: what is there is no set of keys.
// Cancel:  a kill leaves the set as it was or as it was to be.
//
// The whole set, a few dozen keys, is read and replaced at once. So a database needs one row of
// (revision, text), text as KeySetJson writes it, and one UPDATE … WHERE revision = $1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/core/ids.h"
#include "io/store/vault/master_key.h"

namespace signalbox::vault {

struct DataKeyTag {
  static constexpr std::string_view kPrefix = "dkey_";
};
using DataKeyId = core::Id<DataKeyTag>;  // says when the key was made

// A data key in the box that only the master key opens.
struct WrappedKey {
  DataKeyId id;
  std::string purpose;
  std::string box;  // nonce, ciphertext, tag

  friend bool operator==(const WrappedKey&, const WrappedKey&) = default;
};

struct KeySet {
  std::uint64_t revision = 0;  // 0: nothing was saved yet; each Save counts one up
  MasterKeyId master;          // what wraps all of them
  std::vector<WrappedKey>
      keys;  // in the order in which they were made; the last of a purpose seals

  friend bool operator==(const KeySet&, const KeySet&) = default;
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  virtual core::Result<KeySet> Load() = 0;
  // Replaces the set of revision `set.revision - 1`.
  virtual core::Status Save(const KeySet& set) = 0;
  virtual std::string Name() const = 0;  // for people
};

}  // namespace signalbox::vault
