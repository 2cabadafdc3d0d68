// Random histories of everything that happens to budgets, beside a plain account of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>

#include "base/core/random.h"
#include "pipeline/quota/book.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kLimit = 1000;
constexpr int kHistories = 100'000;
constexpr int kSteps = 24;

// What the ledger would have: settlements, in order, each with the moment of its reservation.
struct Settled {
  std::int64_t at;
  std::int64_t cost;
  std::int64_t reserved;
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), seed_(seed) { Start(); }

  void Run() {
    for (int step = 0; step < kSteps; ++step) {
      Step();
      Check();
    }
    while (!open_.empty()) {
      Settle();
    }
    Check();
    EXPECT_EQ(Total().StateAt(world_->now.wall).reserved, 0) << "seed " << seed_;
  }

 private:
  struct Open {
    request::Admission::PassPtr pass;
    std::int64_t amount;
    std::int64_t at;
  };

  std::int64_t Pick(std::int64_t most) {
    return static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(most));
  }
  Budget& Total() { return *world_->registry.total().budgets.load(); }
  static std::int64_t DayOf(std::int64_t at) { return at / kDay; }

  void Start() {
    const Moment now = world_ == nullptr ? Moment{.mono = kHour, .wall = kStart} : world_->now;
    admission_.reset();
    world_ = std::make_unique<World>(100);
    world_->now = now;
    world_->Set({}, world_->Money(Window::kDay, limit_));
    book_ = std::make_unique<Book>(world_->registry);
    for (const Settled& settled : ledger_) {
      Fold(settled);
    }
    book_->Restore(now.wall);
    admission_ = std::make_unique<Admission>(world_->registry);
  }

  void Fold(const Settled& settled) {
    book_->Add({.cost_nano_usd = settled.cost,
                .reserved_nano_usd = settled.reserved,
                .reserved_at = core::WallTime(std::chrono::nanoseconds(settled.at))});
  }

  void Reserve() {
    auto pass = admission_->Admit(
        {.principal = request::Principal::Anonymous(), .labels = {}, .now = world_->At()});
    const std::int64_t amount = Pick(400);
    const auto reserved =
        (*pass)->Reserve({"p", "m"}, {.cost_nano_usd = amount}, world_->At(), nullptr, nullptr);
    const std::int64_t taken = spent_[Now()] + Reserved();
    ASSERT_EQ(reserved.has_value(), amount == 0 || taken + amount <= limit_)
        << "seed " << seed_ << ": " << taken << " + " << amount << " of " << limit_;
    if (reserved) {
      open_.push_back({std::move(*pass), amount, world_->now.wall});
    }
  }
  std::int64_t Now() const { return DayOf(world_->now.wall); }
  std::int64_t Reserved() const {
    std::int64_t sum = 0;
    for (const Open& open : open_) {
      sum += DayOf(open.at) == Now() ? open.amount : 0;
    }
    return sum;
  }

  // With the truth, with nothing (a cut before anything was billed), or not knowing.
  void Settle() {
    if (open_.empty()) {
      return;
    }
    const auto at = open_.begin() + Pick(static_cast<std::int64_t>(open_.size()));
    Open open = std::move(*at);
    open_.erase(at);
    const std::int64_t kind = Pick(4);
    if (kind == 0) {
      return;  // the call goes without a word: everything comes back
    }
    const std::int64_t cost = kind == 1 ? -1 : Pick(open.amount + 1);
    open.pass->Settle({.cost_nano_usd = cost});
    ledger_.push_back({open.at, cost, open.amount});
    spent_[DayOf(open.at)] += cost < 0 ? open.amount : cost;
    Fold(ledger_.back());
  }

  // What was open when the process died is booked as uncertain at the next start.
  void Kill() {
    for (Open& open : open_) {
      ledger_.push_back({open.at, -1, open.amount});
      spent_[DayOf(open.at)] += open.amount;
    }
    open_.clear();
    Start();
  }

  void Step() {
    switch (Pick(12)) {
      case 0:
        Kill();
        break;
      case 1:
        // A call that outlives the next window whole is not settled here: none does.
        if (std::ranges::all_of(open_, [&](const Open& o) { return DayOf(o.at) == Now(); })) {
          world_->Pass(kDay / 4 + Pick(kDay / 2));
        }
        break;
      case 2:
        limit_ = 200 + Pick(1500);
        world_->Set({}, world_->Money(Window::kDay, limit_));
        break;
      case 3:
      case 4:
      case 5:
      case 6:
        Settle();
        break;
      default:
        Reserve();
    }
  }

  void Check() {
    const BudgetState state = Total().StateAt(world_->now.wall);
    ASSERT_EQ(state.spent, spent_[Now()]) << "seed " << seed_;
    ASSERT_EQ(state.reserved, Reserved()) << "seed " << seed_;
  }

  core::Random random_;
  const std::uint64_t seed_;
  std::int64_t limit_ = kLimit;
  std::unique_ptr<World> world_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<Admission> admission_;
  std::deque<Open> open_;
  std::vector<Settled> ledger_;
  std::map<std::int64_t, std::int64_t> spent_;
};

TEST(History, BudgetsAreWhatTheLedgerSaysWhateverHappens) {
  for (std::uint64_t seed = 0; seed < kHistories && !testing::Test::HasFailure(); ++seed) {
    History(seed).Run();
  }
}

}  // namespace
}  // namespace signalbox::quota
