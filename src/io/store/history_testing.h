// Random histories of several holders, answers lost, calls repeated and late, leases ended, windows
// changed, the store emptied; held against the machine in account.h. Test support.
#pragma once

#include <deque>
#include <map>

#include "base/core/random.h"
#include "io/store/account.h"
#include "io/store/shared_rig_testing.h"

namespace signalbox::store::contract {

class History {
 public:
  struct Chances {
    double lose_answer = 0.15;
    double lose_call = 0.08;  // it may still arrive, late
    double repeat = 0.1;
    double late = 0.1;
    double end_lease = 0.08;
    double window = 0.02;
    double lose_all = 0;
    int steps = 100;
  };

  History(SharedRig& rig, std::uint64_t seed, Chances chances)
      : rig_(rig), random_(seed), chances_(chances) {}

  async::Task<void> Run() {
    for (int step = 0; step < chances_.steps && !testing::Test::HasFailure(); ++step) {
      Holder& holder = holders_[Below(kHolders)];
      const double draw = random_.Draw();
      if (draw < chances_.window) {
        co_await ComeBack();
        NewWindow();
      } else if (draw < chances_.window + chances_.lose_all) {
        co_await rig_.Lose();
        model_ = {};
      } else if (draw < chances_.window + chances_.lose_all + chances_.late && !sent_.empty()) {
        co_await SendAgain(sent_[Below(sent_.size())]);
      } else {
        co_await Step(holder);
      }
    }
    co_await ComeBack();
  }

 private:
  static constexpr std::int64_t kLimit = 1000;
  static constexpr std::size_t kHolders = 5;

  struct Holder {
    std::string name;
    std::int64_t sequence = 0;
    std::int64_t spent = 0;
    std::int64_t slice = 0;  // may be spent
    std::int64_t in_use = 0;
    std::optional<Slice> last;        // of the store
    std::optional<Slice> model_last;  // of the machine
  };
  struct Sent {
    Draw draw;
    std::optional<Slice> model_last;
  };

  std::size_t Below(std::size_t bound) { return random_.Next() % bound; }
  std::int64_t UpTo(std::int64_t most) {
    return static_cast<std::int64_t>(Below(static_cast<std::size_t>(most) + 1));
  }

  static std::vector<Holder> NewHolders() {
    std::vector<Holder> holders(kHolders);
    for (std::size_t i = 0; i < kHolders; ++i) {
      holders[i].name = "holder " + std::to_string(i);
    }
    return holders;
  }
  void NewWindow() {
    ++window_;
    holders_ = NewHolders();
    model_ = {};
    sent_.clear();
    freed_ = 0;
  }

  // Reserves, spends and gives up within its slice; then draws.
  async::Task<void> Step(Holder& holder) {
    holder.in_use += UpTo(std::max<std::int64_t>(holder.slice - holder.in_use, 0));
    const std::int64_t spent = UpTo(holder.in_use);
    holder.in_use -= spent;
    holder.slice -= spent;
    holder.spent += spent;
    holder.in_use -= UpTo(holder.in_use);
    const std::int64_t wanted = holder.in_use + UpTo(500);
    const bool ends = random_.Draw() < chances_.end_lease;
    co_await Call(holder, wanted, ends, false);
  }

  async::Task<void> Call(Holder& holder, std::int64_t wanted, bool ends, bool last_word) {
    const Draw draw{.name = {"history", std::to_string(window_)},
                    .holder = holder.name,
                    .sequence = ++holder.sequence,
                    .limit = kLimit,
                    .spent = holder.spent,
                    .in_use = holder.in_use,
                    .wanted = wanted,
                    .ttl = ends ? std::chrono::milliseconds(1) : std::chrono::hours(1),
                    .last = holder.last};
    holder.slice = std::min(holder.slice, wanted);
    sent_.push_back({draw, holder.model_last});
    if (!ends && !last_word && random_.Draw() < chances_.lose_call) {
      co_return;
    }
    const std::optional<Slice> answer = co_await Both(sent_.back());
    const bool repeated = random_.Draw() < chances_.repeat;
    if (answer && repeated && !ends) {
      const std::optional<Slice> again = co_await Both(sent_.back());
      EXPECT_EQ(answer->held, again.value_or(Slice{}).held);
    }
    if (answer && random_.Draw() >= chances_.lose_answer) {
      holder.last = answer;
      holder.model_last = model_answer_;
      holder.slice = answer->held;
    }
    if (ends) {
      // It goes on to spend what it holds although its lease ends: the worst it can do.
      freed_ += std::max<std::int64_t>(holder.slice - holder.in_use, 0);
      co_await rig_.Pass();
    }
    co_await CheckBooks();
  }

  // An old call arrives once more.
  async::Task<void> SendAgain(Sent sent) {
    (void)co_await Both(sent);
    co_await rig_.Pass();  // it may have had a short lease
    co_await CheckBooks();
  }

  // Sends it to the store and to the machine and compares.
  async::Task<std::optional<Slice>> Both(Sent sent) {
    const auto real = co_await rig_.DrawOne(sent.draw);
    sent.draw.last = sent.model_last;
    now_ += 10;
    const auto model = Apply(model_, sent.draw, now_, ++lives_);
    EXPECT_EQ(real.has_value(), model.has_value()) << Where();
    if (!real || !model) {
      co_return std::nullopt;
    }
    EXPECT_EQ(real->held, model->held) << Where();
    EXPECT_EQ(real->settled, model->settled) << Where();
    EXPECT_EQ(real->held_by_others, model->held_by_others) << Where();
    EXPECT_EQ(real->uncertain, model->uncertain) << Where();
    EXPECT_EQ(real->silent, model->silent) << Where();
    EXPECT_EQ(real->booked, model->booked) << Where();
    model_answer_ = *model;
    co_return *real;
  }

  async::Task<void> CheckBooks() {
    const Standing standing = co_await rig_.Look({"history", std::to_string(window_)});
    const Standing model = StandingOf(model_, now_ + 5);
    EXPECT_EQ(standing.settled, model.settled) << Where();
    EXPECT_EQ(standing.held, model.held) << Where();
    EXPECT_EQ(standing.holders, model.holders) << Where();
    if (chances_.lose_all == 0) {
      EXPECT_LE(standing.settled + standing.held, kLimit + freed_) << Where();
    }
  }

  // Everybody tells the truth and gives back what it holds.
  async::Task<void> ComeBack() {
    std::int64_t spent = 0;
    for (Holder& holder : holders_) {
      holder.in_use = 0;
      co_await Call(holder, 0, false, true);
      spent += holder.spent;
    }
    const Standing standing = co_await rig_.Look({"history", std::to_string(window_)});
    EXPECT_EQ(standing.held, 0) << Where();
    EXPECT_EQ(standing.uncertain, 0) << Where();
    if (chances_.lose_all == 0) {
      EXPECT_EQ(standing.settled, spent) << Where();
    } else {
      EXPECT_GE(standing.settled, spent) << Where();  // money is not forgotten
    }
  }

  std::string Where() const { return "window " + std::to_string(window_); }

  SharedRig& rig_;
  core::Random random_;
  const Chances chances_;
  int window_ = 0;
  std::vector<Holder> holders_ = NewHolders();
  AccountBook model_;
  Slice model_answer_;
  std::deque<Sent> sent_;
  std::int64_t now_ = 1000;
  std::int64_t lives_ = 0;
  std::int64_t freed_ = 0;  // what holders may have spent beyond their leases
};

inline async::Task<void> HoldsInRandomHistories(SharedRig& rig) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    SCOPED_TRACE(seed);
    History history(rig, seed, {});
    co_await history.Run();
    co_await rig.Lose();
  }
}

inline async::Task<void> ForgetsNoMoneyWhenItIsEmptiedAgainAndAgain(SharedRig& rig) {
  for (const std::uint64_t seed : {11U, 12U, 13U}) {
    SCOPED_TRACE(seed);
    History history(rig, seed, {.lose_all = 0.03});
    co_await history.Run();
    co_await rig.Lose();
  }
}

}  // namespace signalbox::store::contract
