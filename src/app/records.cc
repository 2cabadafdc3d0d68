#include "app/records.h"

#include <fmt/format.h>

#include "app/audit_note.h"
#include "app/database.h"
#include "app/key_store.h"
#include "base/json/writer.h"
#include "base/telemetry/log.h"
#include "io/store/vault/options.h"
#include "pipeline/quota/allowance.h"

namespace signalbox::app {
namespace {

constexpr std::uint32_t kShippedAtOnce = 5000;  // records

constexpr std::chrono::milliseconds kTickEach{500};
constexpr std::chrono::seconds kCatchUpEach{1};
constexpr std::chrono::seconds kCheckpointEach{5};
constexpr std::chrono::hours kRemoveEach{1};  // an entry of the audit trail each time

using telemetry::Level;
using telemetry::Log;

// Hashes of virtual keys are keyed with what the vault keeps, which no rotation changes.
core::Result<identity::KeyHasher> HasherFrom(vault::Vault& vault) {
  SB_TRY(const vault::Derived secret, vault.Derive("pepper", "hashes of virtual keys"));
  return identity::KeyHasher::Create(secret);
}

}  // namespace

Records::Records(const std::string& data) : data_(data) {}

core::Result<std::unique_ptr<Records>> Records::Open(const Options& options,
                                                     const config::Environment& environment,
                                                     ledger::Ledger* ledger) {
  std::unique_ptr<Records> records(new Records(options.data));
  SB_TRY(records->sql_, OpenDatabase(options));
  records->key_store_ = OpenKeyStore(options, records->sql_.get());
  SB_TRY(records->vault_,
         vault::OpenVault(options.encryption, environment, options.data, *records->key_store_));
  records->caretaker_ = std::make_unique<ledger::Caretaker>(
      *records->sql_,
      ledger::CaretakerOptions{.retention = options.retention,
                               .interval = kRemoveEach,
                               .on_removed = [records = records.get()](const auto& removed) {
                                 records->NoteRemoved(removed);
                               }});
  records->spending_ =
      std::make_unique<Spending>(*records->sql_, options.data, IsShared(options.store));
  SB_CHECK_OK(records->spending_->Open(options, ledger));
  SB_TRY(auto hasher, HasherFrom(*records->vault_));
  const identity::MakeAllowance make_allowance = [&registry = records->spending_->registry()](
                                                     const request::Grant& grant, const auto&) {
    return quota::Resolve(registry, grant.parties);
  };
  SB_TRY(records->directory_, identity::Directory::Open({.sql = *records->sql_,
                                                         .hasher = hasher,
                                                         .mode = options.identity.keys,
                                                         .make_allowance = make_allowance,
                                                         .asks = AsksForCredentials(options)}));
  records->identity_ = std::make_unique<identity::Identity>(*records->sql_, *records->directory_);
  records->token_users_ = std::make_unique<identity::TokenUsers>(
      *records->sql_, *records->directory_, make_allowance,
      [records = records.get()](core::WallTime now) {
        return std::make_unique<FirstSight>(
            [records](const api::Deed& deed) { return records->Note(deed); }, now);
      });
  SB_TRY(records->first_key_, records->identity_->EnsureAdmin(core::WallNow()));
  return records;
}

core::Status Records::TakeArchive(ledger::Ledger& ledger) {
  const std::string directory = ledger::LedgerDirectory(data_);
  ledger::ShipperOptions options;
  options.batch = kShippedAtOnce;
  auto shipper =
      std::make_unique<ledger::Shipper>(*sql_, directory, ledger.progress(), std::move(options));
  SB_TRY(auto audit, ledger::AuditLog::Open(directory));
  shipper->Start();
  const std::lock_guard lock(archive_mutex_);
  shipper_ = std::move(shipper);
  audit_ = std::move(audit);
  caretaker_->Start();
  return {};
}

bool Records::has_archive() {
  const std::lock_guard lock(archive_mutex_);
  return shipper_ != nullptr;
}

void Records::LeaveArchive() {
  housekeeping_.Stop();
  caretaker_->Stop();
  spending_->StopFollowing();
  const std::lock_guard lock(archive_mutex_);
  shipper_.reset();
  audit_.reset();
}

void Records::Start() {
  directory_->Start();
  housekeeping_.Add(kTickEach, [this] { spending_->Tick(); });
  housekeeping_.Add(kTickEach, [this] { ShipAudit(); });
  housekeeping_.Add(kTickEach, [this] { LookAtShipper(); });
  housekeeping_.Add(kCatchUpEach, [this] { spending_->CatchUp(); });
  housekeeping_.Add(kCheckpointEach, [this] { spending_->Checkpoint(); });
  housekeeping_.Start();
}

std::shared_ptr<ledger::AuditLog> Records::audit() {
  const std::lock_guard lock(archive_mutex_);
  return audit_;
}

core::Status Records::Note(const api::Deed& deed) {
  const auto log = audit();
  if (log == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      "the audit trail is being handed over to another process; try again");
  }
  SB_TRY([[maybe_unused]] const std::uint64_t number, log->Append(EntryOf(deed), deed.at));
  return {};
}

// By nobody: the configuration says so.
void Records::NoteRemoved(const ledger::Removed& removed) {
  api::Deed deed{.at = core::WallNow(), .action = "retention.remove", .subject = "store"};
  json::Writer(deed.after)
      .BeginObject()
      .Key("requests")
      .Uint(removed.requests)
      .Key("rollups")
      .Uint(removed.rollups)
      .Key("audit")
      .Uint(removed.audit)
      .EndObject();
  if (const auto noted = Note(deed); !noted) {
    Log(Level::kError, "what was removed could not be put into the audit trail",
        {{"reason", noted.error().message}});
  }
}

void Records::ShipAudit() {
  const auto log = audit();
  if (log == nullptr) {
    return;
  }
  const auto shipped = log->Ship(*sql_);
  if (!shipped && !audit_failing_) {
    Log(Level::kError, "the audit trail cannot be brought into the database; it waits in its file",
        {{"reason", shipped.error().message}});
  }
  audit_failing_ = !shipped;
}

void Records::LookAtShipper() {
  const std::lock_guard lock(archive_mutex_);
  if (shipper_ != nullptr) {
    const ledger::Backlog backlog = shipper_->backlog();
    waiting_bytes_.store(backlog.bytes, std::memory_order_relaxed);
    waiting_records_.store(backlog.records, std::memory_order_relaxed);
    ship_failing_.store(shipper_->failing(), std::memory_order_relaxed);
  }
}

Records::Waiting Records::waiting() const {
  return {.bytes = waiting_bytes_.load(std::memory_order_relaxed),
          .records = waiting_records_.load(std::memory_order_relaxed),
          .failing = ship_failing_.load(std::memory_order_relaxed)};
}

core::Status Records::Adopt(const Options& options) {
  directory_->Adopt(options.identity.keys, AsksForCredentials(options));
  caretaker_->Adopt(options.retention, core::WallNow());
  return spending_->Adopt(options);
}

}  // namespace signalbox::app
