#include "pipeline/quota/lease_keeper.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "base/core/random.h"
#include "pipeline/quota/account_testing.h"

namespace signalbox::quota {
namespace {

using std::chrono::milliseconds;

// A replica: a budget with requests under way, its keeper, and a line to the store.
class Replica {
 public:
  Replica(TestAccounts& accounts, int name, std::int64_t limit, core::Random& random, double loss)
      : name_(name), limit_(limit), line_(accounts, random, loss) {}

  void Turn(std::int64_t now) {
    if (const auto heard = line_.Hear(now)) {
      *heard ? keeper_.Answered(**heard, Mono(now)) : keeper_.Failed(Mono(now));
    }
    auto step = keeper_.Next(Local(), Mono(now));
    asked_ = largest_ = 0;
    ceiling_ = step.ceiling;
    if (step.draw) {
      line_.Send(Named(*step.draw), now);
    }
  }
  void Carry(std::int64_t now) { line_.Carry(now); }
  bool Admit(std::int64_t amount) {
    if (spent_ + reserved_ + amount > ceiling_) {
      asked_ += amount;
      largest_ = std::max(largest_, amount);
      return false;
    }
    reserved_ += amount;
    open_.push_back(amount);
    return true;
  }
  void SettleOne(double share) {
    if (!open_.empty()) {
      const std::int64_t amount = open_.front();
      open_.pop_front();
      reserved_ -= amount;
      spent_ += static_cast<std::int64_t>(static_cast<double>(amount) * share);
    }
  }
  LocalBudget Local() const {
    return {.limit = limit_,
            .spent = spent_,
            .reserved = reserved_,
            .asked = asked_,
            .largest = largest_};
  }
  store::Draw Named(store::Draw draw) const {
    draw.name = {"budget", "today"};
    draw.holder = fmt::format("replica-{}", name_);
    return draw;
  }
  LeaseKeeper& keeper() { return keeper_; }
  std::int64_t spent() const { return spent_; }
  std::int64_t reserved() const { return reserved_; }
  static core::MonoTime Mono(std::int64_t now) { return core::MonoTime(milliseconds(now)); }

 private:
  const int name_;
  const std::int64_t limit_;
  BadLine line_;
  LeaseKeeper keeper_;
  std::int64_t spent_ = 0;
  std::int64_t reserved_ = 0;
  std::int64_t asked_ = 0;
  std::int64_t largest_ = 0;
  std::int64_t ceiling_ = 0;
  std::deque<std::int64_t> open_;
};

store::Slice Holding(std::int64_t held) {
  return {.held = held, .lease = milliseconds(10'000), .life = 1, .at = 1};
}

TEST(LeaseKeeper, AsksWhenSomethingIsWantedAndNotBefore) {
  LeaseKeeper keeper;
  const auto now = Replica::Mono(1000);
  EXPECT_FALSE(keeper.Next({.limit = 100}, now).draw);
  const auto step = keeper.Next({.limit = 100, .asked = 7, .largest = 7}, now);
  ASSERT_TRUE(step.draw);
  EXPECT_EQ(step.draw->wanted, 7);
  EXPECT_EQ(step.ceiling, 0);
  keeper.Answered(Holding(7), now);
  EXPECT_EQ(keeper.Next({.limit = 100}, now).ceiling, 7);
}

TEST(LeaseKeeper, StopsBeforeItsLeaseEnds) {
  LeaseKeeper keeper;
  const auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 7, .largest = 7}, now).draw);
  keeper.Answered(Holding(7), now);
  const LocalBudget busy{.limit = 100, .reserved = 7};
  EXPECT_EQ(keeper.Next(busy, now + milliseconds(9'749)).ceiling, 7);
  keeper.Failed(now + milliseconds(9'749));
  EXPECT_EQ(keeper.Next(busy, now + milliseconds(9'750)).ceiling, 0);
}

TEST(LeaseKeeper, GivesBackWhatItDoesNotUse) {
  LeaseKeeper keeper;
  auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 60, .largest = 1}, now).draw);
  keeper.Answered(Holding(60), now);
  now += milliseconds(4'000);
  const auto first = keeper.Next({.limit = 100, .spent = 10}, now);
  EXPECT_FALSE(first.draw) << "first nobody may reserve from it any more";
  const auto second = keeper.Next({.limit = 100, .spent = 10}, now + milliseconds(60));
  ASSERT_TRUE(second.draw);
  EXPECT_LT(second.draw->wanted, 50);
  EXPECT_LE(second.ceiling, 10 + second.draw->wanted);
}

TEST(LeaseKeeper, AnswersForThoseWhoAskedWhileACallWasOutComeWithTheNextCall) {
  LeaseKeeper keeper;
  auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 7, .largest = 7}, now).draw);
  EXPECT_FALSE(keeper.Next({.limit = 100, .asked = 5, .largest = 5}, now).draw);
  keeper.Answered(Holding(7), now);
  EXPECT_TRUE(keeper.waits());
  now += milliseconds(20);
  const auto next = keeper.Next({.limit = 100, .reserved = 7}, now);
  ASSERT_TRUE(next.draw);
  EXPECT_GE(next.draw->wanted, 12);
  EXPECT_EQ(next.draw->last->held, 7) << "the store is told what it last said";
}

// The store may hold something for whoever never heard its answer, and would book it as uncertain.
TEST(LeaseKeeper, AsksAgainAfterACallWithoutAnAnswerAlthoughNobodyWantsAnythingAnyMore) {
  LeaseKeeper keeper;
  auto now = Replica::Mono(1000);
  const auto first = keeper.Next({.limit = 100, .asked = 7, .largest = 7}, now);
  keeper.Failed(now + milliseconds(300));
  EXPECT_FALSE(keeper.waits());
  const auto again = keeper.Next({.limit = 100}, now + milliseconds(400));
  ASSERT_TRUE(again.draw);
  EXPECT_EQ(again.draw->wanted, 0);
  EXPECT_GT(again.draw->sequence, first.draw->sequence);
}

TEST(LeaseKeeper, ALoweredLimitTakesBackWhatIsNotInUse) {
  LeaseKeeper keeper;
  auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 60, .largest = 1}, now).draw);
  keeper.Answered(Holding(60), now);
  now += milliseconds(3'400);
  ASSERT_TRUE(keeper.Next({.limit = 20, .reserved = 40}, now).draw);
  keeper.Answered(Holding(60), now);  // the store takes nothing away
  now += milliseconds(20);
  EXPECT_EQ(keeper.Next({.limit = 20, .reserved = 40}, now).ceiling, 40);
  now += milliseconds(50);
  const auto back = keeper.Next({.limit = 20, .reserved = 40}, now);
  ASSERT_TRUE(back.draw);
  EXPECT_EQ(back.draw->wanted, 40);
}

TEST(LeaseKeeper, OfASoftBudgetItTellsWhatWasSpentAndHoldsNothing) {
  LeaseKeeper keeper;
  const auto now = Replica::Mono(1000);
  const LocalBudget local{.limit = 100, .spent = 70, .reserved = 50, .hard = false};
  const auto step = keeper.Next(local, now);
  ASSERT_TRUE(step.draw);
  EXPECT_EQ(step.draw->spent, 70);
  EXPECT_EQ(step.draw->wanted, 0);
  keeper.Answered({.settled = 90, .booked = 70, .lease = milliseconds(10'000), .life = 1, .at = 1},
                  now);
  EXPECT_FALSE(keeper.Next(local, now + milliseconds(5'000)).draw);
  EXPECT_EQ(keeper.Peek(now).elsewhere, 20);
}

// Replicas with lost, late and doubled calls, long silences and an uneven load: never more than
// there is; and once all have spoken again, the store knows what was spent to the last amount.
void SpendTogether(std::uint64_t seed, std::size_t count) {
  core::Random random(seed);
  const std::int64_t limit = 1000 + static_cast<std::int64_t>(random.Draw() * 9000);
  const double loss = random.Draw() * 0.5;
  TestAccounts accounts;
  std::deque<Replica> replicas;
  for (std::size_t i = 0; i < count; ++i) {
    replicas.emplace_back(accounts, static_cast<int>(i), limit, random, loss);
  }
  std::vector<std::int64_t> silent_until(count);
  std::int64_t total = 0;
  std::int64_t now = 1'000'000;
  for (; now < 1'120'000; now += 20) {
    total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (random.Draw() < 0.0005) {
        silent_until[i] = now + 30'000;  // stopped: nothing of it runs, but what it sent comes
      }
      replicas[i].Carry(now);
      if (now >= silent_until[i]) {
        replicas[i].Turn(now);
        for (int n = 0; n < 2 && random.Draw() < (i == 0 ? 0.4 : 0.05); ++n) {
          replicas[i].Admit(1 + static_cast<std::int64_t>(random.Draw() * 40));
        }
        if (random.Draw() < 0.2) {
          replicas[i].SettleOne(random.Draw());
        }
      }
      total += replicas[i].spent() + replicas[i].reserved();
    }
    ASSERT_LE(total, limit) << "seed " << seed << " at " << now;
  }
  std::int64_t spent = 0;
  for (Replica& replica : replicas) {
    while (replica.reserved() > 0) {
      replica.SettleOne(1);
    }
    spent += replica.spent();
    while (!replica.keeper().done(replica.Local())) {
      now += 20;
      ASSERT_LT(now, 1'400'000) << "seed " << seed << ": it never gives everything back";
      replica.Carry(now);
      replica.Turn(now);
    }
  }
  EXPECT_EQ(accounts.settled(now), spent) << "seed " << seed;
}

TEST(LeaseKeeper, TwoReplicasNeverSpendMoreThanTheLimitTogether) {
  for (std::uint64_t seed = 0; seed < 300 && !testing::Test::HasFailure(); ++seed) {
    SpendTogether(seed, 2);
  }
}

TEST(LeaseKeeper, ThreeReplicasNeverSpendMoreThanTheLimitTogether) {
  for (std::uint64_t seed = 0; seed < 300 && !testing::Test::HasFailure(); ++seed) {
    SpendTogether(seed, 3);
  }
}

// F33: money for 100 requests, all of it is spent, and once.
void SpendTheLastDollar(std::uint64_t seed, std::size_t count) {
  core::Random random(seed);
  TestAccounts accounts;
  std::deque<Replica> replicas;
  for (std::size_t i = 0; i < count; ++i) {
    replicas.emplace_back(accounts, static_cast<int>(i), 1000, random, 0.02);
  }
  int admitted = 0;
  for (std::int64_t now = 1'000'000; now < 1'200'000 && admitted < 100; now += 20) {
    for (Replica& replica : replicas) {
      replica.Carry(now);
      replica.Turn(now);
      admitted += replica.Admit(10) ? 1 : 0;
      replica.SettleOne(1);
    }
  }
  EXPECT_EQ(admitted, 100) << "seed " << seed;
}

TEST(LeaseKeeper, TheLastDollarIsSpentExactlyOnce) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SpendTheLastDollar(seed, 2);
    SpendTheLastDollar(seed, 3);
  }
}

}  // namespace
}  // namespace signalbox::quota
