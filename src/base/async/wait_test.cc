#include "base/async/wait.h"

#include "base/async/async_testing.h"
#include "base/async/event.h"

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;

Task<void> SetsLater(Loop* loop, Event* event) {
  co_await loop->SleepUntil({loop->now() + 2ms});
  event->Set();
}

Task<void> CancelsLater(Loop* loop, Cancellation* cancellation) {
  co_await loop->SleepUntil({loop->now() + 2ms});
  cancellation->Cancel();
}

Task<void> Waits(Event* event, Deadline deadline, Wake* wake) {
  *wake = co_await event->Wait(deadline);
}

LOOP_TEST(Wait, ASleepEndsAtItsDeadlineAndNotBefore) {
  const core::MonoTime until = loop.now() + 5ms;
  const Wake wake = co_await loop.SleepUntil({until});
  EXPECT_EQ(wake, Wake::kDeadline);
  EXPECT_GE(loop.now(), until);
}

LOOP_TEST(Wait, ASleepIntoThePastDoesNotWait) {
  const core::MonoTime turn = loop.now();
  const Wake wake = co_await loop.SleepUntil({turn});
  EXPECT_EQ(wake, Wake::kDeadline);
  EXPECT_EQ(loop.now(), turn);
}

LOOP_TEST(Wait, ACancelledSleepSaysSo) {
  Cancellation cancellation;
  Gate gate(loop);
  gate.Spawn(CancelsLater(&loop, &cancellation));
  const core::MonoTime until = loop.now() + 10min;
  const Wake wake = co_await loop.SleepUntil({until, &cancellation});
  EXPECT_EQ(wake, Wake::kCancelled);
  EXPECT_LT(loop.now(), until);
}

LOOP_TEST(Wait, AWaitThatIsCancelledBeforeItBeginsEndsInTheSameTurn) {
  Cancellation cancellation;
  cancellation.Cancel();
  EXPECT_TRUE(cancellation.cancelled());
  Event event(loop);
  const core::MonoTime turn = loop.now();
  const Wake wake = co_await event.Wait({core::kNever, &cancellation});
  EXPECT_EQ(wake, Wake::kCancelled);
  const Wake sleep = co_await loop.SleepUntil({turn + 1h, &cancellation});
  EXPECT_EQ(sleep, Wake::kCancelled);
  EXPECT_EQ(loop.now(), turn);
}

LOOP_TEST(Wait, OneCancelEndsEveryWaitThatCarriesIt) {
  Cancellation cancellation;
  Event one(loop);
  Event two(loop);
  Event other(loop);
  std::array<Wake, 3> wakes{};
  Gate gate(loop);
  gate.Spawn(Waits(&one, {loop.now() + 1h, &cancellation}, &wakes[0]));
  gate.Spawn(Waits(&two, {core::kNever, &cancellation}, &wakes[1]));
  gate.Spawn(Waits(&other, {}, &wakes[2]));
  cancellation.Cancel();
  cancellation.Cancel();
  EXPECT_EQ(wakes[0], Wake::kNone);  // resumed later in this turn, not inside Cancel
  other.Set();
  const bool drained = co_await gate.Drained({});
  EXPECT_TRUE(drained);
  EXPECT_EQ(wakes, (std::array{Wake::kCancelled, Wake::kCancelled, Wake::kReady}));
}

LOOP_TEST(Wait, AResetCancellationServesTheNextWaits) {
  Cancellation cancellation;
  cancellation.Cancel();
  cancellation.Reset();
  EXPECT_FALSE(cancellation.cancelled());
  const Wake wake = co_await loop.SleepUntil({loop.now() + 1ms, &cancellation});
  EXPECT_EQ(wake, Wake::kDeadline);
}

LOOP_TEST(Wait, WhatHappenedFirstIsWhatTheWaitSays) {
  Cancellation cancellation;
  Event event(loop);
  Wake wake = Wake::kNone;
  Gate gate(loop);
  gate.Spawn(Waits(&event, {loop.now() + 1ms, &cancellation}, &wake));
  event.Set();
  cancellation.Cancel();
  co_await gate.Drained({});
  EXPECT_EQ(wake, Wake::kReady);
  // The deadline of the wait that ended must not fire into what came after it.
  co_await loop.SleepUntil({loop.now() + 5ms});
  EXPECT_EQ(wake, Wake::kReady);
}

LOOP_TEST(Event, AnEventThatIsSetLetsEveryoneThrough) {
  Event event(loop);
  event.Set();
  for (int i = 0; i < 2; ++i) {
    const Wake wake = co_await event.Wait({loop.now()});
    EXPECT_EQ(wake, Wake::kReady);
  }
  EXPECT_TRUE(event.set());
}

LOOP_TEST(Event, WakesItsWaiterWhenItIsSet) {
  Event event(loop);
  Gate gate(loop);
  gate.Spawn(SetsLater(&loop, &event));
  const Wake wake = co_await event.Wait({loop.now() + 1h});
  EXPECT_EQ(wake, Wake::kReady);
}

LOOP_TEST(Event, AfterADeadlineItCanBeWaitedForAgain) {
  Event event(loop);
  const Wake late = co_await event.Wait({loop.now() + 2ms});
  EXPECT_EQ(late, Wake::kDeadline);
  Gate gate(loop);
  gate.Spawn(SetsLater(&loop, &event));
  const Wake wake = co_await event.Wait({loop.now() + 1h});
  EXPECT_EQ(wake, Wake::kReady);
  event.Reset();
  const Wake again = co_await event.Wait({loop.now() + 1ms});
  EXPECT_EQ(again, Wake::kDeadline);
}

TEST(Deadline, TheEarlierEndWinsAndTheCallerStays) {
  Cancellation cancellation;
  const core::MonoTime noon{1h};
  const Deadline deadline{noon, &cancellation};
  EXPECT_EQ(deadline.Earlier(noon - 1ns).at, noon - 1ns);
  EXPECT_EQ(deadline.Earlier(noon + 1ns).at, noon);
  EXPECT_EQ(deadline.Earlier(core::kNever).cancellation, &cancellation);
}

}  // namespace
}  // namespace signalbox::async
