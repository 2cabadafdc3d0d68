// The management API over real keys and users in a database in memory.
//
// Owner: the test. Threads: the test's. Errors: expectations. Cancel: drained at its end.
#pragma once

#include <mutex>

#include "io/store/migration.h"
#include "io/store/sqlite/sqlite.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/identity/view.h"
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
    auto sql = store::OpenSqlite({});
    EXPECT_TRUE(sql) << sql.error().message;
    sql_ = *std::move(sql);
    const auto migrated = store::Migrate(*sql_, identity::Migrations(), core::WallNow(),
                                         [] { return core::Status(); });
    EXPECT_TRUE(migrated) << migrated.error().message;
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
        Services{.identity = identity_.get(), .note = [this](const Deed& deed) {
                   const std::lock_guard lock(mutex_);
                   deeds_.push_back(deed);
                   return core::Status();
                 }});
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
  std::vector<Deed> deeds() {
    const std::lock_guard lock(mutex_);
    return deeds_;
  }

 private:
  struct Viewed final : Verifier {
    Viewed(identity::Directory& directory, async::Loop& loop) : view(directory, loop) {}
    bool open() const override { return keys.open(); }
    core::Result<request::Principal> Verify(std::string_view credential,
                                            core::WallTime now) override {
      return keys.Verify(credential, now);
    }
    identity::DirectoryView view;
    KeyVerifier keys{view};
  };

  std::unique_ptr<store::Sql> sql_;
  std::unique_ptr<identity::Directory> directory_;
  std::unique_ptr<identity::Identity> identity_;
  std::mutex mutex_;
  std::vector<Deed> deeds_;
  std::string root_;
  std::unique_ptr<ApiRig> rig_;
};

}  // namespace signalbox::api
