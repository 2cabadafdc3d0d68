#include "base/async/gate.h"

#include <stdexcept>

#include "base/async/async_testing.h"

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;

Task<void> Notes(int* runs) {
  ++*runs;
  co_return;
}

Task<void> SleepsUntil(Loop* loop, Deadline deadline, Wake* wake) {
  *wake = co_await loop->SleepUntil(deadline);
}

Task<void> Throws(Loop* loop) {
  co_await loop->SleepUntil({loop->now() + 1ms});
  throw std::runtime_error("broken");
}

Task<void> HoldsUntil(std::shared_ptr<int> held, Loop* loop, core::MonoTime until) {
  co_await loop->SleepUntil({until});
  ++*held;
}

LOOP_TEST(Gate, StartsATaskAtOnce) {
  Gate gate(loop);
  int runs = 0;
  EXPECT_TRUE(gate.Spawn(Notes(&runs)));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(gate.running(), 0U);
  const bool drained = co_await gate.Drained({loop.now()});
  EXPECT_TRUE(drained);
}

LOOP_TEST(Gate, DropsATaskUnstartedOnceItIsClosed) {
  Gate gate(loop);
  gate.Close();
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  EXPECT_FALSE(gate.Spawn(HoldsUntil(std::move(held), &loop, loop.now())));
  EXPECT_TRUE(watch.expired());  // its arguments went with it
  EXPECT_TRUE(gate.closed());
  co_return;
}

LOOP_TEST(Gate, DrainedWaitsForTheLastTask) {
  Gate gate(loop);
  const core::MonoTime until = loop.now() + 5ms;
  auto held = std::make_shared<int>(0);
  gate.Spawn(HoldsUntil(held, &loop, until));
  gate.Spawn(HoldsUntil(held, &loop, until - 3ms));
  EXPECT_EQ(gate.running(), 2U);
  const bool drained = co_await gate.Drained({});
  EXPECT_TRUE(drained);
  EXPECT_GE(loop.now(), until);
  EXPECT_EQ(*held, 2);
  EXPECT_EQ(held.use_count(), 1);  // the frames are gone
}

LOOP_TEST(Gate, DrainedGivesUpAtItsDeadline) {
  Gate gate(loop);
  auto held = std::make_shared<int>(0);
  gate.Spawn(HoldsUntil(held, &loop, loop.now() + 20ms));
  const bool early = co_await gate.Drained({loop.now() + 1ms});
  EXPECT_FALSE(early);
  const bool drained = co_await gate.Drained({});
  EXPECT_TRUE(drained);
}

LOOP_TEST(Gate, CloseCancelsWhatItsTasksWaitFor) {
  Gate gate(loop);
  Wake wake = Wake::kNone;
  gate.Spawn(SleepsUntil(&loop, {loop.now() + 1h, &gate.cancellation()}, &wake));
  gate.Close();
  const bool drained = co_await gate.Drained({loop.now() + 10s});
  EXPECT_TRUE(drained);
  EXPECT_EQ(wake, Wake::kCancelled);
}

LOOP_TEST(Gate, AnExceptionGoesToTheHandlerAndTheTaskCountsAsEnded) {
  Gate gate(loop);
  std::string what;
  gate.set_on_exception([&](std::exception_ptr exception) {
    try {
      std::rethrow_exception(std::move(exception));
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
  });
  gate.Spawn(Throws(&loop));
  const bool drained = co_await gate.Drained({});
  EXPECT_TRUE(drained);
  EXPECT_EQ(what, "broken");
}

TEST(GateDeathTest, AnExceptionNobodyHandlesEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto loop = Loop::Create();
        Gate gate(**loop);
        gate.Spawn(Throws(loop->get()));
        (*loop)->Run();
      },
      "");
}

}  // namespace
}  // namespace signalbox::async
