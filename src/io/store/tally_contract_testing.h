// What every store does with tallies. Test support.
#pragma once

#include "io/store/shared_rig_testing.h"

namespace signalbox::store::contract {

using async::Task;

inline Task<void> ATallyIsTheSumOfItsTellers(SharedRig& rig) {
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 1, 5)), 5);
  EXPECT_EQ(co_await rig.Told(TallyBy("b", 1, 3)), 8);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 2, 9)), 12);
  EXPECT_EQ(co_await rig.Told(TallyBy("b", 2, 1)), 10) << "some was given back";
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 3, 0)), 1);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 1, 2, "other")), 2);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 4, kMostAmount)), kMostAmount) << "sums stop there";
}

inline Task<void> AWordSaidAgainOrLateCountsOnce(SharedRig& rig) {
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 2, 5)), 5);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 2, 5)), 5);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 1, 3)), 5) << "said before the other";
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 3, 6)), 6);
}

inline Task<void> AWordEndsWithItsTime(SharedRig& rig) {
  Tally brief = TallyBy("a", 7, 5);
  brief.ttl = std::chrono::milliseconds(1);
  EXPECT_EQ(co_await rig.Told(TallyBy("b", 1, 3)), 3);
  (void)co_await rig.Told(brief);
  co_await rig.Pass();
  EXPECT_EQ(co_await rig.Told(TallyBy("b", 2, 3)), 3);
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 1, 4)), 7) << "nothing is known of it any more";
}

inline Task<void> AnEmptiedTallyIsKnownAgainByTheNextWords(SharedRig& rig) {
  (void)co_await rig.Told(TallyBy("a", 1, 5));
  (void)co_await rig.Told(TallyBy("b", 1, 3));
  co_await rig.Lose();
  EXPECT_EQ(co_await rig.Told(TallyBy("a", 2, 6)), 6);
  EXPECT_EQ(co_await rig.Told(TallyBy("b", 2, 3)), 9);
}

inline Task<void> EachTallyHasItsOwnAnswer(SharedRig& rig) {
  constexpr auto kInvalid = core::ErrorCode::kInvalidRequest;
  const std::string odd = "sch\xC3\xB6n {\"und\"} 'gut'\\";
  std::vector<Tally> tallies;
  for (std::int64_t i = 0; i < 300; ++i) {
    tallies.push_back(TallyBy("a", 1, i, "k" + std::to_string(i)));
  }
  tallies.push_back(TallyBy("a", 1, 1, ""));
  tallies.push_back(TallyBy("", 1, 1));
  tallies.push_back(TallyBy("a", 0, 1));
  tallies.push_back(TallyBy("a", 1, -1));
  tallies.push_back(TallyBy("a", 1, kMostAmount + 1));
  tallies.push_back(TallyBy("a", 1, 1));
  tallies.back().ttl = {};
  tallies.push_back(TallyBy(odd, 1, 4711, odd));
  const auto sums = co_await rig.shared().TellAll(std::move(tallies), rig.Soon());
  for (std::int64_t i = 0; i < 300; ++i) {
    EXPECT_EQ(sums[static_cast<std::size_t>(i)].value_or(-1), i);
  }
  for (std::size_t i = 300; i < 306; ++i) {
    EXPECT_EQ(CodeOf(sums[i]), kInvalid) << i;
  }
  EXPECT_EQ(sums.back().value_or(-1), 4711);
  EXPECT_TRUE((co_await rig.shared().TellAll({}, rig.Soon())).empty());
}

}  // namespace signalbox::store::contract
