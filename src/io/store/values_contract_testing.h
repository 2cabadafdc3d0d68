// What every store does with values, leases and messages. Test support.
#pragma once

#include "io/store/shared_rig_testing.h"

namespace signalbox::store::contract {

using async::Task;
using std::chrono::milliseconds;

inline Task<void> KeepsValues(SharedRig& rig) {
  Shared& shared = rig.shared();
  const std::string bytes("\0\r\n\xff$5\r\n", 9);
  EXPECT_TRUE((co_await shared.Set("k", bytes, milliseconds(0), rig.Soon())).has_value());
  EXPECT_EQ((co_await shared.Get("k", rig.Soon())).value(), bytes);
  EXPECT_TRUE((co_await shared.Set("k", "", milliseconds(0), rig.Soon())).has_value());
  EXPECT_EQ((co_await shared.Get("k", rig.Soon())).value(), "");
  EXPECT_TRUE((co_await shared.Delete("k", rig.Soon())).value());
  EXPECT_FALSE((co_await shared.Delete("k", rig.Soon())).value());
  EXPECT_EQ((co_await shared.Get("k", rig.Soon())).value(), std::nullopt);
}

inline Task<void> AValueEndsWithItsTime(SharedRig& rig) {
  Shared& shared = rig.shared();
  (void)co_await shared.Set("long", "x", std::chrono::hours(1), rig.Soon());
  (void)co_await shared.Set("short", "x", milliseconds(1), rig.Soon());
  co_await rig.Pass();
  EXPECT_EQ((co_await shared.Get("short", rig.Soon())).value(), std::nullopt);
  EXPECT_EQ((co_await shared.Get("long", rig.Soon())).value(), "x");
  (void)co_await shared.Set("long", "y", milliseconds(1), rig.Soon());
  (void)co_await shared.Set("long", "z", milliseconds(0), rig.Soon());
  co_await rig.Pass();
  EXPECT_EQ((co_await shared.Get("long", rig.Soon())).value(), "z");
}

inline Task<void> SetsOnlyWhatIsAsExpected(SharedRig& rig) {
  Shared& shared = rig.shared();
  const milliseconds forever(0);
  EXPECT_FALSE((co_await shared.CompareAndSet("k", "a", "b", forever, rig.Soon())).value());
  EXPECT_TRUE((co_await shared.CompareAndSet("k", std::nullopt, "a", forever, rig.Soon())).value());
  EXPECT_FALSE(
      (co_await shared.CompareAndSet("k", std::nullopt, "b", forever, rig.Soon())).value());
  EXPECT_FALSE((co_await shared.CompareAndSet("k", "b", "c", forever, rig.Soon())).value());
  EXPECT_TRUE((co_await shared.CompareAndSet("k", "a", "", milliseconds(1), rig.Soon())).value());
  co_await rig.Pass();
  EXPECT_FALSE((co_await shared.CompareAndSet("k", "", "d", forever, rig.Soon())).value());
  EXPECT_TRUE((co_await shared.CompareAndSet("k", std::nullopt, "e", forever, rig.Soon())).value());
  EXPECT_EQ((co_await shared.Get("k", rig.Soon())).value(), "e");
}

inline Task<void> ALeaseHasOneOwner(SharedRig& rig) {
  Shared& shared = rig.shared();
  const std::chrono::hours hour(1);
  const auto first = (co_await shared.AcquireLease("job", "a", hour, rig.Soon())).value();
  EXPECT_TRUE(first.has_value());
  EXPECT_GT(first->left, milliseconds(0));
  EXPECT_FALSE((co_await shared.AcquireLease("job", "b", hour, rig.Soon())).value().has_value());
  const auto again = (co_await shared.AcquireLease("job", "a", hour, rig.Soon())).value();
  EXPECT_EQ(again->token, first->token);
  EXPECT_FALSE((co_await shared.ReleaseLease("job", "b", rig.Soon())).value());
  EXPECT_TRUE((co_await shared.ReleaseLease("job", "a", rig.Soon())).value());
  const auto next = (co_await shared.AcquireLease("job", "b", milliseconds(1), rig.Soon())).value();
  EXPECT_GT(next->token, first->token);
  co_await rig.Pass();
  const auto third = (co_await shared.AcquireLease("job", "a", hour, rig.Soon())).value();
  EXPECT_GT(third->token, next->token);
  co_await rig.Pass();
  co_await rig.Lose();
  const auto after = (co_await shared.AcquireLease("job", "b", hour, rig.Soon())).value();
  EXPECT_GT(after->token, third->token);
}

// Counts what a channel says.
struct Heard final : ChannelListener {
  void OnMessage(std::string_view text) override { texts.emplace_back(text); }
  void OnGap() override { ++gaps; }
  std::vector<std::string> texts;
  int gaps = 0;
};

template <typename Done>
Task<void> Eventually(SharedRig& rig, Done done) {
  const core::MonoTime until = rig.loop().now() + std::chrono::seconds(20);
  while (!done() && rig.loop().now() < until) {
    co_await rig.loop().SleepUntil({rig.loop().now() + milliseconds(2)});
  }
  EXPECT_TRUE(done());
}

inline Task<void> MessagesReachWhoeverHearsTheChannel(SharedRig& rig) {
  Heard one;
  Heard two;
  Heard other;
  Shared& shared = rig.shared();
  shared.Subscribe("revoked", one);
  shared.Subscribe("revoked", two);
  shared.Subscribe("other", other);
  co_await Eventually(rig, [&] { return one.gaps == 1 && two.gaps == 1 && other.gaps == 1; });
  const std::string bytes("key\0\r\n", 6);
  EXPECT_TRUE((co_await shared.Publish("revoked", bytes, rig.Soon())).has_value());
  EXPECT_TRUE((co_await shared.Publish("revoked", "2", rig.Soon())).has_value());
  co_await Eventually(rig, [&] { return one.texts.size() == 2 && two.texts.size() == 2; });
  EXPECT_EQ(one.texts, (std::vector<std::string>{bytes, "2"}));
  EXPECT_TRUE(other.texts.empty());
  shared.Unsubscribe(one);
  EXPECT_TRUE((co_await shared.Publish("revoked", "3", rig.Soon())).has_value());
  co_await Eventually(rig, [&] { return two.texts.size() == 3; });
  EXPECT_EQ(one.texts.size(), 2U);
  EXPECT_EQ(one.gaps, 1);
  shared.Unsubscribe(two);
  shared.Unsubscribe(other);
}

inline Task<void> RefusesWhatCannotBe(SharedRig& rig) {
  Shared& shared = rig.shared();
  constexpr auto kInvalid = core::ErrorCode::kInvalidRequest;
  const milliseconds forever(0);
  EXPECT_EQ(CodeOf(co_await shared.Get("", rig.Soon())), kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.Get("a\nb", rig.Soon())), kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.Get("\xff", rig.Soon())), kInvalid);
  EXPECT_EQ(
      CodeOf(co_await shared.Set("k", std::string(kMostValueBytes + 1, 'x'), forever, rig.Soon())),
      kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.Set("k", "x", milliseconds(-1), rig.Soon())), kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.AcquireLease("k", "a", forever, rig.Soon())), kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.AcquireLease("k", "", milliseconds(9), rig.Soon())), kInvalid);
  EXPECT_EQ(CodeOf(co_await shared.Publish("", "x", rig.Soon())), kInvalid);
}

inline Task<void> AClosedStoreSaysSo(SharedRig& rig) {
  co_await rig.shared().Close(rig.Soon());
  const auto got = co_await rig.shared().Get("k", rig.Soon());
  EXPECT_EQ(CodeOf(got), core::ErrorCode::kUnavailable);
  const auto slice = co_await rig.DrawOne(DrawBy("a", 1, 1));
  EXPECT_EQ(CodeOf(slice), core::ErrorCode::kUnavailable);
}

}  // namespace signalbox::store::contract
