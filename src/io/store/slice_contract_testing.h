// What every store does with draws of holders who are there. Test support.
#pragma once

#include "io/store/shared_rig_testing.h"

namespace signalbox::store::contract {

using async::Task;
using std::chrono::milliseconds;

inline Task<void> GrantsOnlyWhatThereIsRoomFor(SharedRig& rig) {
  const Slice one = co_await rig.Granted(DrawBy("a", 1, 700));
  EXPECT_EQ(one.held, 700);
  EXPECT_EQ(one.settled, 0);
  EXPECT_GT(one.lease, milliseconds(0));
  const Slice two = co_await rig.Granted(DrawBy("b", 1, 700));
  EXPECT_EQ(two.held, 300);
  EXPECT_EQ(two.held_by_others, 700);
  const Slice three = co_await rig.Granted(DrawBy("c", 1, 1));
  EXPECT_EQ(three.held, 0);
}

inline Task<void> WhatIsGivenBackIsThereForOthers(SharedRig& rig) {
  (void)co_await rig.Granted(DrawBy("a", 1, 1000));
  Draw back = DrawBy("a", 2, 100);
  back.spent = 400;
  const Slice kept = co_await rig.Granted(back);
  EXPECT_EQ(kept.held, 100);
  EXPECT_EQ(kept.settled, 400);
  EXPECT_EQ(kept.booked, 400);
  const Slice other = co_await rig.Granted(DrawBy("b", 1, 1000));
  EXPECT_EQ(other.held, 500);
}

inline Task<void> ARepeatedCallChangesNothing(SharedRig& rig) {
  (void)co_await rig.Granted(DrawBy("a", 1, 100));
  Draw draw = DrawBy("a", 2, 300);
  draw.spent = 50;
  const Slice first = co_await rig.Granted(draw);
  draw.spent = 90;  // nobody looks at it again
  draw.wanted = 0;
  const Slice again = co_await rig.Granted(draw);
  EXPECT_EQ(again.held, 300);
  EXPECT_EQ(again.settled, 50);
  EXPECT_EQ(again.booked, 50);
  EXPECT_EQ(again.life, first.life);
  EXPECT_LE(again.lease, first.lease);
}

inline Task<void> AnEarlierCallThatComesLateIsRefused(SharedRig& rig) {
  (void)co_await rig.Granted(DrawBy("a", 7, 100));
  const auto late = co_await rig.DrawOne(DrawBy("a", 6, 900));
  EXPECT_EQ(CodeOf(late), core::ErrorCode::kConflict);
  const Standing standing = co_await rig.Look({"budget", "2026-11"});
  EXPECT_EQ(standing.held, 100);
}

inline Task<void> WhatWasLostOnTheWayIsBookedWithTheNextCall(SharedRig& rig) {
  (void)co_await rig.Granted(DrawBy("a", 1, 500));
  // Calls 2 and 3 never arrived; call 4 says what they would have said.
  Draw draw = DrawBy("a", 4, 500);
  draw.spent = 320;
  const Slice slice = co_await rig.Granted(draw);
  EXPECT_EQ(slice.settled, 320);
  EXPECT_EQ(slice.held, 500);
}

inline Task<void> ANewWindowStartsFromZero(SharedRig& rig) {
  Draw draw = DrawBy("a", 1, 100);
  draw.spent = 900;
  (void)co_await rig.Granted(draw);
  draw.name.window = "2026-12";
  draw.sequence = 1;
  draw.spent = 0;
  draw.wanted = 1000;
  const Slice slice = co_await rig.Granted(draw);
  EXPECT_EQ(slice.held, 1000);
  EXPECT_EQ(slice.settled, 0);
  const Standing old = co_await rig.Look({"budget", "2026-11"});
  EXPECT_EQ(old.settled, 900);
}

inline Task<void> ARefundMakesRoom(SharedRig& rig) {
  Draw draw = DrawBy("a", 1, 0);
  draw.name.window = "";
  draw.spent = 1000;
  (void)co_await rig.Granted(draw);
  Draw refund = DrawBy("refund-17", 1, 0);
  refund.name.window = "";
  refund.spent = -300;
  const Slice refunded = co_await rig.Granted(refund);
  EXPECT_EQ(refunded.settled, 700);
  const Slice twice = co_await rig.Granted(refund);
  EXPECT_EQ(twice.settled, 700);
  draw.sequence = 2;
  draw.wanted = 500;
  const Slice slice = co_await rig.Granted(draw);
  EXPECT_EQ(slice.held, 300);
}

inline Task<void> ALoweredLimitTakesNothingAway(SharedRig& rig) {
  (void)co_await rig.Granted(DrawBy("a", 1, 500));
  Draw draw = DrawBy("a", 2, 600);
  draw.limit = 100;
  draw.in_use = 200;
  const Slice kept = co_await rig.Granted(draw);
  EXPECT_EQ(kept.held, 500);
  draw.sequence = 3;
  draw.wanted = 0;  // it has seen that this is too much
  const Slice less = co_await rig.Granted(draw);
  EXPECT_EQ(less.held, 200);
  draw.sequence = 4;
  draw.in_use = 0;
  draw.spent = 200;
  const Slice over = co_await rig.Granted(draw);
  EXPECT_EQ(over.held, 0);
  EXPECT_EQ(over.settled, 200);
}

inline Task<void> AmountsAreExactToTheLast(SharedRig& rig) {
  Draw draw = DrawBy("a", 1, 1);
  draw.limit = kMostAmount;
  draw.spent = kMostAmount - 2;
  const Slice slice = co_await rig.Granted(draw);
  EXPECT_EQ(slice.settled, kMostAmount - 2);
  EXPECT_EQ(slice.held, 1);
  Draw other = DrawBy("b", 1, 5);
  other.limit = kMostAmount;
  const Slice last = co_await rig.Granted(other);
  EXPECT_EQ(last.held, 1);
  other.sequence = 2;
  other.spent = kMostAmount;
  const Slice full = co_await rig.Granted(other);
  EXPECT_EQ(full.settled, kMostAmount);  // the sum stops there
  EXPECT_EQ(full.booked, kMostAmount);
  Draw below = DrawBy("c", 1, 0);
  below.name.window = "below";
  below.spent = -kMostAmount;
  const Slice credit = co_await rig.Granted(below);
  EXPECT_EQ(credit.settled, -kMostAmount);
}

inline Task<void> EachDrawHasItsOwnAnswer(SharedRig& rig) {
  std::vector<Draw> draws;
  for (int i = 0; i < 40; ++i) {
    draws.push_back(DrawBy("a", i + 1, 30));
    draws.back().name.account = "k" + std::to_string(i % 4);
    draws.back().spent = i / 4 * 30;
  }
  draws[7].limit = kMostAmount + 1;
  draws[11].holder = "";
  const auto slices = co_await rig.shared().DrawAll(draws, rig.Soon());
  EXPECT_EQ(slices.size(), draws.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (i == 7 || i == 11) {
      EXPECT_EQ(CodeOf(slices[i]), core::ErrorCode::kInvalidRequest) << i;
      continue;
    }
    EXPECT_TRUE(slices[i].has_value()) << i << ": " << slices[i].error().message;
    EXPECT_EQ(slices[i].value_or(Slice{}).settled, static_cast<std::int64_t>(i / 4 * 30)) << i;
    EXPECT_EQ(slices[i].value_or(Slice{}).held, 30) << i;
  }
  const auto none = co_await rig.shared().DrawAll({}, rig.Soon());
  EXPECT_TRUE(none.empty());
}

inline Task<void> NamesAreTakenAsTheyAre(SharedRig& rig) {
  for (const char* name : {"}{", "a b", "x:y", "'; --", "h:", "ключ", "%s*?[", "-"}) {
    Draw draw = DrawBy(name, 1, 10);
    draw.name = {name, name};
    draw.spent = 5;
    (void)co_await rig.Granted(draw);
    const Slice slice = co_await rig.Granted(draw);
    EXPECT_EQ(slice.held, 10) << name;
    EXPECT_EQ(slice.settled, 5) << name;
  }
  const Standing other = co_await rig.Look({"}", "{"});
  EXPECT_EQ(other.settled, 0);
}

}  // namespace signalbox::store::contract
