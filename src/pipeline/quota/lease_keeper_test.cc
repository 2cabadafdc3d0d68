#include "pipeline/quota/lease_keeper.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "base/core/random.h"
#include "pipeline/quota/account_testing.h"

namespace signalbox::quota {
namespace {

using std::chrono::milliseconds;

// A replica: a budget with requests under way, its keeper, and a line to the store that loses
// words.
class Replica {
 public:
  Replica(TestAccount& account, int name, std::int64_t limit, core::Random& random)
      : account_(account), name_(name), limit_(limit), random_(random) {}

  void Turn(std::int64_t now, double loss) {
    Deliver(now);
    const auto step = keeper_.Next({.limit = limit_,
                                    .spent = spent_,
                                    .reserved = reserved_,
                                    .asked = std::exchange(asked_, 0)},
                                   Mono(now));
    ceiling_ = step.ceiling;
    if (!step.call) {
      return;
    }
    if (random_.Draw() < loss) {  // the call is lost
      due_ = {now + 300, std::nullopt};
      return;
    }
    const SliceAnswer answer = account_.Draw(name_, *step.call, now);
    if (random_.Draw() < 0.1) {  // it comes twice
      account_.Draw(name_, *step.call, now);
    }
    const bool lost = random_.Draw() < loss;
    due_ = {now + static_cast<std::int64_t>(random_.Draw() * 200),
            lost ? std::nullopt : std::optional(answer)};
  }
  bool Admit(std::int64_t amount) {
    if (spent_ + reserved_ + amount > ceiling_) {
      asked_ += amount;
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
  std::int64_t spent() const { return spent_; }
  std::int64_t reserved() const { return reserved_; }
  std::int64_t ceiling() const { return ceiling_; }
  static core::MonoTime Mono(std::int64_t now) { return core::MonoTime(milliseconds(now)); }

 private:
  void Deliver(std::int64_t now) {
    if (due_ && due_->first <= now) {
      due_->second ? keeper_.Answered(*due_->second, Mono(now)) : keeper_.Failed(Mono(now));
      due_.reset();
    }
  }

  TestAccount& account_;
  const int name_;
  const std::int64_t limit_;
  core::Random& random_;
  LeaseKeeper keeper_;
  std::int64_t spent_ = 0;
  std::int64_t reserved_ = 0;
  std::int64_t asked_ = 0;
  std::int64_t ceiling_ = 0;
  std::deque<std::int64_t> open_;
  std::optional<std::pair<std::int64_t, std::optional<SliceAnswer>>> due_;
};

TEST(LeaseKeeper, AsksWhenSomethingIsWantedAndNotBefore) {
  LeaseKeeper keeper;
  const auto now = Replica::Mono(1000);
  EXPECT_FALSE(keeper.Next({.limit = 100}, now).call);
  const auto step = keeper.Next({.limit = 100, .asked = 7}, now);
  ASSERT_TRUE(step.call);
  EXPECT_EQ(step.call->wanted, 7);
  EXPECT_EQ(step.ceiling, 0);
  keeper.Answered({.held = 7, .lease = milliseconds(10'000)}, now);
  EXPECT_EQ(keeper.Next({.limit = 100}, now).ceiling, 7);
}

TEST(LeaseKeeper, StopsBeforeItsLeaseEnds) {
  LeaseKeeper keeper;
  const auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 7}, now).call);
  keeper.Answered({.held = 7, .lease = milliseconds(10'000)}, now);
  const LocalBudget busy{.limit = 100, .reserved = 7};
  EXPECT_EQ(keeper.Next(busy, now + milliseconds(9'749)).ceiling, 7);
  keeper.Failed(now + milliseconds(9'749));
  EXPECT_EQ(keeper.Next(busy, now + milliseconds(9'750)).ceiling, 0);
}

TEST(LeaseKeeper, GivesBackWhatItDoesNotUse) {
  LeaseKeeper keeper;
  auto now = Replica::Mono(1000);
  ASSERT_TRUE(keeper.Next({.limit = 100, .asked = 60}, now).call);
  keeper.Answered({.held = 60, .lease = milliseconds(10'000)}, now);
  now += milliseconds(4'000);
  const auto first = keeper.Next({.limit = 100, .spent = 10}, now);
  EXPECT_FALSE(first.call) << "first nobody may reserve from it any more";
  const auto second = keeper.Next({.limit = 100, .spent = 10}, now + milliseconds(60));
  ASSERT_TRUE(second.call);
  EXPECT_LT(second.call->wanted, 50);
  EXPECT_LE(second.ceiling, 10 + second.call->wanted);
}

// Replicas with lost and doubled words, long silences and an uneven load: never more than there is.
TEST(LeaseKeeper, ReplicasNeverSpendMoreThanTheLimitTogether) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    core::Random random(seed);
    const std::int64_t limit = 1000 + static_cast<std::int64_t>(random.Draw() * 9000);
    const double loss = random.Draw() * 0.5;
    TestAccount account(limit);
    std::deque<Replica> replicas;
    for (int i = 0; i < 3; ++i) {
      replicas.emplace_back(account, i, limit, random);
    }
    std::array<std::int64_t, 3> silent_until{};
    for (std::int64_t now = 1'000'000; now < 1'120'000; now += 20) {
      std::int64_t total = 0;
      for (std::size_t i = 0; i < replicas.size(); ++i) {
        if (random.Draw() < 0.0005) {
          silent_until[i] = now + 30'000;  // stopped: nothing of it runs
        }
        if (now >= silent_until[i]) {
          replicas[i].Turn(now, loss);
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
  }
}

// F33 with two replicas: money for 100 requests, all of it is spent, and once.
TEST(LeaseKeeper, TheLastDollarIsSpentExactlyOnce) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    core::Random random(seed);
    TestAccount account(1000);
    std::deque<Replica> replicas;
    replicas.emplace_back(account, 0, 1000, random);
    replicas.emplace_back(account, 1, 1000, random);
    int admitted = 0;
    for (std::int64_t now = 1'000'000; now < 1'200'000 && admitted < 100; now += 20) {
      for (Replica& replica : replicas) {
        replica.Turn(now, 0.02);
        admitted += replica.Admit(10) ? 1 : 0;
        replica.SettleOne(1);
      }
    }
    EXPECT_EQ(admitted, 100) << "seed " << seed;
    EXPECT_EQ(
        replicas[0].spent() + replicas[0].reserved() + replicas[1].spent() + replicas[1].reserved(),
        1000);
  }
}

}  // namespace
}  // namespace signalbox::quota
