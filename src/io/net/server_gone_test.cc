// Clients that leave, or only seem to (F11, F12).
#include "io/net/server_testing.h"

namespace signalbox::net {
namespace {

constexpr std::string_view kWait = "GET /wait HTTP/1.1\r\nhost: a\r\n\r\n";
constexpr std::string_view kStreamWait = "GET /stream-wait HTTP/1.1\r\nhost: a\r\n\r\n";

// However a client leaves, its request is cancelled and its connection is gone.
void ExpectCancelled(ServerRig& rig) {
  EXPECT_TRUE(rig.notes().Wait("cancelled"));
  for (int i = 0; i < 1000 && rig.connections() != 0; ++i) {
    std::this_thread::yield();
  }
  EXPECT_EQ(rig.connections(), 0U);
}

TEST(ServerClientGone, AResetBeforeTheAnswerCancelsTheRequest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(kWait);
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  peer.Reset();
  ExpectCancelled(rig);
}

TEST(ServerClientGone, ACloseBeforeTheAnswerCancelsTheRequest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(kWait);
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  peer.Close();
  ExpectCancelled(rig);
}

TEST(ServerClientGone, ACloseRightBehindTheRequestCancelsIt) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(kWait);
  peer.Close();
  ExpectCancelled(rig);
}

TEST(ServerClientGone, AResetInTheMiddleOfAStreamCancelsIt) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(kStreamWait);
  peer.Until("data: 1\n\n\r\n");
  peer.Reset();
  ExpectCancelled(rig);
}

TEST(ServerClientGone, ACloseInTheMiddleOfAStreamCancelsIt) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(kStreamWait);
  peer.Until("data: 1\n\n\r\n");
  ASSERT_TRUE(rig.notes().Wait("streaming"));
  peer.Close();
  ExpectCancelled(rig);
}

// A client that has shut down its sending side and still reads gets its whole answer; the bytes
// that were sent early to find out whether it is there are not sent twice.
TEST(ServerHalfClosed, GetsItsAnswerOnce) {
  ServerRig rig;
  rig.HoldRequests();
  RawPeer peer = rig.Connect();
  peer.Send(kWait);
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  peer.ShutdownWrite();
  EXPECT_EQ(peer.Exactly(9), "HTTP/1.1 ");  // early
  rig.Release();
  const std::string answer = peer.All();
  EXPECT_TRUE(answer.starts_with("200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nwaited")) << answer;
  EXPECT_EQ(rig.notes().Count("cancelled"), 0);
}

TEST(ServerHalfClosed, GetsItsAnswerWhenTheEndCameWithTheRequest) {
  ServerRig rig;
  rig.HoldRequests();
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nok" + std::string(kWait));
  peer.ShutdownWrite();
  ASSERT_TRUE(rig.notes().Wait("/wait"));
  rig.Release();
  const std::string answers = peer.All();
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 200 OK\r\n")) << answers;
  EXPECT_NE(answers.find("|okHTTP/1.1 200 OK\r\n"), std::string::npos) << answers;
  EXPECT_TRUE(answers.ends_with("waited")) << answers;
}

TEST(ServerHalfClosed, ABodyThatWillNeverComeCancelsTheRequest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\nshort");
  peer.ShutdownWrite();
  peer.All();
  EXPECT_EQ(rig.notes().Count("cancelled"), 1);
}

// In a stream the question is a comment between two events.
TEST(ServerHalfClosed, GetsTheRestOfItsStreamWithACommentInBetween) {
  ServerRig rig;
  rig.HoldRequests();
  RawPeer peer = rig.Connect();
  peer.Send(kStreamWait);
  EXPECT_TRUE(peer.Until("data: 1\n\n\r\n").ends_with("9\r\ndata: 1\n\n\r\n"));
  ASSERT_TRUE(rig.notes().Wait("streaming"));
  peer.ShutdownWrite();
  EXPECT_EQ(peer.Exactly(8), "3\r\n:\n\n\r\n");
  rig.Release();
  EXPECT_EQ(peer.All(), "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

}  // namespace
}  // namespace signalbox::net
