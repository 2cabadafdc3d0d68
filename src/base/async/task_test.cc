#include "base/async/task.h"

#include <stdexcept>
#include <thread>

#include "base/async/async_testing.h"
#include "base/async/frame_pool.h"

namespace signalbox::async {
namespace {

Task<int> Returns(int value) {
  co_return value;
}

Task<std::unique_ptr<int>> ReturnsOwned(int value) {
  co_return std::make_unique<int>(value);
}

Task<int> Throws(bool really) {
  if (really) {
    throw std::out_of_range("far");
  }
  co_return 0;
}

Task<int> PassesOn(bool really) {
  const int value = co_await Throws(really);
  co_return value;
}

Task<int> Deep(int levels) {
  if (levels == 0) {
    co_return 0;
  }
  const int below = co_await Deep(levels - 1);
  co_return below + 1;
}

Task<void> Marks(std::shared_ptr<bool> started) {
  *started = true;
  co_return;
}

LOOP_TEST(Task, GivesItsValueToWhoeverAwaitsIt) {
  const int value = co_await Returns(42);
  EXPECT_EQ(value, 42);
  const auto owned = co_await ReturnsOwned(7);
  EXPECT_EQ(*owned, 7);
}

LOOP_TEST(Task, StartsWhenItIsAwaited) {
  auto started = std::make_shared<bool>(false);
  Task<void> task = Marks(started);
  EXPECT_FALSE(*started);
  co_await std::move(task);
  EXPECT_TRUE(*started);
}

LOOP_TEST(Task, ATaskThatIsNeverAwaitedFreesItsArguments) {
  auto started = std::make_shared<bool>(false);
  {
    const Task<void> task = Marks(started);
  }
  EXPECT_EQ(started.use_count(), 1);
  EXPECT_FALSE(*started);
  co_return;
}

LOOP_TEST(Task, AnExceptionTravelsToTheAwaiter) {
  std::string what;
  try {
    co_await PassesOn(true);
  } catch (const std::out_of_range& error) {
    what = error.what();
  }
  EXPECT_EQ(what, "far");
  const int value = co_await PassesOn(false);
  EXPECT_EQ(value, 0);
}

// Awaiting is a transfer, not a call: neither a long loop nor the way back up may use stack.
LOOP_TEST(Task, ManyTasksOneAfterTheOtherDoNotUseUpTheStack) {
  std::int64_t sum = 0;
  for (int i = 0; i < 300'000; ++i) {
    sum += co_await Returns(1);
  }
  EXPECT_EQ(sum, 300'000);
  const int levels = co_await Deep(50'000);
  EXPECT_EQ(levels, 50'000);
}

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

TEST(FramePool, GivesAFreedFrameOutAgain) {
  FramePool::Trim();
  void* first = FramePool::Allocate(200);
  FramePool::Free(first, 200);
  void* again = FramePool::Allocate(250);  // the same class of 64 bytes
  EXPECT_EQ(first, again);
  void* other = FramePool::Allocate(250);
  EXPECT_NE(other, again);
  FramePool::Free(again, 250);
  FramePool::Free(other, 250);
  FramePool::Trim();
}

#endif

TEST(FramePool, TakesFramesOfAnySizeBackOnAnyThread) {
  std::vector<std::pair<void*, std::size_t>> frames;
  for (std::size_t size = 1; size < 10'000; size += 61) {
    frames.emplace_back(FramePool::Allocate(size), size);
    std::memset(frames.back().first, 0x5a, size);
  }
  std::thread([&] {
    for (const auto& [frame, size] : frames) {
      FramePool::Free(frame, size);
    }
  }).join();
  FramePool::Trim();
}

}  // namespace
}  // namespace signalbox::async
