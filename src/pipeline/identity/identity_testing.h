// A database in memory, a directory over it, the service, and principals as a worker makes them.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "io/store/sqlite/sqlite.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/identity/view.h"

namespace signalbox::identity {

inline constexpr core::WallTime kNow{std::chrono::seconds(1'800'000'000)};

inline KeyHasher TestHasher() {
  KeyHasher::Secret secret{};
  secret.fill(std::byte{7});
  return *KeyHasher::Create(secret);
}

inline std::unique_ptr<store::Sqlite> TestSql() {
  auto sql = store::OpenSqlite({.sync = store::Sync::kNone});
  EXPECT_TRUE(sql.has_value()) << sql.error().message;
  const auto report = store::Migrate(**sql, Migrations(), kNow, [] { return core::Status(); });
  EXPECT_TRUE(report.has_value()) << report.error().message;
  return *std::move(sql);
}

// A worker: its loop runs in a thread of its own.
class TestWorker {
 public:
  explicit TestWorker(Directory& directory)
      : loop_(*async::Loop::Create()), view_(directory, *loop_), thread_([this] { loop_->Run(); }) {
  }
  ~TestWorker() {
    loop_->Stop();
    thread_.join();
  }

  // Runs `work(view)` in the worker's thread and returns what it returns.
  template <typename Work>
  auto Do(Work work) {
    std::promise<decltype(work(std::declval<DirectoryView&>()))> done;
    loop_->Post([&] { done.set_value(work(view_)); });
    return done.get_future().get();
  }
  core::Result<request::Principal> Find(std::string_view token, core::WallTime now = kNow) {
    return Do([&](DirectoryView& view) { return view.Find(token, now); });
  }

 private:
  std::unique_ptr<async::Loop> loop_;
  DirectoryView view_;
  std::thread thread_;
};

struct World {
  World() { first = identity.EnsureAdmin(kNow).value().value(); }

  // Who `token` is, as a worker says.
  request::Principal Who(std::string_view token, core::WallTime now = kNow) {
    auto found = worker.Find(token, now);
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found.value_or(request::Principal::Anonymous());
  }
  bool Knows(std::string_view token, core::WallTime now = kNow) {
    return worker.Find(token, now).has_value();
  }
  Actor By(const request::Principal& principal, std::string tenant = {}) {
    return {.principal = principal, .tenant = std::move(tenant), .now = kNow};
  }
  Tenant NewTenantNamed(const std::string& name) {
    return identity.tenants().Create(By(Root()), {.name = name}).value().after.value();
  }
  User NewUserIn(const Tenant& tenant, const std::string& name,
                 request::Role role = request::Role::kMember) {
    return identity.users()
        .Create(By(Root(), tenant.id.Text()), {.name = name, .role = role})
        .value()
        .after.value();
  }
  // A key made by the installation's admin.
  IssuedKey NewKeyIn(const Tenant& tenant, KeyRights rights, const std::string& name = "key") {
    auto made = identity.keys().Create(By(Root(), tenant.id.Text()),
                                       {.name = name, .rights = std::move(rights)});
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return *std::move(made);
  }
  request::Principal Holder(const Tenant& tenant, KeyRights rights) {
    return Who(NewKeyIn(tenant, std::move(rights)).token);
  }
  const request::Principal& Root() {
    if (root.anonymous()) {
      root = Who(first);
    }
    return root;
  }

  std::unique_ptr<store::Sqlite> sql = TestSql();
  std::unique_ptr<Directory> directory =
      Directory::Open({.sql = *sql, .hasher = TestHasher()}).value();
  Identity identity{*sql, *directory};
  TestWorker worker{*directory};
  std::string first;  // the first key
  request::Principal root;
};

inline core::ErrorCode CodeOf(const auto& result) {
  EXPECT_FALSE(result.has_value());
  return result.has_value() ? core::ErrorCode::kInternal : result.error().code;
}

}  // namespace signalbox::identity
