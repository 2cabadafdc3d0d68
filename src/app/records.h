// What the installation keeps beside the ledger's own files, and who looks after it: the database,
// the vault that encrypts what must not lie there in the clear, who there is, and the shipper that
// brings settled calls into the database.
//
// Owner:   the Program; outlives the workers and the pool, goes before the ledger.
// Threads: Open, Start and Stop the main thread's, which may block; what it hands out says its own.
// Errors:  Open: the database's, the vault's, each with what to do.
// Cancel:  Stop ends the threads; a kill loses nothing that was told to anybody.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "app/housekeeping.h"
#include "app/options.h"
#include "app/spending.h"
#include "base/config/environment.h"
#include "io/store/sql.h"
#include "io/store/vault/key_store.h"
#include "io/store/vault/vault.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/token_users.h"
#include "pipeline/ledger/audit_log.h"
#include "pipeline/ledger/caretaker.h"
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
  bool has_archive();
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
  // As retention leaves the rollups. Any thread.
  ledger::Kept kept() const { return caretaker_->kept(core::WallNow()); }
  // What waits to be brought into the database, as it was a moment ago. Any thread.
  struct Waiting {
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;
    bool failing = false;
  };
  Waiting waiting() const;
  // The trail's first station; null while another process has the archive.
  std::shared_ptr<ledger::AuditLog> audit();
  // The installation's first key, once, in the process that made it.
  std::optional<std::string> TakeFirstKey() { return std::exchange(first_key_, std::nullopt); }

 private:
  explicit Records(const std::string& data);
  void ShipAudit();
  void NoteRemoved(const ledger::Removed& removed);
  void LookAtShipper();

  const std::string data_;
  std::unique_ptr<store::Sql> sql_;
  std::unique_ptr<vault::KeyStore> key_store_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<Spending> spending_;
  std::unique_ptr<identity::Directory> directory_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<identity::TokenUsers> token_users_;
  std::mutex archive_mutex_;  // over both; null: another process has the archive
  std::unique_ptr<ledger::Shipper> shipper_;
  std::shared_ptr<ledger::AuditLog> audit_;
  std::unique_ptr<ledger::Caretaker> caretaker_;
  std::atomic<std::uint64_t> waiting_bytes_{0};
  std::atomic<std::uint64_t> waiting_records_{0};
  std::atomic<bool> ship_failing_{false};
  bool audit_failing_ = false;  // the housekeeping's
  Housekeeping housekeeping_;
  std::optional<std::string> first_key_;
};

}  // namespace signalbox::app
