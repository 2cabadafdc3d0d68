#include "base/async/pool.h"

#include <future>
#include <new>

#include "base/async/async_testing.h"

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;

TEST(Pool, RunsWorkOnThreadsOfItsOwn) {
  Pool pool(2);
  std::promise<std::thread::id> ran;
  ASSERT_TRUE(pool.Post([&] { ran.set_value(std::this_thread::get_id()); }));
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(Pool, RunsAsMuchAtOnceAsItHasThreads) {
  Pool pool(2);
  std::promise<void> first;
  std::promise<void> second;
  std::promise<void> both;
  // Each waits for the other: with one thread neither would end.
  pool.Post([&] {
    first.set_value();
    second.get_future().wait();
    both.set_value();
  });
  pool.Post([&] {
    first.get_future().wait();
    second.set_value();
  });
  EXPECT_EQ(both.get_future().wait_for(20s), std::future_status::ready);
}

TEST(Pool, RefusesWhatWouldWaitTooLong) {
  std::promise<void> go;
  std::promise<void> began;
  const std::shared_future<void> gone(go.get_future());
  Pool pool(1, 1);
  ASSERT_TRUE(pool.Post([&, gone] {
    began.set_value();
    gone.wait();
  }));
  began.get_future().wait();
  EXPECT_TRUE(pool.Post([] {}));
  EXPECT_FALSE(pool.Post([] {}));
  go.set_value();
}

TEST(Pool, WaitsAtItsEndForWhatHasBegunAndDropsTheRest) {
  const auto held = std::make_shared<int>(0);
  std::promise<void> began;
  bool ended = false;
  {
    Pool pool(1);
    pool.Post([&] {
      began.set_value();
      std::this_thread::sleep_for(20ms);
      ended = true;
    });
    began.get_future().wait();
    pool.Post([held] { ++*held; });
  }
  EXPECT_TRUE(ended) << "it was left while it ran";
  EXPECT_EQ(held.use_count(), 1) << "the work is still somewhere";
  EXPECT_EQ(*held, 0) << "what had not begun was run";
}

TEST(Pool, OutlivesWorkThatFindsNoMemory) {
  Pool pool(1);
  pool.Post([] { throw std::bad_alloc(); });
  std::promise<void> after;
  pool.Post([&] { after.set_value(); });
  EXPECT_EQ(after.get_future().wait_for(20s), std::future_status::ready);
}

LOOP_TEST(OnPool, GoesOnAtHomeWithTheResult) {
  Pool pool(1);
  const auto home = std::this_thread::get_id();
  std::thread::id away;
  const auto result = co_await OnPool<int>(loop, pool,
                                           [&] {
                                             away = std::this_thread::get_id();
                                             return 7;
                                           },
                                           {loop.now() + 20s});
  EXPECT_EQ(result, 7);
  EXPECT_EQ(std::this_thread::get_id(), home);
  EXPECT_NE(away, home);
}

LOOP_TEST(OnPool, DoesNotWaitLongerThanItsDeadline) {
  std::promise<void> go;
  Pool pool(1);
  const auto result = co_await OnPool<int>(loop, pool,
                                           [gone = std::shared_future<void>(go.get_future())] {
                                             gone.wait();
                                             return 7;
                                           },
                                           {loop.now() + 5ms});
  EXPECT_FALSE(result);
  go.set_value();
}

LOOP_TEST(OnPool, HasNoResultWithoutMemoryForTheWork) {
  Pool pool(1);
  const core::MonoTime began = loop.now();
  const auto result =
      co_await OnPool<int>(loop, pool, []() -> int { throw std::bad_alloc(); }, {loop.now() + 20s});
  EXPECT_FALSE(result);
  EXPECT_LT(loop.now() - began, 10s) << "it was waited for";
}

LOOP_TEST(OnPool, HasNoResultWhenThePoolTakesNoMore) {
  Pool pool(1, 0);
  const auto result = co_await OnPool<int>(loop, pool, [] { return 7; }, {loop.now() + 20s});
  EXPECT_FALSE(result);
}

}  // namespace
}  // namespace signalbox::async
