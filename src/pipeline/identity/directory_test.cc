#include "pipeline/identity/directory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "pipeline/identity/identity_testing.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;

// A database that can be away.
class Cut final : public store::Sql {
 public:
  explicit Cut(store::Sql& sql) : sql_(sql) {}

  core::Status Query(store::Statement statement, store::Params params,
                     const store::VisitRow& visit) override {
    return away ? Away() : sql_.Query(statement, params, visit);
  }
  core::Status Write(const store::Work& work) override { return away ? Away() : sql_.Write(work); }
  store::Engine engine() const override { return sql_.engine(); }
  std::string Name() const override { return sql_.Name(); }

  std::atomic<bool> away = false;

 private:
  static core::Status Away() { return core::Fail(ErrorCode::kUnavailable, "away"); }

  store::Sql& sql_;
};

// Waits until `done` says so.
bool Soon(const std::function<bool()>& done) {
  for (int i = 0; i < 1000; ++i) {
    if (done()) {
      return true;
    }
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

TEST(Directory, AnotherProcessLearnsWhatChanged) {
  World world;
  const auto replica = Directory::Open({.sql = *world.sql, .hasher = TestHasher()}).value();
  TestWorker worker(*replica);
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {});
  EXPECT_FALSE(worker.Find(made.token).has_value());
  ASSERT_TRUE(replica->CatchUp());
  EXPECT_TRUE(worker.Find(made.token).has_value());
  EXPECT_TRUE(worker.Do([](DirectoryView& view) { return view.asks(); }));
  replica->Start();
  ASSERT_TRUE(world.identity.keys().Revoke(world.By(world.Root(), tenant.id.Text()),
                                           made.change.after->id));
  EXPECT_TRUE(Soon([&] { return !worker.Find(made.token).has_value(); }));
}

TEST(Directory, WhoIsFarBehindReadsEverythingAgain) {
  World world;
  const auto replica = Directory::Open({.sql = *world.sql, .hasher = TestHasher()}).value();
  TestWorker worker(*replica);
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey kept = world.NewKeyIn(tenant, {});
  const IssuedKey gone = world.NewKeyIn(tenant, {});
  ASSERT_TRUE(replica->CatchUp());
  const Actor root = world.By(world.Root(), tenant.id.Text());
  ASSERT_TRUE(world.identity.keys().Remove(root, gone.change.after->id));
  ASSERT_TRUE(world.identity.keys().Update(root, kept.change.after->id, {.name = "new"}));
  ASSERT_TRUE(world.sql->Write([](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run(
        "DELETE FROM identity_changes WHERE number < (SELECT max(number) FROM identity_changes)",
        {}));
    return {};
  }));
  ASSERT_TRUE(replica->CatchUp());
  EXPECT_FALSE(worker.Find(gone.token).has_value());
  EXPECT_EQ(worker.Find(kept.token)->grant->name, "new");
}

TEST(Directory, KnownKeysStayGoodWhileTheDatabaseIsAway) {
  World world;
  Cut cut(*world.sql);
  const auto replica = Directory::Open({.sql = cut, .hasher = TestHasher()}).value();
  TestWorker worker(*replica);
  const Tenant tenant = world.NewTenantNamed("acme");
  cut.away = true;
  replica->Start();
  replica->Nudge();
  const IssuedKey made = world.NewKeyIn(tenant, {});
  EXPECT_TRUE(Soon([&] {
    const auto found = worker.Find(made.token);
    return !found && found.error().code == ErrorCode::kUnavailable;
  }));
  EXPECT_TRUE(worker.Find(world.first).has_value());
  std::string wrong = world.first;
  wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(CodeOf(worker.Find(wrong)), ErrorCode::kUnauthenticated);
  cut.away = false;
  replica->Nudge();
  EXPECT_TRUE(Soon([&] { return worker.Find(made.token).has_value(); }));
  EXPECT_TRUE(Soon([&] { return CodeOf(worker.Find(wrong)) == ErrorCode::kUnauthenticated; }));
}

TEST(Directory, AsksAlwaysWhereItIsRequired) {
  World world;
  const auto strict =
      Directory::Open({.sql = *world.sql, .hasher = TestHasher(), .mode = KeysMode::kRequired});
  EXPECT_TRUE((*strict)->asks());
  Identity identity(*world.sql, **strict);
  EXPECT_EQ(CodeOf(identity.keys().List(world.By(request::Principal::Anonymous()), {})),
            ErrorCode::kUnauthenticated);
  (*strict)->Adopt(KeysMode::kAuto, false);
  EXPECT_FALSE((*strict)->asks());
  (*strict)->Adopt(KeysMode::kAuto, true);
  EXPECT_TRUE((*strict)->asks());
}

TEST(Directory, GivesEveryGrantItsAllowance) {
  struct Marked final : request::Allowance {
    explicit Marked(std::size_t n) : tags(n) {}
    std::size_t tags;
  };
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const auto made = world.identity.keys().Create(world.By(world.Root(), tenant.id.Text()),
                                                 {.name = "k", .tags = {"a", "b"}});
  const auto directory = Directory::Open(
      {.sql = *world.sql,
       .hasher = TestHasher(),
       .make_allowance = [](const request::Grant&, const std::vector<std::string>& tags) {
         return std::make_shared<Marked>(tags.size());
       }});
  TestWorker worker(**directory);
  const auto who = worker.Find(made->token);
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(static_cast<const Marked&>(*who->grant->allowance).tags, 2U);
}

TEST(Directory, NotesWhenKeysWereUsed) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {});
  const KeyId id = made.change.after->id;
  const Actor root = world.By(world.Root(), tenant.id.Text());
  EXPECT_FALSE(world.identity.keys().Get(root, id)->last_used.has_value());
  EXPECT_TRUE(world.Knows(made.token, kNow + 5s));
  ASSERT_TRUE(world.directory->NoteUses());
  EXPECT_EQ(world.identity.keys().Get(root, id)->last_used, kNow + 5s);
  ASSERT_TRUE(world.directory->NoteUses());
  EXPECT_EQ(world.identity.keys().Get(root, id)->last_used, kNow + 5s);
}

TEST(Directory, AWorkerThatIsStuckMakesARevocationAnErrorAndLosesNoSecret) {
  World world;
  const auto directory =
      Directory::Open({.sql = *world.sql, .hasher = TestHasher(), .tell_limit = 20ms}).value();
  const auto loop = *async::Loop::Create();  // which nobody runs
  const DirectoryView stuck(*directory, *loop);
  Identity identity(*world.sql, *directory);
  const request::Principal root = world.Root();
  const auto made = identity.keys().Create(world.By(root), {.name = "k"});
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(world.directory->CatchUp());
  EXPECT_TRUE(world.Knows(made->token));
  EXPECT_EQ(CodeOf(identity.keys().Revoke(world.By(root), made->change.after->id)),
            ErrorCode::kUnavailable);
  ASSERT_TRUE(world.directory->CatchUp());
  EXPECT_FALSE(world.Knows(made->token));
}

// A change is in force in every worker when the call that made it returns, whatever else goes on.
TEST(Directory, ARevokedKeyIsDeadEverywhereWhenTheCallReturns) {
  World world;
  TestWorker second(*world.directory);
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::thread asking([&] {
    while (!stop) {
      wrong += second.Find(world.first).has_value() ? 0 : 1;
    }
  });
  std::vector<std::thread> admins;
  for (int admin = 0; admin < 3; ++admin) {
    admins.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto made = world.identity.keys().Create(root, {.name = "k"});
        wrong += made && second.Find(made->token) && world.worker.Find(made->token) ? 0 : 1;
        const auto ended = world.identity.keys().Revoke(root, made->change.after->id);
        wrong += ended && !second.Find(made->token) && !world.worker.Find(made->token) ? 0 : 1;
      }
    });
  }
  for (std::thread& admin : admins) {
    admin.join();
  }
  stop = true;
  asking.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace signalbox::identity
