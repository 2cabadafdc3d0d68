#include <gtest/gtest.h>

#include "pipeline/identity/identity_testing.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;

// Notes what it is told; refuses on wish.
class Recorder final : public Witness {
 public:
  core::Status Before(Told told) override {
    if (refuses) {
      return core::Fail(ErrorCode::kUnavailable, "the trail is full");
    }
    said.push_back(std::visit(
        [](const auto* change) -> std::string {
          return change->before ? (change->after ? "changed" : "removed") : "made";
        },
        told));
    return {};
  }
  void Failed(const core::Error& why) override { said.push_back("failed: " + why.message); }

  std::vector<std::string> said;
  bool refuses = false;
};

// A database that breaks in the commit, or runs the work of a transaction twice, on wish.
class Unsteady final : public store::Sql {
 public:
  explicit Unsteady(store::Sql& sql) : sql_(sql) {}

  using store::Sql::Query;
  core::Status Query(store::Statement statement, store::Params params,
                     const store::VisitRow& visit) override {
    return sql_.Query(statement, params, visit);
  }
  core::Status Write(const store::Work& work) override {
    if (twice) {
      EXPECT_FALSE(Broken(work));
    }
    return breaks ? Broken(work) : sql_.Write(work);
  }
  store::Engine engine() const override { return sql_.engine(); }
  std::string Name() const override { return sql_.Name(); }

  bool breaks = false;
  bool twice = false;

 private:
  core::Status Broken(const store::Work& work) {
    return sql_.Write([&](store::Transaction& transaction) -> core::Status {
      SB_CHECK_OK(work(transaction));
      return core::Fail(ErrorCode::kUnavailable, "the disk is full");
    });
  }

  store::Sql& sql_;
};

struct House {
  House() {
    EXPECT_TRUE(Identity(*stored, *directory).EnsureAdmin(kNow)->has_value());
    recorder.said.clear();
  }
  Actor actor() { return {.principal = nobody, .tenant = "", .now = kNow, .witness = &recorder}; }
  std::size_t teams() { return identity.teams().List(actor(), {}).value().rows.size(); }

  std::unique_ptr<store::Sqlite> stored = TestSql();
  Unsteady sql{*stored};
  std::unique_ptr<Directory> directory =
      Directory::Open({.sql = *stored, .hasher = TestHasher()}).value();
  Identity identity{sql, *directory};
  request::Principal nobody;
  Recorder recorder;
};

TEST(Witnessed, EveryKindOfChangeIsToldBeforeItIsMade) {
  House house;
  Identity& identity = house.identity;
  const Actor actor = house.actor();
  const Team team = *identity.teams().Create(actor, {.name = "a"})->after;
  const User user = *identity.users().Create(actor, {.name = "u"})->after;
  EXPECT_TRUE(identity.teams().SetMember(actor, {.team = team.id, .user = user.id}));
  EXPECT_TRUE(identity.teams().RemoveMember(actor, team.id, user.id));
  EXPECT_TRUE(identity.teams().Update(actor, team.id, {.name = "b"}));
  const Project project = *identity.projects().Create(actor, {.name = "p"})->after;
  EXPECT_TRUE(identity.projects().Update(actor, project.id, {.name = "q"}));
  EXPECT_TRUE(identity.projects().Remove(actor, project.id));
  EXPECT_TRUE(identity.teams().Remove(actor, team.id));
  EXPECT_TRUE(identity.users().Update(actor, user.id, {.name = "v"}));
  EXPECT_TRUE(identity.users().Remove(actor, user.id));
  const Key key = *identity.keys().Create(actor, {.name = "k"})->change.after;
  EXPECT_EQ(
      house.recorder.said,
      (std::vector<std::string>{"made", "made", "made", "removed", "changed", "made", "changed",
                                "removed", "removed", "changed", "removed", "made"}));
  EXPECT_EQ(key.name, "k");
}

TEST(Witnessed, WhatTheWitnessDoesNotTakeIsNotMade) {
  House house;
  const Team team = *house.identity.teams().Create(house.actor(), {.name = "a"})->after;
  house.recorder.said.clear();
  house.recorder.refuses = true;
  const auto made = house.identity.teams().Create(house.actor(), {.name = "b"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "the trail is full");
  EXPECT_FALSE(house.identity.teams().Update(house.actor(), team.id, {.name = "c"}));
  EXPECT_FALSE(house.identity.teams().Remove(house.actor(), team.id));
  EXPECT_FALSE(house.identity.keys().Create(house.actor(), {.name = "k"}));
  EXPECT_EQ(house.teams(), 1U);
  EXPECT_EQ(house.identity.teams().Get(house.actor(), team.id)->name, "a");
  EXPECT_FALSE(house.directory->asks()) << "no key was made";
  EXPECT_TRUE(house.recorder.said.empty()) << "what it did not take cannot fail";
}

TEST(Witnessed, HearsThatACommitFailed) {
  House house;
  house.sql.breaks = true;
  EXPECT_FALSE(house.identity.teams().Create(house.actor(), {.name = "a"}));
  EXPECT_EQ(house.recorder.said, (std::vector<std::string>{"made", "failed: the disk is full"}));
  EXPECT_EQ(house.teams(), 0U);
}

TEST(Witnessed, HearsOfEachTimeThatATransactionIsRun) {
  House house;
  house.sql.twice = true;
  EXPECT_TRUE(house.identity.teams().Create(house.actor(), {.name = "a"}));
  ASSERT_EQ(house.recorder.said.size(), 3U);
  EXPECT_EQ(house.recorder.said[0], "made");
  EXPECT_TRUE(house.recorder.said[1].starts_with("failed: "));
  EXPECT_EQ(house.recorder.said[2], "made");
  EXPECT_EQ(house.teams(), 1U);
}

TEST(Witnessed, HearsNothingOfWhatIsRefusedBefore) {
  House house;
  EXPECT_FALSE(house.identity.teams().Create(house.actor(), {.name = ""}));
  EXPECT_FALSE(house.identity.teams().Remove(house.actor(), TeamId()));
  EXPECT_TRUE(house.recorder.said.empty());
}

}  // namespace
}  // namespace signalbox::identity
