// The management API over real keys and users in a database in memory.
//
// Owner: the test. Threads: the test's. Errors: expectations. Cancel: drained at its end.
#pragma once

#include "base/config/temp_folder_testing.h"
#include "io/store/migration.h"
#include "io/store/sqlite/sqlite.h"
#include "pipeline/cache/exact_cache.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/identity/view.h"
#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/migrations.h"
#include "pipeline/ledger/shipper.h"
#include "pipeline/ledger/store_testing.h"
#include "surface/api/api_testing.h"
#include "surface/api/key_verifier.h"

namespace signalbox::api {

// What an answer came to.
struct Told {
  int status = 0;
  std::string body;

  // The text of a member, looked for by its name anywhere in the body; empty: none.
  std::string Text(std::string_view member) const {
    const std::string mark = "\"" + std::string(member) + "\":\"";
    const std::size_t start = body.find(mark);
    return start == std::string::npos
               ? std::string()
               : body.substr(start + mark.size(),
                             body.find('"', start + mark.size()) - start - mark.size());
  }
};

class ManagementRig {
 public:
  ManagementRig() {
    std::vector<store::Migration> all;
    auto sql = store::OpenSqlite({});
    EXPECT_TRUE(sql) << sql.error().message;
    sql_ = *std::move(sql);
    for (const auto stage : {identity::Migrations(), ledger::Migrations()}) {
      all.insert(all.end(), stage.begin(), stage.end());
    }
    const auto migrated =
        store::Migrate(*sql_, all, core::WallNow(), [] { return core::Status(); });
    EXPECT_TRUE(migrated) << migrated.error().message;
    EXPECT_TRUE(ledger::TakeArchiveId(folder_.path()));
    auto audit = ledger::AuditLog::Open(folder_.path());
    EXPECT_TRUE(audit) << audit.error().message;
    audit_ = *std::move(audit);
    identity::KeyHasher::Secret secret{};
    secret.fill(std::byte{7});
    auto directory = identity::Directory::Open(
        {.sql = *sql_, .hasher = *identity::KeyHasher::Create(secret), .make_allowance = {}});
    EXPECT_TRUE(directory) << directory.error().message;
    directory_ = *std::move(directory);
    identity_ = std::make_unique<identity::Identity>(*sql_, *directory_);
    const auto first = identity_->EnsureAdmin(core::WallNow());
    EXPECT_TRUE(first && *first);
    root_ = first && *first ? **first : "";
    rig_ = std::make_unique<ApiRig>(
        "", [this](async::Loop& loop) { return std::make_shared<Viewed>(*directory_, loop); },
        Services{.identity = identity_.get(),
                 .records = sql_.get(),
                 .cache = &cache_,
                 .audit = [this] { return audit_; },
                 .note = [this](const Deed& deed) { return Note(deed); }});
  }

  Told Ask(const std::string& token, const std::string& method, const std::string& path,
           const std::string& body = "") {
    const std::string field = token.empty() ? "" : "authorization: Bearer " + token + "\r\n";
    const std::string answer = rig_->Ask(method + " " + path, field, body);
    return {.status = StatusOf(answer), .body = BodyOf(answer)};
  }
  // What has to be made: the answer's member, with an expectation.
  std::string Make(const std::string& token, const std::string& path, const std::string& body,
                   std::string_view member = "id") {
    const Told told = Ask(token, "POST", path, body);
    EXPECT_EQ(told.status, 201) << path << ' ' << body << ' ' << told.body;
    return told.Text(member);
  }

  const std::string& root() const { return root_; }  // token of the installation's first key
  ApiRig& rig() { return *rig_; }
  store::Sql& sql() { return *sql_; }
  // A settled call that arrived an hour ago, in the store; returns its id.
  std::string AddCall(const std::string& tenant, std::int64_t cost_nano_usd,
                      const std::function<void(ledger::Record&)>& change = {}) {
    ledger::Record record;
    record.type = ledger::RecordType::kSettlement;
    record.time = core::WallNow() - std::chrono::hours(1);
    record.request = core::RequestId::New(record.time, random_);
    record.provider = "edge";
    record.model = "small";
    record.parties.tenant = request::TenantId::Parse(tenant).value_or(request::TenantId());
    record.status = 200;
    record.usage.input = 10;
    record.usage.output = 5;
    record.cost_nano_usd = cost_nano_usd;
    if (change) {
      change(record);
    }
    archive_.Add(record);
    archive_.Commit();
    ledger::Shipper shipper(*sql_, folder_.path(), archive_.progress, {});
    EXPECT_TRUE(shipper.ShipAll());
    return record.request.Text();
  }

  // While `refuses`, the trail takes nothing.
  void RefuseNotes(bool refuses) { refuses_ = refuses; }
  core::Status Note(const Deed& deed) {
    if (refuses_) {
      return core::Fail(core::ErrorCode::kInternal, "the disk is full");
    }
    const auto or_null = [](const std::string& json) {
      return json.empty() ? std::string("null") : json;
    };
    SB_CHECK_OK(audit_->Append({.action = deed.action,
                                .entity_type = deed.action.substr(0, deed.action.find('.')),
                                .entity_id = deed.subject,
                                .user_id = deed.who,
                                .details = R"({"before":)" + or_null(deed.before) + R"(,"after":)" +
                                           or_null(deed.after) + "}",
                                .tenant = deed.tenant},
                               deed.at));
    return {};
  }
  // Everything that was noted, oldest first.
  std::vector<ledger::AuditRow> deeds() {
    EXPECT_TRUE(audit_->Ship(*sql_));
    std::vector<ledger::AuditRow> rows;
    EXPECT_TRUE(ledger::ListAudit(*sql_,
                                  {.period = {.begin = 0, .end = 1'000'000'000'000}, .most = 1000},
                                  [&](const ledger::AuditRow& row) {
                                    rows.insert(rows.begin(), row);
                                    return core::Status();
                                  }));
    return rows;
  }

 private:
  struct Viewed final : Verifier {
    Viewed(identity::Directory& directory, async::Loop& loop) : view(directory, loop) {}
    bool open() const override { return keys.open(); }
    Known Recognize(std::string_view credential, core::WallTime now) override {
      return keys.Recognize(credential, now);
    }
    async::Task<core::Result<request::Principal>> Ask(std::string credential, core::WallTime now,
                                                      async::Deadline deadline) override {
      return keys.Ask(std::move(credential), now, deadline);
    }
    identity::DirectoryView view;
    KeyVerifier keys{view};
  };

  std::unique_ptr<store::Sql> sql_;
  std::unique_ptr<identity::Directory> directory_;
  std::unique_ptr<identity::Identity> identity_;
  config::sample::TempFolder folder_;
  ledger::SampleArchive archive_{folder_.path()};
  std::shared_ptr<ledger::AuditLog> audit_;
  cache::ExactCache cache_{cache::ExactOptions()};
  std::string root_;
  core::Random random_;
  std::atomic<bool> refuses_ = false;
  std::unique_ptr<ApiRig> rig_;
};

}  // namespace signalbox::api
