#include "pipeline/quota/book.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/config/temp_folder_testing.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kDay = 24 * kHour;

core::WallTime At(std::int64_t wall) {
  return core::WallTime(std::chrono::nanoseconds(wall));
}

Booking Sample(const request::Principal& caller, std::int64_t cost, std::int64_t at) {
  return {.parties = caller.grant->parties,
          .labels = {.end_user = "ann", .agent = "writer", .tags = "a, b=c"},
          .provider = "openai",
          .model = "gpt-4o",
          .cost_nano_usd = cost,
          .reserved_nano_usd = 50,
          .reserved_at = At(at)};
}

std::vector<SubjectKey> EveryKind(const request::Principal& caller) {
  const request::Parties& parties = caller.grant->parties;
  const core::Uuid tenant = parties.tenant.uuid;
  return {{},
          {SubjectKind::kTenant, tenant, {}},
          {SubjectKind::kTeam, parties.team.uuid, {}},
          {SubjectKind::kUser, parties.user.uuid, {}},
          {SubjectKind::kKey, parties.key.uuid, {}},
          {SubjectKind::kEndUser, tenant, "ann"},
          {SubjectKind::kAgent, tenant, "writer"},
          {SubjectKind::kTag, tenant, "b=c"},
          {SubjectKind::kProvider, {}, "openai"},
          {SubjectKind::kProviderUser, parties.user.uuid, "openai"},
          {SubjectKind::kModel, {}, "gpt-4o"},
          {SubjectKind::kModel, {}, "openai/gpt-4o"}};
}

Budget& BudgetOf(World& world, const SubjectKey& key) {
  return *world.registry.Find(key)->budgets.load();
}

// The same call through the door and through the book.
TEST(Book, BooksOnEveryBudgetThatTheCallWasPaidFrom) {
  World world;
  const auto caller = Caller(world.registry, 1);
  for (const SubjectKey& key : EveryKind(caller)) {
    world.Set(key, world.Money(Window::kDay, 1000));
  }
  const Booking booking = Sample(caller, 30, kStart);
  Admission admission(world.registry);
  auto pass = admission.Admit({.principal = caller, .labels = booking.labels, .now = world.At()});
  ASSERT_TRUE(
      (*pass)->Reserve({"openai", "gpt-4o"}, {.cost_nano_usd = 50}, world.At(), nullptr, nullptr));
  (*pass)->Settle({.cost_nano_usd = 30});
  Book book(world.registry);
  book.Add(booking);
  for (const SubjectKey& key : EveryKind(caller)) {
    EXPECT_EQ(BudgetOf(world, key).StateAt(kStart).spent, 30);
    EXPECT_EQ(book.TotalOf(BudgetOf(world, key), kStart).spent, 30)
        << BudgetOf(world, key).of().Code();
  }
}

TEST(Book, AnUncertainOneIsBookedAtItsReservationUntilItIsKnown) {
  World world;
  const auto caller = Caller(world.registry, 1);
  world.Set({}, world.Money(Window::kDay, 1000));
  Book book(world.registry);
  const Booking booking = Sample(caller, -1, kStart);
  book.Add(booking);
  book.Restore(kStart);
  Budget& total = BudgetOf(world, {});
  EXPECT_EQ(total.StateAt(kStart).uncertain, 50);
  book.Correct(booking, 8);
  EXPECT_EQ(total.StateAt(kStart).spent, 8);
  EXPECT_EQ(total.StateAt(kStart).uncertain, 0);
  EXPECT_EQ(book.TotalOf(total, kStart).spent, 8);
}

TEST(Book, WhatWasReservedBeforeTheWindowsEndStaysThere) {
  World world;
  const auto caller = Caller(world.registry, 1);
  world.Set({}, world.Money(Window::kDay, 1000));
  Book book(world.registry);
  book.Add(Sample(caller, 10, kStart));
  book.Add(Sample(caller, 20, kStart + kDay));
  book.Add(Sample(caller, 30, kStart));              // settled late
  book.Add(Sample(caller, 40, kStart - 10 * kDay));  // of a day that nobody asks for
  EXPECT_EQ(book.TotalOf(BudgetOf(world, {}), kStart).spent, 40);
  EXPECT_EQ(book.TotalOf(BudgetOf(world, {}), kStart + kDay).spent, 20);
}

TEST(Book, ACheckpointAndWhatCameAfterItAreTheTruth) {
  const config::sample::TempFolder folder;
  const std::string path = folder / "budgets.json";
  World before;
  const auto caller = Caller(before.registry, 1);
  const auto keys = EveryKind(caller);
  for (const SubjectKey& key : keys) {
    before.Set(key, before.Money(Window::kDay, 1000));
    before.Set(key, before.Money(Window::kMonth, 1000).Over(before.Money(Window::kDay, 1000)));
  }
  Book book(before.registry);
  book.Add(Sample(caller, 11, kStart - kDay));
  book.Add(Sample(caller, 13, kStart));
  book.Add(Sample(caller, -1, kStart));
  ASSERT_TRUE(book.Save(path, "worker-0:4711"));

  World after;
  for (const SubjectKey& key : keys) {
    after.Set(key, after.Money(Window::kMonth, 1000).Over(after.Money(Window::kDay, 1000)));
  }
  Book again(after.registry);
  const auto position = again.Load(path);
  ASSERT_TRUE(position) << position.error().message;
  EXPECT_EQ(*position, "worker-0:4711");
  again.Add(Sample(caller, 17, kStart + kHour));
  again.Restore(kStart + kHour);
  for (const SubjectKey& key : keys) {
    for (Budget* budget = after.registry.Find(key)->budgets.load(); budget != nullptr;
         budget = budget->next()) {
      const BudgetState state = budget->StateAt(kStart + kHour);
      EXPECT_EQ(state.spent, budget->window() == Window::kDay ? 80 : 91);
      EXPECT_EQ(state.uncertain, 50);
    }
  }
}

TEST(Book, WithoutACheckpointThereIsNoPosition) {
  World world;
  Book book(world.registry);
  const auto position = book.Load("/nonexistent/budgets.json");
  ASSERT_TRUE(position);
  EXPECT_FALSE(position->has_value());
}

TEST(Book, AFileThatIsNoneIsRefusedWhole) {
  const config::sample::TempFolder folder;
  const std::string path = folder / "budgets.json";
  World world;
  world.Set({}, world.Money(Window::kDay, 1000));
  for (
      const char* text :
      {"", "{}", "[1]", R"({"version":2,"position":"","totals":[]})",
       R"({"version":1,"position":"p","totals":[["total:00:","day",1,2,3,4]]})",
       R"({"version":1,"position":"p","totals":[["total:00000000000000000000000000000000:","day",1]]})",
       R"({"version":1,"position":"p","totals":[["total:00000000000000000000000000000000:","eon",1,2,3,4]]})"}) {
    std::ofstream(path) << text;
    Book book(world.registry);
    EXPECT_FALSE(book.Load(path)) << text;
    EXPECT_EQ(book.TotalOf(BudgetOf(world, {}), 1).spent, 0);
  }
}

}  // namespace
}  // namespace signalbox::quota
