// Encryption at rest: seals what must not lie on a disk in the clear, each purpose with data keys
// of its own, all of them wrapped by the one master key.
//
// Owner:   app/, one per process; the KeyStore outlives it.
// Threads: any that may block: a purpose's first seal and an unknown key go to the key store.
// Errors:  kUnauthenticated: the data keys want another master key; says which. kNotFound: sealed
//          with a data key that is not there. kInternal: damaged or altered, or sealed for
//          something else. Others as the KeyStore's. None holds a key or a plaintext.
// Cancel:  a kill leaves the key store at the state before or after a change.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/random.h"
#include "base/core/time.h"
#include "io/store/vault/key_store.h"
#include "io/store/vault/purpose.h"
#include "io/store/vault/seal_stream.h"

namespace signalbox::vault {

// A secret for something that is no sealing: 32 bytes.
using Derived = std::array<std::byte, 32>;

// For people: how old a data key is, and whether it still seals.
struct KeyInfo {
  DataKeyId id;
  std::string purpose;
  core::WallTime made;
  bool newest = false;
};

class Vault {
 public:
  using Clock = core::WallTime (*)();
  // Looks for a master key that was not given: another process may have rotated it.
  using FindMasters =
      std::function<core::Result<std::vector<MasterKey>>(const MasterKeyId& wanted)>;

  // `masters`: the master key, and others that may be the one in use (the one before a rotation).
  static core::Result<std::unique_ptr<Vault>> Open(KeyStore& store, std::vector<MasterKey> masters,
                                                   FindMasters find = {},
                                                   Clock clock = core::WallNow);

  // `associated` is bound to the sealed bytes but not in them: say where they belong (table, row,
  // field, tenant), so that they open nowhere else.
  core::Result<std::string> Seal(Purpose purpose, std::string_view plaintext,
                                 std::string_view associated);
  core::Result<std::string> Unseal(Purpose purpose, std::string_view sealed,
                                   std::string_view associated);

  core::Result<StreamSealer> SealStream(Purpose purpose, std::string_view associated);
  // `head`: the first kHeadBytes of the stream.
  core::Result<StreamOpener> UnsealStream(Purpose purpose, std::string_view head,
                                          std::string_view associated);

  // What follows from the purpose's first data key and from `what` the secret is for: the same for
  // good, whatever is rotated. (BLAKE2b-256 of `what` under the key, RFC 7693.)
  core::Result<Derived> Derive(Purpose purpose, std::string_view what);

  // A new data key for what is sealed from now on; what was sealed before still opens. Another
  // process goes on with its newest key until it starts again.
  core::Result<DataKeyId> Rotate(Purpose purpose);

  // Wraps all data keys anew, at once: before it the old master key opens them, after it the new
  // one, and there is no between. Whoever calls has the new key on disk already.
  core::Status RotateMaster(const MasterKey& master);
  MasterKeyId master() const;

  std::vector<KeyInfo> Keys() const;

 private:
  // What is in use, replaced as a whole.
  struct State {
    KeyRing ring;
    MasterKeyId master;
  };
  using StatePointer = std::shared_ptr<const State>;

  Vault(KeyStore& store, std::vector<MasterKey> masters, FindMasters find, Clock clock);

  StatePointer state() const;
  core::Result<DataKeyPointer> Newest(std::string_view purpose);
  core::Result<DataKeyPointer> Named(std::string_view purpose, const DataKeyId& id);
  // The newest key of the purpose, made unless there is one other than `old`.
  core::Result<DataKeyPointer> Make(std::string_view purpose, const DataKeyPointer& old);
  // Decides on the keys as they are and saves, again while others change them meanwhile.
  core::Status Change(const std::function<core::Status(const State&)>& decide_and_save);

  // These with changing_ held.
  core::Status Load();
  core::Status Save(const KeyRing& ring, const DataKey* added, const MasterKey& master);
  const MasterKey* FindMaster(const MasterKeyId& id) const;  // null when it is not known
  void LookForMaster(const MasterKeyId& id);

  KeyStore& store_;
  FindMasters find_;
  Clock clock_;
  std::mutex changing_;             // held over the store's calls
  std::vector<MasterKey> masters_;  // under it; the first is for a store with no keys yet
  core::Random random_;             // the same; for ids
  mutable std::mutex mutex_;        // of state_, held for a copy of the pointer
  StatePointer state_;
};

}  // namespace signalbox::vault
