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
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "app/housekeeping.h"
#include "app/options.h"
#include "app/spending.h"
#include "base/config/environment.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vault/file_key_store.h"
#include "io/store/vault/vault.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/token_users.h"
#include "pipeline/ledger/audit_log.h"
#include "pipeline/ledger/ledger.h"
#include "pipeline/ledger/shipper.h"
#include "surface/api/deed.h"

namespace signalbox::app {

class Records {
 public:
  // `ledger` with its archive, or null as long as another process has that.
  static core::Result<std::unique_ptr<Records>> Open(const Options& options,
                                                     const config::Environment& environment,
                                                     ledger::Ledger* ledger);

  // The ledger's archive is this process's now: what is settled is brought into the database, and
  // so is the audit trail.
  core::Status TakeArchive(ledger::Ledger& ledger);
  // Another process takes the archive over.
  void LeaveArchive();
  bool has_archive() const { return shipper_ != nullptr; }
  // Other processes' changes are looked for from now on.
  void Start();
  // Puts a change into the audit trail. Any thread that may block.
  core::Status Note(const api::Deed& deed);
  // What a reload changed.
  core::Status Adopt(const Options& options);

  identity::Directory& directory() { return *directory_; }
  identity::Identity& identity() { return *identity_; }
  identity::TokenUsers& token_users() { return *token_users_; }
  Spending& spending() { return *spending_; }
  store::Sql& sql() { return *sql_; }
  // The trail's first station; null while another process has the archive.
  std::shared_ptr<ledger::AuditLog> audit();
  // The installation's first key, once, in the process that made it.
  std::optional<std::string> TakeFirstKey() { return std::exchange(first_key_, std::nullopt); }

 private:
  explicit Records(const std::string& data);
  void ShipAudit();

  const std::string data_;
  vault::FileKeyStore key_store_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<store::Sqlite> sql_;
  std::unique_ptr<Spending> spending_;
  std::unique_ptr<identity::Directory> directory_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<identity::TokenUsers> token_users_;
  std::unique_ptr<ledger::Shipper> shipper_;
  std::mutex audit_mutex_;
  std::shared_ptr<ledger::AuditLog> audit_;  // under it; null: another process has the archive
  bool audit_failing_ = false;               // the housekeeping's
  Housekeeping housekeeping_;
  std::optional<std::string> first_key_;
};

}  // namespace signalbox::app
