#include "pipeline/quota/budget.h"

#include <gtest/gtest.h>

#include <thread>

#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

using Verdict = Budget::Verdict;
constexpr std::int64_t kDay = 24 * kHour;

class BudgetTest : public testing::Test {
 protected:
  Budget& Make(Window window, std::int64_t limit, bool hard = true) {
    const SubjectKey key{SubjectKind::kAgent, {}, "writer"};
    world_.Set(key, world_.Money(window, limit, hard));
    return *world_.registry.Find(key)->budgets.load();
  }
  Verdict Reserve(Budget& budget, std::int64_t amount) {
    Ticket ticket;
    const Verdict verdict = budget.Reserve(amount, world_.now.wall, ticket);
    if (verdict == Verdict::kTaken) {
      tickets_.push_back(ticket);
    }
    return verdict;
  }
  void Settle(std::int64_t cost) {
    tickets_.front().budget->Settle(tickets_.front(), cost, world_.registry.lists());
    tickets_.erase(tickets_.begin());
  }
  BudgetState State(Budget& budget) { return budget.StateAt(world_.now.wall); }

  World world_;
  std::vector<Ticket> tickets_;
};

TEST_F(BudgetTest, ReservesUpToTheLimitAndNotBeyond) {
  Budget& budget = Make(Window::kDay, 100);
  EXPECT_EQ(Reserve(budget, 60), Verdict::kTaken);
  EXPECT_EQ(Reserve(budget, 41), Verdict::kReserved);
  EXPECT_EQ(Reserve(budget, 40), Verdict::kTaken);
  Settle(10);
  EXPECT_EQ(Reserve(budget, 50), Verdict::kTaken);
  EXPECT_EQ(State(budget).spent, 10);
  EXPECT_EQ(State(budget).reserved, 90);
}

TEST_F(BudgetTest, SaysSpentOnlyWhenNoReservationCouldHelp) {
  Budget& budget = Make(Window::kDay, 100);
  ASSERT_EQ(Reserve(budget, 100), Verdict::kTaken);
  EXPECT_EQ(Reserve(budget, 1), Verdict::kReserved);
  Settle(100);
  EXPECT_EQ(Reserve(budget, 1), Verdict::kSpent);
  EXPECT_EQ(Reserve(budget, 0), Verdict::kTaken) << "what costs nothing goes on";
}

TEST_F(BudgetTest, BooksWhatNobodyKnowsAtItsReservation) {
  Budget& budget = Make(Window::kDay, 100);
  ASSERT_EQ(Reserve(budget, 70), Verdict::kTaken);
  Settle(-1);
  EXPECT_EQ(State(budget).spent, 70);
  EXPECT_EQ(State(budget).uncertain, 70);
  EXPECT_EQ(Reserve(budget, 31), Verdict::kSpent);
  budget.Correct(State(budget).start, 70, 20);
  EXPECT_EQ(State(budget).spent, 20);
  EXPECT_EQ(State(budget).uncertain, 0);
}

TEST_F(BudgetTest, SettlesIntoTheWindowOfTheReservation) {
  Budget& budget = Make(Window::kDay, 100);
  ASSERT_EQ(Reserve(budget, 80), Verdict::kTaken);
  world_.Pass(kDay);
  EXPECT_EQ(Reserve(budget, 90), Verdict::kTaken);
  Settle(30);
  EXPECT_EQ(State(budget).spent, 0);
  EXPECT_EQ(State(budget).reserved, 90);
  world_.Pass(2 * kDay);
  ASSERT_EQ(Reserve(budget, 5), Verdict::kTaken);
  world_.Pass(kDay);
  ASSERT_EQ(Reserve(budget, 7), Verdict::kTaken);
  Settle(90);  // two windows late: booked nowhere here
  EXPECT_EQ(State(budget).spent, 0);
  EXPECT_EQ(State(budget).reserved, 7);
}

TEST_F(BudgetTest, KeepsWhatIsSpentWhenTheClockGoesBack) {
  Budget& budget = Make(Window::kDay, 100);
  world_.Pass(kDay);
  ASSERT_EQ(Reserve(budget, 80), Verdict::kTaken);
  world_.now.wall -= kDay;
  world_.registry.Tick(world_.now);
  EXPECT_EQ(Reserve(budget, 21), Verdict::kReserved);
  Settle(80);
  EXPECT_EQ(State(budget).spent, 80);
  world_.Pass(kDay);
  EXPECT_EQ(State(budget).spent, 0);
}

TEST_F(BudgetTest, AChangedLimitCountsAtOnceAndWhatIsSpentStays) {
  Budget& budget = Make(Window::kDay, 100);
  ASSERT_EQ(Reserve(budget, 60), Verdict::kTaken);
  Settle(60);
  Make(Window::kDay, 70);
  EXPECT_EQ(Reserve(budget, 11), Verdict::kSpent);
  EXPECT_EQ(Reserve(budget, 10), Verdict::kTaken);
  Make(Window::kDay, 50);
  EXPECT_EQ(Reserve(budget, 1), Verdict::kSpent);
  Make(Window::kDay, 200);
  EXPECT_EQ(Reserve(budget, 130), Verdict::kTaken);
}

TEST_F(BudgetTest, ACreditHoldsForItsWindowAlone) {
  Budget& budget = Make(Window::kDay, 100);
  ASSERT_EQ(Reserve(budget, 100), Verdict::kTaken);
  Settle(100);
  budget.SetCredit(State(budget).start, 20, world_.now.wall);
  EXPECT_EQ(Reserve(budget, 21), Verdict::kSpent);
  EXPECT_EQ(Reserve(budget, 20), Verdict::kTaken);
  world_.Pass(kDay);
  EXPECT_EQ(Reserve(budget, 101), Verdict::kSpent);
}

TEST_F(BudgetTest, APrepaidOneIsNeverReset) {
  Budget& budget = Make(Window::kPrepaid, 100);
  ASSERT_EQ(Reserve(budget, 100), Verdict::kTaken);
  Settle(100);
  world_.Pass(400 * kDay);
  EXPECT_EQ(Reserve(budget, 1), Verdict::kSpent);
  EXPECT_EQ(budget.UntilReset(world_.now.wall), -1);
  budget.SetCredit(0, 50, world_.now.wall);
  EXPECT_EQ(Reserve(budget, 50), Verdict::kTaken);
}

TEST_F(BudgetTest, ASoftOneLetsEverythingThroughAndAlerts) {
  Budget& budget = Make(Window::kDay, 100, false);
  EXPECT_EQ(Reserve(budget, 500), Verdict::kTaken);
  EXPECT_EQ(world_.registry.alerts().Pop(), nullptr) << "reserved is not spent";
  Settle(400);
  EXPECT_EQ(world_.registry.alerts().Pop(), &budget);
}

TEST_F(BudgetTest, AlertsOnceInAWindow) {
  Budget& budget = Make(Window::kDay, 100);
  for (int i = 0; i < 9; ++i) {
    ASSERT_EQ(Reserve(budget, 10), Verdict::kTaken);
    Settle(10);
    EXPECT_EQ(world_.registry.alerts().Pop(), i == 7 ? &budget : nullptr);
  }
  world_.Pass(kDay);
  ASSERT_EQ(Reserve(budget, 90), Verdict::kTaken);
  Settle(90);
  EXPECT_EQ(world_.registry.alerts().Pop(), &budget);
}

TEST_F(BudgetTest, SharedItKeepsToItsSlice) {
  Budget& budget = Make(Window::kDay, 100);
  budget.Share(true);
  EXPECT_EQ(Reserve(budget, 1), Verdict::kNeedsSlice);
  Lists& lists = world_.registry.lists();
  budget.Grant(State(budget).start, 30, 70, lists);
  EXPECT_EQ(Reserve(budget, 31), Verdict::kSpent);
  budget.Grant(State(budget).start, 30, 20, lists);
  EXPECT_EQ(Reserve(budget, 31), Verdict::kNeedsSlice);
  EXPECT_EQ(Reserve(budget, 30), Verdict::kTaken);
  budget.Share(false);
  EXPECT_EQ(Reserve(budget, 70), Verdict::kTaken);
}

TEST_F(BudgetTest, SharedItAlertsForWhatAllHaveSpent) {
  Budget& budget = Make(Window::kDay, 100);
  budget.Share(true);
  Lists& lists = world_.registry.lists();
  budget.Restore(State(budget).start, 30, 0, world_.now.wall);  // of which the others know
  budget.Grant(State(budget).start, 50, 60, lists);
  ASSERT_EQ(Reserve(budget, 19), Verdict::kTaken);
  Settle(19);
  EXPECT_EQ(lists.alerts.Pop(), nullptr);
  EXPECT_EQ(State(budget).all(), 79);
  budget.Grant(State(budget).start, 50, 61, lists);
  EXPECT_EQ(lists.alerts.Pop(), &budget);
  EXPECT_EQ(Reserve(budget, 21), Verdict::kSpent);
}

TEST_F(BudgetTest, ASoftOneThatIsSharedTellsWhatItSpent) {
  Budget& budget = Make(Window::kDay, 100, false);
  budget.Share(true);
  ASSERT_EQ(Reserve(budget, 500), Verdict::kTaken);
  EXPECT_EQ(world_.registry.wanted().Pop(), nullptr);
  Settle(500);
  EXPECT_EQ(world_.registry.wanted().Pop(), &budget);
}

TEST_F(BudgetTest, ThreadsTakeExactlyWhatThereIs) {
  Budget& budget = Make(Window::kDay, 100'000);
  std::atomic<int> admitted = 0;
  std::atomic<int> wrong = 0;
  const auto pull = [&] {
    Lists& lists = world_.registry.lists();
    for (int i = 0; i < 40'000; ++i) {
      Ticket ticket;
      const Verdict verdict = budget.Reserve(3, world_.now.wall, ticket);
      if (verdict == Verdict::kTaken) {
        const bool uncertain = i % 7 == 0;
        budget.Settle(ticket, uncertain ? -1 : i % 2 == 0 ? 3 : 0, lists);
        admitted += uncertain || i % 2 == 0 ? 3 : 0;
      }
      const BudgetState state = State(budget);
      wrong += state.spent + state.reserved > 100'000 ? 1 : 0;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(pull);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(State(budget).reserved, 0);
  EXPECT_EQ(State(budget).spent, admitted);
  EXPECT_EQ(State(budget).spent, 99'999);
}

// The clock goes on when both have been through once more, so that no call outlives a window.
TEST_F(BudgetTest, ThreadsAtTheWindowsBorderLoseNothing) {
  Budget& budget = Make(Window::kDay, kNoAmount - 1);
  std::atomic<std::int64_t> clock = world_.now.wall;
  std::atomic<bool> stop = false;
  std::array<std::atomic<std::uint64_t>, 2> rounds{};
  const auto pull = [&](std::atomic<std::uint64_t>& round) {
    for (; !stop; ++round) {
      Ticket ticket;
      if (budget.Reserve(2, clock, ticket) == Verdict::kTaken) {
        budget.Settle(ticket, 1, world_.registry.lists());
      }
    }
  };
  std::thread one(pull, std::ref(rounds[0]));
  std::thread two(pull, std::ref(rounds[1]));
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t seen[] = {rounds[0] + 2, rounds[1] + 2};
    while (rounds[0] < seen[0] || rounds[1] < seen[1]) {
      std::this_thread::yield();
    }
    world_.Pass(kDay);
    clock = world_.now.wall;
  }
  stop = true;
  one.join();
  two.join();
  EXPECT_EQ(State(budget).reserved, 0);
  EXPECT_GE(State(budget).spent, 0);
}

}  // namespace
}  // namespace signalbox::quota
