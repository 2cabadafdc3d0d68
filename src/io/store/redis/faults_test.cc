// What befalls a Redis, and what its users see of it.
#include <thread>

#include "io/net/raw_peer_testing.h"
#include "io/net/tls_testing.h"
#include "io/store/redis/redis_rig_testing.h"
#include "io/store/slice_contract_testing.h"
#include "io/store/values_contract_testing.h"

namespace signalbox::store {
namespace {

using namespace std::chrono_literals;
using async::Task;
using core::ErrorCode;

// Tries until a call succeeds again.
Task<void> UntilBack(SharedRig& rig) {
  const core::MonoTime until = rig.loop().now() + 20s;
  while (rig.loop().now() < until) {
    const auto got = co_await rig.shared().Get("k", rig.Soon());
    if (got) {
      co_return;
    }
    EXPECT_EQ(got.error().code, ErrorCode::kUnavailable) << got.error().message;
    co_await rig.loop().SleepUntil({rig.loop().now() + 2ms});
  }
  ADD_FAILURE() << "it does not come back";
}

Task<core::Error> FailedGet(SharedRig& rig, std::chrono::nanoseconds patience = 20s) {
  const auto got = co_await rig.shared().Get("k", {rig.loop().now() + patience});
  EXPECT_FALSE(got.has_value());
  co_return got ? core::Error{} : got.error();
}

Task<void> CloseRig(SharedRig& rig) {
  co_await rig.shared().Close(rig.Soon());
}

LOOP_TEST(RedisFaults, AKilledAndEmptyOneIsTaughtWhatWasSpent) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  Draw draw = DrawBy("a", 1, 300);
  draw.spent = 400;
  draw.last = co_await rig.Granted(draw);
  rig.server().Kill();
  const core::Error away = co_await FailedGet(rig);
  EXPECT_EQ(away.code, ErrorCode::kUnavailable);
  EXPECT_TRUE(away.message.starts_with("Redis 127.0.0.1:")) << away.message;
  draw.sequence = 2;
  draw.spent = 450;
  const auto failed = co_await rig.DrawOne(draw);
  EXPECT_EQ(CodeOf(failed), ErrorCode::kUnavailable);
  rig.server().Start();
  co_await UntilBack(rig);
  const Slice back = co_await rig.Granted(draw);
  EXPECT_EQ(back.settled, 450);
  EXPECT_EQ(back.held, 250);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, AFrozenOneIsGivenUpInTimeAndBooksOnceWhenItGoesOn) {
  if (RedisRig::Missing()) co_return;
  RedisOptions options{.silence = 50ms, .first_pause = 1ms, .longest_pause = 20ms};
  options.connect = 1s;
  RedisRig rig(loop, options);
  Draw draw = DrawBy("a", 1, 300);
  (void)co_await rig.Granted(draw);
  rig.server().Freeze();
  // Each call ends by its deadline, whatever the connection is up to.
  for (int i = 0; i < 20; ++i) {
    draw.sequence = 2 + i;
    draw.spent += 5;
    std::vector<Draw> draws{draw};
    const core::MonoTime asked = loop.now();
    const auto slices = co_await rig.shared().DrawAll(draws, {loop.now() + 20ms});
    const ErrorCode code = CodeOf(slices[0]);
    EXPECT_TRUE(code == ErrorCode::kDeadlineExceeded || code == ErrorCode::kUnavailable);
    EXPECT_LT(loop.now() - asked, 10s);
    co_await loop.SleepUntil({loop.now() + 5ms});
  }
  rig.server().Thaw();
  co_await UntilBack(rig);
  // What was sent while it was frozen is carried out now, in no order that one could know.
  draw.sequence = 100;
  const Slice slice = co_await rig.Granted(draw);
  EXPECT_EQ(slice.settled, 100);
  EXPECT_EQ(slice.booked, 100);
  EXPECT_EQ(slice.held, 300);
  co_await rig.Pass();
  const Standing standing = co_await rig.Look(draw.name);
  EXPECT_EQ(standing.settled, 100);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, ScriptsThatWereFlushedAreSentAgain) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  (void)co_await rig.Granted(DrawBy("a", 1, 300));
  EXPECT_EQ(rig.server().Tell("SCRIPT FLUSH"), "+OK\r\n");
  const Slice slice = co_await rig.Granted(DrawBy("a", 2, 400));
  EXPECT_EQ(slice.held, 400);
  EXPECT_EQ(rig.server().Tell("SCRIPT FLUSH"), "+OK\r\n");
  co_await contract::EachDrawHasItsOwnAnswer(rig);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, AKeyOfAnotherKindHurtsItsOwnersOnly) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  EXPECT_EQ(rig.server().Tell("SET signalbox:a:{text}:2026-11 x"), "+OK\r\n");
  EXPECT_EQ(rig.server().Tell("HSET signalbox:a:{alien}:2026-11 field x"), ":1\r\n");
  EXPECT_EQ(rig.server().Tell("HSET signalbox:a:{damaged}:2026-11 m x h:a y"), ":2\r\n");
  std::vector<Draw> draws(4, DrawBy("a", 1, 300));
  draws[0].name.account = "text";
  draws[1].name.account = "alien";
  draws[2].name.account = "damaged";
  const auto slices = co_await rig.shared().DrawAll(draws, rig.Soon());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(slices[static_cast<std::size_t>(i)]), ErrorCode::kConflict) << i;
  }
  EXPECT_TRUE(slices[3].has_value());
  std::vector<AccountName> names{draws[1].name};
  const auto peeked = co_await rig.shared().Peek(names, rig.Soon());
  EXPECT_EQ(CodeOf(peeked), ErrorCode::kConflict);
  EXPECT_EQ(rig.server().Tell("LPUSH signalbox:v:list x"), ":1\r\n");
  const auto got = co_await rig.shared().Get("list", rig.Soon());
  EXPECT_EQ(CodeOf(got), ErrorCode::kConflict);
  EXPECT_EQ(rig.server().Tell("LPUSH signalbox:t:list x"), ":1\r\n");
  EXPECT_EQ(rig.server().Tell("HSET signalbox:t:alien field x"), ":1\r\n");
  std::vector<Tally> tallies;
  for (const char* key : {"list", "alien", "mine"}) {
    tallies.push_back(TallyBy("a", 1, 5, key));
  }
  const auto sums = co_await rig.shared().TellAll(std::move(tallies), rig.Soon());
  EXPECT_EQ(CodeOf(sums[0]), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(sums[1]), ErrorCode::kConflict);
  EXPECT_EQ(sums[2].value_or(-1), 5);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, AReplicaThatTakesNoWritesIsAskedAgainUntilItDoes) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  (void)co_await rig.Granted(DrawBy("a", 1, 300));
  EXPECT_EQ(rig.server().Tell("REPLICAOF 127.0.0.1 1"), "+OK\r\n");
  const auto refused = co_await rig.DrawOne(DrawBy("a", 2, 300));
  EXPECT_EQ(CodeOf(refused), ErrorCode::kUnavailable);
  EXPECT_EQ(rig.server().Tell("REPLICAOF NO ONE"), "+OK\r\n");
  co_await UntilBack(rig);
  const Slice slice = co_await rig.Granted(DrawBy("a", 3, 300));
  EXPECT_EQ(slice.held, 300);
  co_await CloseRig(rig);
}

// The replica became the master before the last calls had come to it.
LOOP_TEST(RedisFaults, WhatAFailoverLostIsBookedByTheNextCall) {
  if (RedisRig::Missing()) co_return;
  RedisRig master(loop);
  RedisRig replica(loop);
  RedisServer& copy = replica.server();
  EXPECT_EQ(copy.Tell("REPLICAOF 127.0.0.1 " + std::to_string(master.server().port())), "+OK\r\n");
  Draw draw = DrawBy("a", 1, 300);
  draw.spent = 100;
  draw.last = co_await master.Granted(draw);
  const std::string name = "EXISTS signalbox:a:{budget}:2026-11";
  for (int i = 0; i < 5000 && copy.Tell(name) != ":1\r\n"; ++i) {
    co_await loop.SleepUntil({loop.now() + 2ms});
  }
  EXPECT_EQ(copy.Tell("REPLICAOF NO ONE"), "+OK\r\n");
  draw.sequence = 2;
  draw.spent = 250;
  draw.wanted = 600;
  draw.last = co_await master.Granted(draw);  // lost with the master
  co_await UntilBack(replica);
  draw.sequence = 3;
  draw.spent = 260;
  const Slice slice = co_await replica.Granted(draw);
  EXPECT_EQ(slice.settled, 260);
  EXPECT_EQ(slice.held, 600);
  co_await CloseRig(master);
  co_await CloseRig(replica);
}

LOOP_TEST(RedisFaults, AFullOneRefusesAndServesAgain) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  co_await UntilBack(rig);
  EXPECT_EQ(rig.server().Tell("CONFIG SET maxmemory 1"), "+OK\r\n");
  const auto refused = co_await rig.DrawOne(DrawBy("a", 1, 300));
  EXPECT_EQ(CodeOf(refused), ErrorCode::kUnavailable);
  EXPECT_EQ(rig.server().Tell("CONFIG SET maxmemory 0"), "+OK\r\n");
  const Slice slice = co_await rig.Granted(DrawBy("a", 1, 300));
  EXPECT_EQ(slice.held, 300);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, ManyCallersMakeOneConnection) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  co_await UntilBack(rig);
  rig.server().Kill();
  const core::Error away = co_await FailedGet(rig);
  EXPECT_EQ(away.code, ErrorCode::kUnavailable);
  rig.server().Start();
  async::Gate gate(loop);
  for (int i = 0; i < 200; ++i) {
    gate.Spawn(UntilBack(rig));
  }
  const bool all = co_await gate.Drained(rig.Soon());
  EXPECT_TRUE(all);
  const std::string clients = rig.server().Tell("CLIENT LIST TYPE normal");
  std::size_t connections = 0;
  for (std::size_t at = clients.find("\nid="); at != clients.npos;
       at = clients.find("\nid=", at + 1)) {
    ++connections;
  }
  EXPECT_EQ(connections, 2U) << clients;  // ours, and the question's own
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, SomethingElseOnThePortIsNotUnderstood) {
  net::RawListener listener;
  std::thread other([&] {
    net::RawPeer peer = listener.Accept();
    peer.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
    (void)peer.Some();
  });
  net::Resolver resolver(loop);
  auto shared = SharedOnRedis::Open(loop, resolver,
                                    {.port = listener.port(), .connect = 20s, .first_pause = 1h})
                    .value();
  const auto got = co_await shared->Get("k", {loop.now() + 20s});
  EXPECT_EQ(CodeOf(got), ErrorCode::kUnavailable);
  EXPECT_NE(got.error().message.find("not understood"), std::string::npos) << got.error().message;
  co_await shared->Close({loop.now() + 20s});
  other.join();
}

LOOP_TEST(RedisFaults, ASubscriberIsToldOfEachGap) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  contract::Heard heard;
  rig.shared().Subscribe("revoked", heard);
  co_await contract::Eventually(rig, [&] { return heard.gaps == 1; });
  EXPECT_EQ(rig.server().Tell("CLIENT KILL TYPE pubsub"), ":1\r\n");
  co_await contract::Eventually(rig, [&] { return heard.gaps == 2; });
  rig.server().Kill();
  rig.server().Start();
  co_await contract::Eventually(rig, [&] { return heard.gaps == 3; });
  co_await UntilBack(rig);
  const core::Status sent = co_await rig.shared().Publish("revoked", "key", rig.Soon());
  EXPECT_TRUE(sent.has_value());
  co_await contract::Eventually(rig, [&] { return heard.texts.size() == 1; });
  rig.shared().Unsubscribe(heard);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, ASilentChannelIsNoticed) {
  if (RedisRig::Missing()) co_return;
  RedisOptions options{.silence = 200ms, .first_pause = 1ms, .longest_pause = 20ms};
  RedisRig rig(loop, options);
  contract::Heard heard;
  rig.shared().Subscribe("revoked", heard);
  co_await contract::Eventually(rig, [&] { return heard.gaps >= 1; });
  rig.server().Freeze();
  const int before = heard.gaps;
  co_await loop.SleepUntil({loop.now() + 500ms});
  rig.server().Thaw();
  co_await contract::Eventually(rig, [&] { return heard.gaps > before; });
  rig.shared().Unsubscribe(heard);
  co_await CloseRig(rig);
}

LOOP_TEST(RedisFaults, TheEndDoesNotWaitForOneThatIsFrozen) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop);
  co_await UntilBack(rig);
  rig.server().Freeze();
  async::Gate gate(loop);
  bool failed = false;
  gate.Spawn([](RedisRig* frozen, bool* told) -> Task<void> {
    const auto got = co_await frozen->shared().Get("k", frozen->Soon());
    *told = CodeOf(got) == ErrorCode::kUnavailable;
  }(&rig, &failed));
  const core::MonoTime began = loop.now();
  co_await CloseRig(rig);
  (void)co_await gate.Drained(rig.Soon());
  EXPECT_TRUE(failed);
  EXPECT_LT(loop.now() - began, 5s);
}

}  // namespace
}  // namespace signalbox::store
