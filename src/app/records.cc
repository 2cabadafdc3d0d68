#include "app/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/audit_note.h"
#include "base/telemetry/log.h"
#include "io/store/migration.h"
#include "io/store/vault/options.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/ledger/migrations.h"
#include "pipeline/quota/allowance.h"
#include "pipeline/quota/migrations.h"

namespace signalbox::app {
namespace {

// What an idle program holds for its database and for calls on their way into it.
constexpr std::uint64_t kCacheBytes = 1U << 20U;  // a connection's
constexpr std::uint32_t kShippedAtOnce = 5000;    // records

constexpr std::chrono::milliseconds kTickEach{500};
constexpr std::chrono::seconds kCatchUpEach{1};
constexpr std::chrono::seconds kCheckpointEach{5};

using telemetry::Level;
using telemetry::Log;

std::string DatabasePath(const std::string& data) {
  return (std::filesystem::path(data) / "signalbox.db").string();
}

// In the order of their numbers.
std::vector<store::Migration> AllMigrations() {
  std::vector<store::Migration> all;
  for (const auto stage : {identity::Migrations(), quota::Migrations(), ledger::Migrations()}) {
    all.insert(all.end(), stage.begin(), stage.end());
  }
  return all;
}

// Brings the database into the form that this program wants; what it was before stays beside it.
core::Status BringUpToDate(store::Sqlite& sql, const std::string& data) {
  const std::string before = DatabasePath(data) + ".before-upgrade";
  const auto migrations = AllMigrations();
  SB_TRY(const store::MigrationReport report,
         store::Migrate(sql, migrations, core::WallNow(), [&] { return sql.BackUp(before); }));
  if (!report.applied.empty() && std::filesystem::exists(before)) {
    Log(Level::kInfo, "the database was brought up to date",
        {{"changes", report.applied.size()}, {"copy_of_before", before}});
  }
  return {};
}

// A query inside another one: both readers are open from the start, so that nothing is opened later
// for want of a descriptor.
core::Status OpenReaders(store::Sql& sql) {
  const auto nothing = [](const store::Row&) { return core::Status(); };
  return sql.Query("SELECT 1", {},
                   [&](const store::Row&) { return sql.Query("SELECT 1", {}, nothing); });
}

// Hashes of virtual keys are keyed with what the vault keeps, which a rotation of the master key
// leaves as it is.
core::Result<identity::KeyHasher> HasherFrom(vault::Vault& vault) {
  SB_TRY(const vault::KeyedHash pepper, vault.Hash("pepper"));
  const vault::Digest digest = pepper("hashes of virtual keys");
  identity::KeyHasher::Secret secret;
  std::ranges::transform(digest, secret.begin(),
                         [](unsigned char byte) { return std::byte{byte}; });
  return identity::KeyHasher::Create(secret);
}

}  // namespace

Records::Records(const std::string& data)
    : data_(data), key_store_((std::filesystem::path(data) / "keys.json").string()) {}

core::Result<std::unique_ptr<Records>> Records::Open(const Options& options,
                                                     const config::Environment& environment,
                                                     ledger::Ledger* ledger) {
  std::unique_ptr<Records> records(new Records(options.data));
  SB_TRY(records->vault_,
         vault::OpenVault(options.encryption, environment, options.data, records->key_store_));
  SB_TRY(records->sql_,
         store::OpenSqlite(
             {.path = DatabasePath(options.data), .readers = 2, .cache_bytes = kCacheBytes}));
  SB_CHECK_OK(BringUpToDate(*records->sql_, options.data));
  SB_CHECK_OK(OpenReaders(*records->sql_));
  records->spending_ = std::make_unique<Spending>(*records->sql_, options.data);
  SB_CHECK_OK(records->spending_->Open(options, ledger));
  SB_TRY(auto hasher, HasherFrom(*records->vault_));
  SB_TRY(records->directory_,
         identity::Directory::Open({.sql = *records->sql_,
                                    .hasher = hasher,
                                    .mode = options.identity.keys,
                                    .make_allowance =
                                        [&registry = records->spending_->registry()](
                                            const request::Grant& grant, const auto&) {
                                          return quota::Resolve(registry, grant.parties);
                                        },
                                    .access_key = !options.access.key.empty()}));
  records->identity_ = std::make_unique<identity::Identity>(*records->sql_, *records->directory_);
  SB_TRY(records->first_key_, records->identity_->EnsureAdmin(core::WallNow()));
  return records;
}

core::Status Records::TakeArchive(ledger::Ledger& ledger) {
  const std::string directory = ledger::LedgerDirectory(data_);
  ledger::ShipperOptions options;
  options.batch = kShippedAtOnce;
  options.on_alarm = [](const core::Error* error) {
    if (error != nullptr) {
      Log(Level::kError,
          "settled calls cannot be brought into the database; they wait in the archive",
          {{"reason", error->message}});
    } else {
      Log(Level::kInfo, "settled calls come into the database again");
    }
  };
  shipper_ =
      std::make_unique<ledger::Shipper>(*sql_, directory, ledger.progress(), std::move(options));
  SB_TRY(auto audit, ledger::AuditLog::Open(directory));
  {
    const std::lock_guard lock(audit_mutex_);
    audit_ = std::move(audit);
  }
  shipper_->Start();
  return {};
}

void Records::LeaveArchive() {
  shipper_.reset();
  housekeeping_.Stop();
  spending_->StopFollowing();
  const std::lock_guard lock(audit_mutex_);
  audit_.reset();
}

void Records::Start() {
  directory_->Start();
  housekeeping_.Add(kTickEach, [this] { spending_->Tick(); });
  housekeeping_.Add(kTickEach, [this] { ShipAudit(); });
  housekeeping_.Add(kCatchUpEach, [this] { spending_->CatchUp(); });
  housekeeping_.Add(kCheckpointEach, [this] { spending_->Checkpoint(); });
  housekeeping_.Start();
}

std::shared_ptr<ledger::AuditLog> Records::audit() {
  const std::lock_guard lock(audit_mutex_);
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

core::Status Records::Adopt(const Options& options) {
  directory_->Adopt(options.identity.keys, !options.access.key.empty());
  return spending_->Adopt(options);
}

}  // namespace signalbox::app
