#include "app/lease_driver.h"

#include "app/news.h"
#include "base/async/async_testing.h"
#include "io/store/memory/shared_in_memory.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::app {
namespace {

using quota::kUsd;

// One gateway: its budget, its door, what carries its slices.
class Gateway {
 public:
  Gateway(async::Loop& loop, store::Shared& shared, const std::string& life)
      : loop_(loop),
        registry_(1000, true),
        leases_(registry_, life),
        admission_(registry_, &leases_, &loop),
        driver_(loop, shared, leases_) {
    const quota::Moment now{loop.now().time_since_epoch().count(),
                            loop.wall_now().time_since_epoch().count()};
    quota::Rule rule;
    rule.budgets[0] = quota::BudgetTerms{
        .limit = 10 * kUsd,
        .calendar = *registry_.CalendarFor(quota::Window::kDay, "UTC", now.wall)};
    registry_.SetSetting({}, rule, now);
    leases_.OnFetch([this] { driver_.Wake(); });
    driver_.Start();
  }

  // A call that costs a dollar.
  async::Task<core::Status> Call() {
    auto pass = admission_.Admit(
        {.principal = request::Principal::Anonymous(), .labels = {}, .now = Now()});
    core::Status reserved = Reserve(**pass);
    if (!reserved && (*pass)->needs_slice()) {
      co_await (*pass)->FetchSlice({loop_.now() + std::chrono::seconds(10)});
      reserved = Reserve(**pass);
    }
    if (reserved) {
      (*pass)->Settle({.cost_nano_usd = kUsd});
    }
    co_return reserved;
  }
  LeaseDriver& driver() { return driver_; }

 private:
  request::Instant Now() const { return {loop_.wall_now(), loop_.now()}; }
  core::Status Reserve(request::Pass& pass) {
    return pass.Reserve({"p", "m"}, {.cost_nano_usd = kUsd}, Now(), nullptr, nullptr);
  }

  async::Loop& loop_;
  quota::Registry registry_;
  quota::Leases leases_;
  quota::Admission admission_;
  LeaseDriver driver_;
};

LOOP_TEST(LeaseDriver, TwoGatewaysSpendOneBudget) {
  store::SharedInMemory shared(loop);
  Gateway one(loop, shared, "one");
  Gateway two(loop, shared, "two");
  int called = 0;
  for (int i = 0; i < 4; ++i) {
    const core::Status first = co_await one.Call();
    const core::Status second = co_await two.Call();
    called += (first ? 1 : 0) + (second ? 1 : 0);
  }
  EXPECT_GE(called, 4);
  const async::Deadline soon{loop.now() + std::chrono::seconds(10)};
  co_await one.driver().Close(soon);  // what it held goes to the other
  core::Status last = co_await two.Call();
  while (last || last.error().code == core::ErrorCode::kRateLimited) {
    called += last ? 1 : 0;
    (void)co_await loop.SleepUntil({loop.now() + std::chrono::milliseconds(5)});
    last = co_await two.Call();
  }
  EXPECT_EQ(called, 10);
  EXPECT_EQ(last.error().code, core::ErrorCode::kBudgetExceeded);
  EXPECT_TRUE(two.driver().up());
  co_await two.driver().Close(soon);
  co_await shared.Close(soon);
}

LOOP_TEST(LeaseDriver, AStoreThatIsAwayIsSaidAndComesBackByItself) {
  store::SharedInMemory shared(loop);
  Gateway gateway(loop, shared, "one");
  const async::Deadline soon{loop.now() + std::chrono::seconds(20)};
  const core::Status first = co_await gateway.Call();
  EXPECT_TRUE(first);
  co_await shared.Close(soon);
  core::Status last = co_await gateway.Call();
  while (last || last.error().code != core::ErrorCode::kUnavailable) {
    (void)co_await loop.SleepUntil({loop.now() + std::chrono::milliseconds(5)});
    last = co_await gateway.Call();
  }
  EXPECT_TRUE(last.error().retry_after);
  EXPECT_FALSE(gateway.driver().up());
  co_await gateway.driver().Close(soon);
}

LOOP_TEST(News, ReachesTheOthersAndNotWhoSaysIt) {
  store::SharedInMemory shared(loop);
  int keys[2] = {};
  int limits[2] = {};
  News one(loop, shared, "one", [&] { ++keys[0]; }, [&] { ++limits[0]; });
  News two(loop, shared, "two", [&] { ++keys[1]; }, [&] { ++limits[1]; });
  one.Start();
  two.Start();
  const async::Deadline soon{loop.now() + std::chrono::seconds(10)};
  while (keys[0] == 0 || keys[1] == 0) {  // what came before is read first
    co_await loop.Yield();
  }
  const int keys_before = keys[0];
  const int limits_before = limits[0];
  one.Tell(Topic::kKeys);
  while (keys[1] == 1) {
    co_await loop.Yield();
  }
  EXPECT_EQ(limits[1], 1);
  one.Tell(Topic::kLimits);
  while (limits[1] == 1) {
    co_await loop.Yield();
  }
  EXPECT_EQ(keys[1], 2);
  EXPECT_EQ(keys[0], keys_before);
  EXPECT_EQ(limits[0], limits_before);
  co_await one.Close(soon);
  co_await two.Close(soon);
  co_await shared.Close(soon);
}

}  // namespace
}  // namespace signalbox::app
