// Time limits, the limit of connections, and the drain.
#include "io/net/server_testing.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
constexpr std::string_view kWait = "GET /wait HTTP/1.1\r\nhost: a\r\n\r\n";

ServerOptions Times(std::chrono::nanoseconds ServerTimeouts::* which,
                    std::chrono::nanoseconds time) {
  ServerOptions options;
  options.timeouts = {.header = 60s, .body = 60s, .idle = 60s, .write = 60s};
  options.timeouts.*which = time;
  return options;
}

TEST(ServerTimes, AHeadThatTakesTooLongGets408) {
  ServerRig rig(Times(&ServerTimeouts::header, 40ms));
  RawPeer peer = rig.Connect();
  const auto began = Clock::now();
  peer.Send("GET / HTTP/1.1\r\nho");
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 408 "));
  EXPECT_GE(Clock::now() - began, 40ms);
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
}

TEST(ServerTimes, DrippingBytesDoesNotBuyTime) {
  ServerRig rig(Times(&ServerTimeouts::header, 60ms));
  RawPeer peer = rig.Connect();
  const std::string head = "GET / HTTP/1.1\r\nhost: a\r\nx: " + std::string(20'000, 'x');
  std::size_t sent = 0;
  const timeval soon{.tv_sec = 0, .tv_usec = 2000};
  setsockopt(peer.fd(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  std::string answer;
  while (answer.empty() && sent < head.size()) {
    peer.Send(head.substr(sent++, 1));
    answer = peer.Some();
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << sent;
}

TEST(ServerTimes, ABodyThatTakesTooLongIsAClientsTimeOut) {
  ServerRig rig(Times(&ServerTimeouts::body, 40ms));
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\nshort");
  const std::string answer = peer.Message();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_NE(answer.find("connection: close"), std::string::npos);
}

TEST(ServerTimes, AnIdleConnectionIsClosedWithoutAWord) {
  ServerRig rig(Times(&ServerTimeouts::idle, 40ms));
  RawPeer fresh = rig.Connect();
  EXPECT_TRUE(fresh.AtEnd());
  RawPeer used = rig.Connect();
  used.Send(kGet);
  used.Message();
  EXPECT_TRUE(used.AtEnd());
}

TEST(ServerTimes, AClientThatTakesNothingIsGivenUp) {
  ServerRig rig(Times(&ServerTimeouts::write, 50ms));
  RawPeer peer = rig.Connect();
  peer.Send("GET /big HTTP/1.1\r\nhost: a\r\n\r\n");
  EXPECT_TRUE(rig.notes().Wait("deadline_exceeded"));
}

TEST(ServerTimes, ASlowReaderThatReadsIsNot) {
  ServerRig rig(Times(&ServerTimeouts::write, 10s));
  RawPeer peer = rig.Connect();
  peer.Send("GET /big HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  const std::string answer = peer.Message();
  EXPECT_EQ(answer.size() - (answer.find("\r\n\r\n") + 4), rig.handler().big.size());
  EXPECT_TRUE(rig.notes().Wait("sent"));
}

TEST(ServerTimes, AnAnswerMayHaveAnEndThatSteadyReadingDoesNotMove) {
  ServerRig rig(Times(&ServerTimeouts::write, 10s));
  RawPeer peer = rig.Connect();
  peer.Send("GET /big-by-then HTTP/1.1\r\nhost: a\r\n\r\n");
  while (!peer.Some(1024).empty() && rig.notes().Count("deadline_exceeded") == 0) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(rig.notes().Wait("deadline_exceeded"));
}

TEST(ServerLimits, ConnectionsOverTheLimitAreClosedAtOnceAndRoomIsUsedAgain) {
  ServerOptions options;
  options.limits.connections = 2;
  ServerRig rig(options);
  RawPeer one = rig.Connect();
  one.Send(kGet);
  one.Message();
  RawPeer two = rig.Connect();
  two.Send(kGet);
  two.Message();
  RawPeer three = rig.Connect();
  EXPECT_EQ(three.Some(), "");
  one.Close();
  while (rig.connections() == 2) {
    std::this_thread::yield();
  }
  RawPeer four = rig.Connect();
  four.Send(kGet);
  EXPECT_TRUE(four.Message().ends_with("hello"));
}

TEST(ServerDrain, ClosesIdleConnectionsAndWaitsForBusyOnes) {
  ServerRig rig;
  rig.HoldRequests();
  RawPeer fresh = rig.Connect();
  RawPeer idle = rig.Connect();
  idle.Send(kGet);
  idle.Message();
  RawPeer busy = rig.Connect();
  busy.Send(kWait);
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  rig.Drain(60s);
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_EQ(fresh.Some(), "");
  EXPECT_EQ(rig.notes().Count("drain ended"), 0);
  rig.Release();
  const std::string answer = busy.Message();
  EXPECT_TRUE(answer.ends_with("waited"));
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  busy.Close();
  EXPECT_TRUE(rig.notes().Wait("drain ended"));
  EXPECT_EQ(rig.notes().Count("by itself"), 1);
}

TEST(ServerDrain, ClosesAConnectionThatHasReadItsLastRequestExactly) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  // A request of just the block's size: the reader cannot see that nothing is left.
  std::string request = "GET / HTTP/1.1\r\nhost: a\r\nx: ";
  request += std::string(kSmallBlock - request.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_EQ(request.size(), kSmallBlock);
  peer.Send(request);
  peer.Message();
  const auto began = Clock::now();
  rig.Drain(60s);
  EXPECT_TRUE(peer.AtEnd());
  EXPECT_TRUE(rig.notes().Wait("drain ended"));
  EXPECT_LT(Clock::now() - began, 5s) << "it was taken for a busy one";
}

TEST(ServerDrain, CancelsWhatIsStillRunningAtItsEnd) {
  ServerRig rig;
  rig.HoldRequests();
  RawPeer busy = rig.Connect();
  busy.Send(kWait);
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  rig.Drain(30ms);
  EXPECT_TRUE(rig.notes().Wait("drain ended"));
  EXPECT_EQ(rig.notes().Count("cancelled"), 1);
  EXPECT_EQ(rig.notes().Count("by itself"), 0);
}

TEST(ServerDrain, TakesNoNewConnections) {
  ServerRig rig;
  rig.Drain(10s);
  EXPECT_TRUE(rig.notes().Wait("drain ended"));
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(rig.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_NE(connect(socket.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

}  // namespace
}  // namespace signalbox::net
