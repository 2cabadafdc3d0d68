// What every store does about holders who fall silent, and holders about a store that has lost
// everything. Test support.
#pragma once

#include "io/store/shared_rig_testing.h"

namespace signalbox::store::contract {

using async::Task;
using std::chrono::milliseconds;

// Holder a draws 600, says what it has spent and has in use, and is not heard of again for as long
// as its lease.
inline Task<Draw> FallSilent(SharedRig& rig, std::int64_t spent, std::int64_t in_use) {
  Draw draw = DrawBy("a", 1, 600);
  (void)co_await rig.Granted(draw);
  draw.sequence = 2;
  draw.spent = spent;
  draw.in_use = in_use;
  draw.ttl = milliseconds(1);
  (void)co_await rig.Granted(draw);
  co_await rig.Pass();
  co_return draw;
}

inline Task<void> AnEndedLeaseFreesWhatWasNotInUse(SharedRig& rig) {
  const Draw draw = co_await FallSilent(rig, 100, 50);
  const Standing ended = co_await rig.Look(draw.name);
  EXPECT_EQ(ended.settled, 150);
  EXPECT_EQ(ended.uncertain, 50);
  EXPECT_EQ(ended.silent, 1);
  EXPECT_EQ(ended.held, 0);
  const Slice other = co_await rig.Granted(DrawBy("b", 1, 1000));
  EXPECT_EQ(other.held, 850);
  EXPECT_EQ(other.uncertain, 50);
  EXPECT_EQ(other.silent, 1);
}

inline Task<void> AHolderThatComesBackTellsTheTruth(SharedRig& rig) {
  Draw draw = co_await FallSilent(rig, 0, 200);
  (void)co_await rig.Granted(DrawBy("b", 1, 1000));
  draw.sequence = 3;
  draw.spent = 120;
  draw.in_use = 80;
  draw.ttl = std::chrono::hours(1);
  const Slice back = co_await rig.Granted(draw);
  EXPECT_EQ(back.settled, 120);
  EXPECT_EQ(back.uncertain, 0);
  EXPECT_EQ(back.silent, 0);
  EXPECT_EQ(back.held, 80);  // what it has in use and no more: b holds the rest
  EXPECT_EQ(back.held_by_others, 800);
}

inline Task<void> ARepeatedCallAfterItsLeaseHoldsNothing(SharedRig& rig) {
  Draw draw = DrawBy("a", 1, 600);
  draw.ttl = milliseconds(1);
  (void)co_await rig.Granted(draw);
  co_await rig.Pass();
  const Slice again = co_await rig.Granted(draw);
  EXPECT_EQ(again.held, 0);
  EXPECT_EQ(again.lease, milliseconds(0));
}

inline Task<void> AnAccountIsDroppedAfterItsTime(SharedRig& rig) {
  Draw draw = DrawBy("a", 1, 10);
  draw.spent = 500;
  draw.ttl = draw.keep = milliseconds(1);
  (void)co_await rig.Granted(draw);
  co_await rig.Pass();
  const Standing gone = co_await rig.Look(draw.name);
  EXPECT_EQ(gone.settled, 0);
  EXPECT_EQ(gone.silent, 0);
  const Slice fresh = co_await rig.Granted(DrawBy("b", 1, 1000));
  EXPECT_EQ(fresh.held, 1000);
}

inline Task<void> AnEmptiedStoreIsTaughtByItsHolders(SharedRig& rig) {
  Draw a = DrawBy("a", 1, 300);
  Draw b = DrawBy("b", 1, 300);
  a.spent = 100;
  a.last = co_await rig.Granted(a);
  b.spent = 200;
  b.last = co_await rig.Granted(b);  // knows of everything: 300
  co_await rig.Lose();

  a.sequence = 2;
  a.spent = 110;
  a.wanted = 900;
  const Slice first = co_await rig.Granted(a);
  EXPECT_NE(first.life, a.last->life);
  EXPECT_EQ(first.settled, 110);
  EXPECT_EQ(first.held, 290);  // no more than it held: others may hold the rest
  const Slice fresh = co_await rig.Granted(DrawBy("c", 1, 100));
  EXPECT_EQ(fresh.held, 0);
  b.sequence = 2;
  b.spent = 250;
  b.in_use = 30;
  const Slice second = co_await rig.Granted(b);
  EXPECT_EQ(second.settled, 360);
  EXPECT_EQ(second.held, 250);
  EXPECT_EQ(second.held_by_others, 290);
  a.last = first;
  a.sequence = 3;
  const Slice third = co_await rig.Granted(a);
  EXPECT_EQ(third.settled, 360);  // what was told counts once
}

inline Task<void> ATaughtStoreGrantsAgainWhenALeaseHasGoneBy(SharedRig& rig) {
  Draw a = DrawBy("a", 1, 300);
  a.last = co_await rig.Granted(a);
  co_await rig.Lose();
  a.sequence = 2;
  a.ttl = milliseconds(1);
  (void)co_await rig.Granted(a);
  co_await rig.Pass();
  const Slice slice = co_await rig.Granted(DrawBy("b", 1, 1000));
  EXPECT_EQ(slice.held, 1000);
}

inline Task<void> AStoreThatANewHolderBeganAnewIsTaughtToo(SharedRig& rig) {
  Draw a = DrawBy("a", 1, 100);
  a.spent = -400;  // paid in
  a.last = co_await rig.Granted(a);
  co_await rig.Lose();
  const Slice fresh = co_await rig.Granted(DrawBy("n", 1, 10));
  EXPECT_EQ(fresh.settled, 0);
  a.sequence = 2;
  const Slice taught = co_await rig.Granted(a);
  EXPECT_EQ(taught.settled, -400);
  EXPECT_EQ(taught.held, 100);
}

}  // namespace signalbox::store::contract
