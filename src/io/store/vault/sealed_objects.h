// Objects whose contents are sealed on their way into another store. Their keys are not.
//
// Owner:   app/; the store and the vault outlive it.
// Threads, Cancel: as the store's.
// Errors:  as the store's and the Vault's; an object that was altered, cut off or put at another
// key
//          does not open.
//
// An object is one sealed stream, bound to its key. A range is opened from the beginning up to its
// end, because a stream opens in no other order: cheap for what an episode weighs.
#pragma once

#include <string>

#include "io/store/objects.h"
#include "io/store/vault/vault.h"

namespace signalbox::vault {

class SealedObjects final : public store::Objects {
 public:
  SealedObjects(store::Objects& store, Vault& vault, Purpose purpose)
      : store_(store), vault_(vault), purpose_(purpose) {}

  core::Result<store::ObjectInfo> Put(const store::ObjectKey& key,
                                      const store::ObjectSource& source,
                                      const store::PutOptions& options) override;
  core::Result<store::ObjectInfo> Get(const store::ObjectKey& key, const store::ByteRange& range,
                                      const store::ObjectSink& sink) override;
  core::Result<store::ObjectInfo> Find(const store::ObjectKey& key) override;
  core::Status Delete(const store::ObjectKey& key) override { return store_.Delete(key); }
  // The size of an object that lies there unsealed is given as it is.
  core::Result<store::ObjectPage> List(const store::ListRequest& request) override;
  void Stop() override { store_.Stop(); }
  std::string Name() const override { return store_.Name(); }

 private:
  store::Objects& store_;
  Vault& vault_;
  Purpose purpose_;
};

}  // namespace signalbox::vault
