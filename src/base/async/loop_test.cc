#include "base/async/loop.h"

#include <atomic>
#include <thread>

#include "base/async/async_testing.h"

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsWhatOtherThreadsPostEachOnceAndInOrderPerThread) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 2000;
  auto created = Loop::Create();
  ASSERT_TRUE(created.has_value());
  Loop& loop = **created;
  Watchdog watchdog(loop);
  std::array<int, kThreads> next{};  // touched by the loop's thread alone
  int total = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kPosts; ++i) {
        loop.Post([&, t, i] {
          EXPECT_EQ(next[static_cast<std::size_t>(t)]++, i);
          if (++total == kThreads * kPosts) {
            loop.Stop();
          }
        });
      }
    });
  }
  loop.Run();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(total, kThreads * kPosts);
}

// One post at a time, so that each has to wake the loop by itself.
TEST(Loop, EveryPostWakesASleepingLoop) {
  auto created = Loop::Create();
  ASSERT_TRUE(created.has_value());
  Loop& loop = **created;
  std::thread runner([&] { loop.Run(); });
  for (int i = 0; i < 2000; ++i) {
    std::atomic<bool> ran{false};
    loop.Post([&] {
      ran.store(true);
      ran.notify_one();
    });
    ran.wait(false);
  }
  loop.Stop();
  runner.join();
}

TEST(Loop, WorkThatPostsRunsTheNewWorkInALaterTurn) {
  auto created = Loop::Create();
  ASSERT_TRUE(created.has_value());
  Loop& loop = **created;
  std::vector<int> order;
  loop.Post([&] {
    loop.Post([&] {
      order.push_back(3);
      loop.Stop();
    });
    order.push_back(1);
  });
  loop.Post([&] { order.push_back(2); });
  loop.Run();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

LOOP_TEST(Loop, CivilTimeFollowsTheSystemsClock) {
  co_await loop.SleepUntil({loop.now() + 15ms});
  const auto apart = core::WallNow() - loop.wall_now();
  EXPECT_LT(std::chrono::abs(apart), 5s);
  EXPECT_LE(loop.now(), core::MonoNow());
}

LOOP_TEST(Loop, SaysOnceThatItIsQuiet) {
  int calls = 0;
  loop.OnQuiet([&] { ++calls; });
  co_await loop.SleepUntil({loop.now() + 2500ms});
  EXPECT_EQ(calls, 1);
  // What a timer ended has memory to give back as well, but that is no reason to hurry.
  for (int i = 0; i < 5; ++i) {
    co_await loop.SleepUntil({loop.now() + 100ms});
  }
  EXPECT_LE(calls, 2);
  const int before = calls;
  co_await loop.SleepUntil({loop.now() + 1500ms});
  EXPECT_EQ(calls, before + 1);
}

Task<void> YieldOften(Loop* loop, std::string* story, char name) {
  for (int i = 0; i < 3; ++i) {
    *story += name;
    co_await loop->Yield();
  }
}

LOOP_TEST(Loop, WhoeverYieldsGoesOnAfterTheOthers) {
  std::string story;
  Gate gate(loop);
  gate.Spawn(YieldOften(&loop, &story, 'a'));
  gate.Spawn(YieldOften(&loop, &story, 'b'));
  co_await gate.Drained({});
  EXPECT_EQ(story, "ababab");
}

LOOP_TEST(Loop, TurnsAreCountedAnewAfterAYield) {
  Turns turns;
  EXPECT_FALSE(turns.Enough(loop, 2));
  EXPECT_FALSE(turns.Enough(loop, 2));
  EXPECT_TRUE(turns.Enough(loop, 2));
  co_await loop.Yield();
  EXPECT_FALSE(turns.Enough(loop, 2));
}

}  // namespace
}  // namespace signalbox::async
