#include "app/rate_driver.h"

#include "base/async/async_testing.h"
#include "io/store/memory/shared_in_memory.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::app {
namespace {

constexpr std::uint32_t kLimit = 10;

// One gateway: its limit, its door, what carries its tallies.
class Gateway {
 public:
  Gateway(async::Loop& loop, store::Shared& shared, const std::string& life)
      : loop_(loop),
        registry_(1000, true),
        leases_(registry_, life),
        tallies_(registry_, life),
        admission_(registry_),
        watch_(loop, shared, leases_),
        rates_(loop, shared, tallies_, watch_) {
    registry_.SetSetting({}, quota::World::Limited(quota::Rate::kRequestsPerHour, kLimit),
                         quota::MomentOf(Now()));
    watch_.Start();
    rates_.Start();
  }

  // How many passed.
  std::uint32_t Calls(int count) {
    std::uint32_t passed = 0;
    for (int i = 0; i < count; ++i) {
      const auto pass = admission_.Admit(
          {.principal = request::Principal::Anonymous(), .labels = {}, .now = Now()});
      passed += pass ? 1 : 0;
    }
    return passed;
  }
  std::int64_t left() {
    return registry_.total().limits.load()->meters[1].Remaining(quota::MomentOf(Now()),
                                                                quota::kHour);
  }
  bool up() const { return watch_.up(); }
  async::Task<void> Close() {
    const async::Deadline soon{loop_.now() + std::chrono::seconds(10)};
    co_await rates_.Close(soon);
    co_await watch_.Close(soon);
  }

 private:
  request::Instant Now() const { return {loop_.wall_now(), loop_.now()}; }

  async::Loop& loop_;
  quota::Registry registry_;
  quota::Leases leases_;
  quota::Tallies tallies_;
  quota::Admission admission_;
  LeaseDriver watch_;
  RateDriver rates_;
};

async::Task<void> ALittle(async::Loop& loop) {
  (void)co_await loop.SleepUntil({loop.now() + std::chrono::milliseconds(5)});
}

LOOP_TEST(RateDriver, OneHearsWhatAnotherTook) {
  store::SharedInMemory shared(loop);
  Gateway one(loop, shared, "one");
  EXPECT_EQ(one.Calls(6), 6U);
  co_await one.Close();  // which tells the last of it
  Gateway two(loop, shared, "two");
  EXPECT_EQ(two.Calls(1), 1U) << "it has not heard yet";
  while (two.left() != 3) {
    co_await ALittle(loop);
  }
  EXPECT_EQ(two.Calls(20), 3U);
  co_await two.Close();
  co_await shared.Close({});
}

LOOP_TEST(RateDriver, AloneItGoesOnWithWhatItKnows) {
  store::SharedInMemory shared(loop);
  Gateway one(loop, shared, "one");
  co_await shared.Close({});
  EXPECT_EQ(one.Calls(6), 6U);
  while (one.up()) {
    co_await ALittle(loop);
  }
  EXPECT_EQ(one.Calls(20), 4U);
  co_await one.Close();
}

}  // namespace
}  // namespace signalbox::app
