#include "io/net/listener.h"

#include <gtest/gtest.h>

namespace signalbox::net {
namespace {

TEST(Listen, SharesAFreePortAmongAll) {
  const auto sockets = *Listen({"127.0.0.1", 0}, 3);
  ASSERT_EQ(sockets.size(), 3U);
  EXPECT_NE(LocalPort(sockets[0]), 0);
  EXPECT_EQ(LocalAddress(sockets[1]), LocalAddress(sockets[0]));
  EXPECT_EQ(LocalAddress(sockets[2]), LocalAddress(sockets[0]));
}

TEST(Listen, RefusesAPortThatSomebodyElseHas) {
  const auto sockets = *Listen({"127.0.0.1", 0}, 1);
  const auto second = Listen(LocalAddress(sockets[0]), 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, core::ErrorCode::kUnavailable);
}

TEST(Listen, TakesWhatItInheritsAndMakesWhatIsMissing) {
  auto inherited = *Listen({"127.0.0.1", 0}, 2);
  const config::HostPort address = LocalAddress(inherited[0]);
  const auto sockets = Listen(address, 3, inherited);
  ASSERT_TRUE(sockets) << sockets.error().message;
  ASSERT_EQ(sockets->size(), 3U);
  EXPECT_EQ(LocalAddress((*sockets)[2]), address);
  EXPECT_TRUE(inherited.empty());
}

TEST(Listen, KeepsMoreThanItNeedsSoThatNoQueueIsLost) {
  auto inherited = *Listen({"127.0.0.1", 0}, 3);
  EXPECT_EQ(Listen(LocalAddress(inherited[0]), 1, inherited)->size(), 3U);
}

TEST(Listen, LeavesWhatIsBoundElsewhere) {
  auto inherited = *Listen({"127.0.0.1", 0}, 1);
  auto other = *Listen({"127.0.0.2", 0}, 1);
  const config::HostPort elsewhere = LocalAddress(other[0]);
  inherited.push_back(std::move(other[0]));
  const auto sockets = *Listen(LocalAddress(inherited[0]), 1, inherited);
  EXPECT_EQ(sockets.size(), 1U);
  ASSERT_EQ(inherited.size(), 1U);
  EXPECT_EQ(LocalAddress(inherited[0]), elsewhere);
}

TEST(Listen, FindsAFreePortOfTheProcessBefore) {
  auto inherited = *Listen({"127.0.0.1", 0}, 1);
  auto metrics = *Listen({"127.0.0.1", 0}, 1);
  const config::HostPort first = LocalAddress(inherited[0]);
  inherited.push_back(std::move(metrics[0]));
  const auto sockets = *Listen({"localhost", 0}, 2, inherited);
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_EQ(LocalAddress(sockets[0]), first);
  EXPECT_EQ(LocalAddress(sockets[1]), first);
  EXPECT_EQ(inherited.size(), 1U) << "another free port is not this one's";
}

TEST(Listen, KnowsAnAddressHoweverItIsWritten) {
  auto made = Listen({"::1", 0}, 1);
  if (!made) {
    GTEST_SKIP() << "skipped: this machine has no IPv6";
  }
  const std::uint16_t port = LocalPort((*made)[0]);
  const auto sockets = Listen({"0:0:0:0:0:0:0:1", port}, 1, *made);
  ASSERT_TRUE(sockets) << sockets.error().message;
  EXPECT_EQ(sockets->size(), 1U);
}

TEST(IsLoopback, IsThisMachineAlone) {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost.example", ""}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace signalbox::net
