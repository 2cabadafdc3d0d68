#include "io/net/client.h"

#include "base/async/async_testing.h"
#include "io/net/raw_peer_testing.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;
using async::Task;

// A client to a raw listener that this thread itself serves, between two turns of the loop: the
// kernel completes connections and takes small writes without anybody waiting.
struct Rig {
  explicit Rig(async::Loop& test_loop, ClientOptions options = {}, std::string host = "127.0.0.1")
      : loop(test_loop),
        resolver(loop),
        client(loop, resolver, nullptr, {false, std::move(host), listener.port()}, options) {}

  Task<std::unique_ptr<ClientConnection>> Connect() {
    auto made = co_await client.Connect({loop.now() + 20s});
    if (!made) {
      ADD_FAILURE() << made.error().message;
      co_return nullptr;
    }
    co_return *std::move(made);
  }
  // Until `done` or for a few seconds.
  template <typename Done>
  Task<bool> Eventually(Done done) {
    for (int i = 0; i < 3000 && !done(); ++i) {
      co_await loop.SleepUntil({loop.now() + 1ms});
    }
    co_return done();
  }

  async::Loop& loop;
  RawListener listener;
  Resolver resolver;
  Client client;
};

TEST(Origin, TheHostFieldHasThePortOnlyWhereItIsNotTheUsualOne) {
  EXPECT_EQ((Origin{false, "example.test", 80}).HostField(), "example.test");
  EXPECT_EQ((Origin{true, "example.test", 443}).HostField(), "example.test");
  EXPECT_EQ((Origin{true, "example.test", 80}).HostField(), "example.test:80");
  EXPECT_EQ((Origin{false, "::1", 8080}).HostField(), "[::1]:8080");
}

LOOP_TEST(Client, UsesTheConnectionThatWasUsedLast) {
  Rig rig(loop);
  EXPECT_EQ(rig.client.TakeKept(), nullptr);
  auto one = co_await rig.Connect();
  auto two = co_await rig.Connect();
  EXPECT_FALSE(one->reused());
  const ClientConnection* last = two.get();
  rig.client.GiveBack(std::move(one));
  rig.client.GiveBack(std::move(two));
  EXPECT_EQ(rig.client.kept(), 2U);
  auto taken = rig.client.TakeKept();
  EXPECT_EQ(taken.get(), last);
  EXPECT_TRUE(taken->reused());
  EXPECT_EQ(rig.client.kept(), 1U);
}

LOOP_TEST(Client, DropsAKeptConnectionThatTheServerCloses) {
  Rig rig(loop);
  auto first = co_await rig.Connect();
  auto second = co_await rig.Connect();
  RawPeer first_peer = rig.listener.Accept();
  RawPeer second_peer = rig.listener.Accept();
  rig.client.GiveBack(std::move(first));
  rig.client.GiveBack(std::move(second));
  first_peer.Close();
  const bool dropped = co_await rig.Eventually([&] { return rig.client.kept() == 1; });
  EXPECT_TRUE(dropped);
  second_peer.Reset();
  const bool both = co_await rig.Eventually([&] { return rig.client.kept() == 0; });
  EXPECT_TRUE(both);
}

LOOP_TEST(Client, DropsAKeptConnectionAfterItsTime) {
  Rig rig(loop, {.keep = 20ms});
  auto connection = co_await rig.Connect();
  const core::MonoTime kept_at = loop.now();
  rig.client.GiveBack(std::move(connection));
  const bool dropped = co_await rig.Eventually([&] { return rig.client.kept() == 0; });
  EXPECT_TRUE(dropped);
  EXPECT_GE(loop.now() - kept_at, 20ms);
}

LOOP_TEST(Client, AConnectionInUseIsNotDroppedByTheTimeForKeptOnes) {
  Rig rig(loop, {.keep = 5ms});
  auto connection = co_await rig.Connect();
  rig.client.GiveBack(std::move(connection));
  connection = rig.client.TakeKept();
  EXPECT_NE(connection, nullptr);
  co_await loop.SleepUntil({loop.now() + 15ms});
  EXPECT_TRUE(connection->reused());
  rig.client.GiveBack(std::move(connection));
  EXPECT_EQ(rig.client.kept(), 1U);
}

LOOP_TEST(Client, DoesNotKeepAConnectionWithUnaskedBytes) {
  Rig rig(loop);
  auto connection = co_await rig.Connect();
  RawPeer peer = rig.listener.Accept();
  connection->input().Append("surplus");
  rig.client.GiveBack(std::move(connection));
  EXPECT_EQ(rig.client.kept(), 0U);
  auto second = co_await rig.Connect();
  RawPeer second_peer = rig.listener.Accept();
  ClientConnection* raw = second.get();
  rig.client.GiveBack(std::move(second));
  second_peer.Send("HTTP/1.1 408 Request Timeout\r\n\r\n");
  const bool heard = co_await rig.Eventually(
      [&] { return rig.client.kept() == 0 || raw->stream().watch().readable(); });
  EXPECT_TRUE(heard);
  EXPECT_EQ(rig.client.TakeKept(), nullptr);
}

LOOP_TEST(Client, KeepsNoMoreThanItsLimit) {
  Rig rig(loop, {.kept = 1});
  auto one = co_await rig.Connect();
  auto two = co_await rig.Connect();
  rig.client.GiveBack(std::move(one));
  rig.client.GiveBack(std::move(two));
  EXPECT_EQ(rig.client.kept(), 1U);
}

LOOP_TEST(Client, SaysWhereNobodyListens) {
  std::uint16_t port = 0;
  {
    const RawListener gone;
    port = gone.port();
  }
  Resolver resolver(loop);
  Client client(loop, resolver, nullptr, {false, "127.0.0.1", port}, {});
  const auto made = co_await client.Connect({});
  EXPECT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, core::ErrorCode::kConnectFailed);
  EXPECT_EQ(made.error().message, "connect to 127.0.0.1:" + std::to_string(port) + ": " +
                                      core::ErrnoMessage(ECONNREFUSED));
}

LOOP_TEST(Client, ACancelledCallerIsToldSoAndNotThatTheConnectFailed) {
  Rig rig(loop);
  async::Cancellation cancellation;
  cancellation.Cancel();
  const auto made = co_await rig.client.Connect({loop.now() + 20s, &cancellation});
  // The kernel may have connected before anybody waited; then there is nothing to cancel.
  if (!made) {
    EXPECT_EQ(made.error().code, core::ErrorCode::kCancelled) << made.error().message;
  }
}

LOOP_TEST(Client, FindsLocalhostByName) {
  Rig rig(loop, {}, "localhost");
  const auto connection = co_await rig.Connect();
  EXPECT_NE(connection, nullptr);
}

}  // namespace
}  // namespace signalbox::net
