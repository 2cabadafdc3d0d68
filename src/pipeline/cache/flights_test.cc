#include "pipeline/cache/flights.h"

#include <gtest/gtest.h>

#include <latch>
#include <random>
#include <thread>

#include "base/async/async_testing.h"
#include "pipeline/cache/cache_testing.h"

namespace signalbox::cache {
namespace {

using async::Deadline;
using async::Wake;
using std::chrono::seconds;

using FollowerPtr = std::shared_ptr<Follower>;

bool Leads(const Flights::Joined& joined) {
  return std::holds_alternative<Flights::Lead>(joined);
}
bool Follows(const Flights::Joined& joined) {
  return std::holds_alternative<FollowerPtr>(joined);
}

LOOP_TEST(Flights, TheFirstLeadsAndTheOthersFollow) {
  Table table({.bytes = 1 << 20});
  Flights flights(10);
  auto first = flights.Join(DigestOf(1), loop);
  auto second = flights.Join(DigestOf(1), loop);
  auto other = flights.Join(DigestOf(2), loop);
  EXPECT_TRUE(Leads(first));
  EXPECT_TRUE(Leads(other));
  EXPECT_TRUE(Follows(second));
  auto& lead = std::get<Flights::Lead>(first);
  EXPECT_TRUE(lead.followed());
  EXPECT_FALSE(std::get<Flights::Lead>(other).followed());
  lead.Land({.answer = Put(table, DigestOf(1), "answer"), .refusal = nullptr});
  Follower& follower = *std::get<FollowerPtr>(second);
  const Wake wake = co_await follower.Wait({loop.now() + seconds(10), nullptr});
  EXPECT_EQ(wake, Wake::kReady);
  EXPECT_EQ(BodyOf(follower.landing().answer), "answer");
}

LOOP_TEST(Flights, WhoComesAfterTheLandingLeadsAgain) {
  Flights flights(10);
  for (int i = 0; i < 1000; ++i) {
    auto joined = flights.Join(DigestOf(1), loop);
    EXPECT_TRUE(Leads(joined));
    if (i % 2 == 0) {
      std::get<Flights::Lead>(joined).Land({});
    }
  }
  co_return;
}

LOOP_TEST(Flights, ALeaderThatGoesLeavesItsFollowersOnTheirOwn) {
  Flights flights(10);
  FollowerPtr follower;
  {
    auto first = flights.Join(DigestOf(1), loop);
    follower = std::get<FollowerPtr>(flights.Join(DigestOf(1), loop));
  }
  const Wake wake = co_await follower->Wait({loop.now() + seconds(10), nullptr});
  EXPECT_EQ(wake, Wake::kReady);
  EXPECT_FALSE(follower->landing().answer);
  EXPECT_EQ(follower->landing().refusal, nullptr);
}

LOOP_TEST(Flights, ARefusalIsShared) {
  Flights flights(10);
  auto first = flights.Join(DigestOf(1), loop);
  const auto follower = std::get<FollowerPtr>(flights.Join(DigestOf(1), loop));
  auto refusal = std::make_shared<Refusal>();
  refusal->status = 429;
  std::get<Flights::Lead>(first).Land({.answer = {}, .refusal = refusal});
  co_await follower->Wait({loop.now() + seconds(10), nullptr});
  EXPECT_EQ(follower->landing().refusal->status, 429);
}

LOOP_TEST(Flights, AFollowerGoesAtItsDeadlineOrWhenItsCallerDoes) {
  Flights flights(10);
  auto first = flights.Join(DigestOf(1), loop);
  {
    const auto follower = std::get<FollowerPtr>(flights.Join(DigestOf(1), loop));
    const Wake wake = co_await follower->Wait({loop.now(), nullptr});
    EXPECT_EQ(wake, Wake::kDeadline);
  }
  async::Cancellation gone;
  gone.Cancel();
  const auto follower = std::get<FollowerPtr>(flights.Join(DigestOf(1), loop));
  const Wake wake = co_await follower->Wait({loop.now() + seconds(10), &gone});
  EXPECT_EQ(wake, Wake::kCancelled);
  std::get<Flights::Lead>(first).Land({});
}

LOOP_TEST(Flights, BeyondTheBoundOneGoesAlone) {
  Flights flights(2);
  auto lead = flights.Join(DigestOf(1), loop);
  auto one = flights.Join(DigestOf(1), loop);
  auto two = flights.Join(DigestOf(1), loop);
  auto three = flights.Join(DigestOf(1), loop);
  EXPECT_TRUE(Follows(one) && Follows(two));
  EXPECT_FALSE(Follows(three) || Leads(three));
  co_return;
}

LOOP_TEST(Flights, ThousandsOfDifferentOnesAreInTheAirAtOnce) {
  Flights flights(10);
  std::vector<Flights::Lead> leads;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    auto joined = flights.Join(DigestOf(i), loop);
    EXPECT_TRUE(Leads(joined));
    leads.push_back(std::get<Flights::Lead>(std::move(joined)));
  }
  for (std::uint64_t i = 0; i < 20000; i += 100) {
    EXPECT_TRUE(Follows(flights.Join(DigestOf(i), loop)));
  }
  // They land in an order that has nothing to do with the one in which they began.
  for (std::size_t step = 0; step < 7; ++step) {
    for (std::size_t i = step; i < leads.size(); i += 7) {
      leads[i].Land({});
    }
  }
  for (std::uint64_t i = 0; i < 20000; ++i) {
    EXPECT_TRUE(Leads(flights.Join(DigestOf(i), loop)));
  }
  co_return;
}

// One thread of the hammer below: a loop of its own, on which it leads, follows, and waits.
class Hammer {
 public:
  Hammer(Flights& flights, Table& table, std::vector<std::atomic<int>>& leaders,
         std::atomic<std::uint64_t>& landed)
      : flights_(flights), table_(table), leaders_(leaders), landed_(landed) {}

  async::Task<void> Run(async::Loop* loop, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    // On a busy machine threads may run one after the other: go on until two have met.
    for (int i = 0; i < 3000 || (landed_.load() == 0 && i < 10'000'000); ++i) {
      const std::uint64_t number = random() % leaders_.size();
      auto joined = flights_.Join(DigestOf(number), *loop);
      if (auto* lead = std::get_if<Flights::Lead>(&joined)) {
        EXPECT_EQ(leaders_[number].fetch_add(1), 0) << "two lead at the same time";
        if (random() % 4 == 0) {
          co_await loop->Yield();
        }
        Entry answer = Put(table_, DigestOf(number), std::to_string(number));
        leaders_[number].fetch_sub(1);
        lead->Land({.answer = std::move(answer), .refusal = nullptr});
      } else if (auto* follower = std::get_if<FollowerPtr>(&joined)) {
        const Wake wake = co_await (*follower)->Wait({loop->now() + seconds(20), nullptr});
        EXPECT_EQ(wake, Wake::kReady);
        if ((*follower)->landing().answer) {
          EXPECT_EQ(BodyOf((*follower)->landing().answer), std::to_string(number));
          landed_.fetch_add(1);
        }
      }
    }
  }

 private:
  Flights& flights_;
  Table& table_;
  std::vector<std::atomic<int>>& leaders_;
  std::atomic<std::uint64_t>& landed_;
};

TEST(Flights, ManyThreadsHaveOneLeaderAtATime) {
  Table table({.bytes = 1 << 20});
  Flights flights(1000);
  std::vector<std::atomic<int>> leaders(3);
  std::atomic<std::uint64_t> landed{0};
  Hammer hammer(flights, table, leaders, landed);
  std::vector<std::unique_ptr<async::Loop>> loops;  // all outlive every thread
  for (int i = 0; i < 4; ++i) {
    loops.push_back(*async::Loop::Create());
  }
  std::latch begin(static_cast<std::ptrdiff_t>(loops.size()));
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < loops.size(); ++i) {
    threads.emplace_back([&, i] {
      begin.arrive_and_wait();
      async::Loop& loop = *loops[i];
      async::Gate gate(loop);
      gate.Spawn(async::ThenStop(&loop, hammer.Run(&loop, i + 1)));
      loop.Run();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(landed.load(), 0U);
}

}  // namespace
}  // namespace signalbox::cache
