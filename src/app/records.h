// What the installation keeps beside the ledger's own files, and who looks after it: the database,
// the vault that encrypts what must not lie there in the clear, who there is, and the shipper that
// brings settled calls into the database.
//
// Owner:   the Program; outlives the workers and the pool, goes before the ledger.
// Threads: Open, Start and Stop the main thread's, which may block; what it hands out says its own.
// Errors:  Open: the database is newer than the program, damaged, or cannot be written, each with
//          what to do.
// Cancel:  Stop ends the threads; a kill loses nothing that was told to anybody.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/options.h"
#include "base/config/environment.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vault/file_key_store.h"
#include "io/store/vault/vault.h"
#include "pipeline/identity/identity.h"
#include "pipeline/ledger/ledger.h"
#include "pipeline/ledger/shipper.h"

namespace signalbox::app {

class Records {
 public:
  static core::Result<std::unique_ptr<Records>> Open(const Options& options,
                                                     const config::Environment& environment);

  // `ledger` has the archive; what is settled is shipped from now on.
  void StartShipping(ledger::Ledger& ledger);
  // Other processes' changes are looked for from now on.
  void Start() { directory_->Start(); }
  void StopShipping() { shipper_.reset(); }
  // What a reload changed.
  void Adopt(const Options& options);

  identity::Directory& directory() { return *directory_; }
  identity::Identity& identity() { return *identity_; }
  const ledger::Shipper* shipper() const { return shipper_.get(); }  // null: not shipping
  // The installation's first key, once, in the process that made it.
  std::optional<std::string> TakeFirstKey() { return std::exchange(first_key_, std::nullopt); }

 private:
  explicit Records(const std::string& data);

  const std::string data_;
  vault::FileKeyStore key_store_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<store::Sqlite> sql_;
  std::unique_ptr<identity::Directory> directory_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<ledger::Shipper> shipper_;
  std::optional<std::string> first_key_;
};

}  // namespace signalbox::app
