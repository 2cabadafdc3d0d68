// What a client gets, request by request, over real connections.
#include "io/net/server.h"

#include "io/net/compression.h"
#include "io/net/server_testing.h"

namespace signalbox::net {
namespace {

std::string Post(std::string_view path, std::string_view body, std::string_view fields = "") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nhost: localhost\r\n" + std::string(fields) +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string Get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nhost: localhost\r\n" + std::string(fields) +
         "\r\n";
}

constexpr std::string_view kClose = "connection: close\r\n";

std::string BodyOf(const std::string& message) {
  return message.substr(message.find("\r\n\r\n") + 4);
}

std::string Chunked(std::string_view body, std::size_t piece) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const std::string_view part = body.substr(at, piece);
    char line[kChunkLineSize];
    out += ChunkLine(part.size(), line);
    out += part;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

std::string Text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('!' + (i * 31 + i / 977) % 90);
  }
  return text;
}

TEST(Server, AnswersWithLengthDateAndCleanFields) {
  ServerRig rig;
  const std::string answer = rig.Ask(Get("/", kClose));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("x-test: a  b: c\r\n"), std::string::npos) << "no value may end its line";
  EXPECT_NE(answer.find("\r\ndate: "), std::string::npos);
  EXPECT_NE(answer.find(" GMT\r\n"), std::string::npos);
  EXPECT_NE(answer.find("content-length: 5\r\nconnection: close\r\n\r\nhello"), std::string::npos);
}

TEST(Server, KeepsAConnectionForRequestAfterRequest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  for (const std::size_t size : {0UL, 10UL, 100'000UL, 1UL}) {
    const std::string body = Text(size);
    peer.Send(Post("/echo", body, "content-type: t/x\r\n"));
    const std::string answer = peer.Message();
    EXPECT_EQ(BodyOf(answer), "t/x|" + body);
    EXPECT_EQ(answer.find("connection:"), std::string::npos);
  }
  peer.Send(Get("/", kClose));
  EXPECT_NE(peer.Message().find("connection: close"), std::string::npos);
  EXPECT_TRUE(peer.AtEnd());
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  ServerRig rig;
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  const std::string large = Text(20'000);
  RawPeer peer = rig.Connect();
  peer.Send(Post("/echo", "first") + Get("/") + chunked + Chunked("second", 4) +
            Post("/echo", "third") + chunked + Chunked(large, 3000) + Post("/echo", large) +
            Post("/echo", "last", kClose));
  for (const std::string& expected :
       {std::string("|first"), std::string("hello"), std::string("|second"), std::string("|third"),
        "|" + large, "|" + large, std::string("|last")}) {
    EXPECT_EQ(BodyOf(peer.Message()), expected);
  }
  EXPECT_TRUE(peer.AtEnd());
}

// Two pipelined requests, the second cut off at every place and sent later.
TEST(Server, ReadsRequestsHoweverTheyAreCut) {
  ServerRig rig;
  const std::string requests =
      Post("/echo", "one") +
      "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" +
      Chunked("two and more", 5) + Get("/", kClose);
  for (std::size_t cut = 1; cut < requests.size(); ++cut) {
    RawPeer peer = rig.Connect();
    peer.Send(std::string_view(requests).substr(0, cut));
    peer.Send(std::string_view(requests).substr(cut));
    EXPECT_EQ(BodyOf(peer.Message()), "|one") << cut;
    EXPECT_EQ(BodyOf(peer.Message()), "|two and more") << cut;
    EXPECT_EQ(BodyOf(peer.Message()), "hello") << cut;
  }
}

TEST(Server, TakesBodiesOfAllSizesAroundTheBlock) {
  ServerRig rig;
  for (const std::size_t size : {8000UL, 8100UL, 8191UL, 8192UL, 8193UL, 65'536UL, 500'000UL}) {
    const std::string body = Text(size);
    EXPECT_EQ(BodyOf(rig.Ask(Post("/echo", body, kClose))), "|" + body) << size;
    const std::string chunked = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n" +
                                std::string(kClose) + "\r\n" + Chunked(body, 1500);
    EXPECT_EQ(BodyOf(rig.Ask(chunked)), "|" + body) << size;
  }
}

TEST(Server, TakesAHeadAsLargeAsItsLimit) {
  ServerRig rig;
  std::string fields;
  for (int i = 0; i < 60; ++i) {
    fields += "x-filler-" + std::to_string(i) + ": " + std::string(480, 'f') + "\r\n";
  }
  EXPECT_EQ(
      BodyOf(rig.Ask(Post("/echo", "x", fields + "content-type: t/y\r\n" + std::string(kClose)))),
      "t/y|x");
}

TEST(Server, GivesBodiesOutAsTheyCome) {
  ServerRig rig;
  for (const std::size_t size : {1UL, 8000UL, 8192UL, 40'000UL, 500'000UL}) {
    const std::string body = Text(size);
    EXPECT_EQ(BodyOf(rig.Ask(Post("/some", body, kClose))), "|" + body) << size;
    const std::string chunked = "POST /some HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n" +
                                std::string(kClose) + "\r\n" + Chunked(body, 1500);
    EXPECT_EQ(BodyOf(rig.Ask(chunked)), "|" + body) << size;
  }
  EXPECT_EQ(BodyOf(rig.Ask("POST /some HTTP/1.1\r\nhost: a\r\n" + std::string(kClose) + "\r\n")),
            "|");
}

TEST(Server, GivesOutNothingOfTheNextRequest) {
  ServerRig rig;
  const std::string large = Text(40'000);
  const std::string requests =
      Post("/some", "one", "content-type: t/y\r\n") +
      "POST /some HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" +
      Chunked("two and more", 5) + Post("/some", "three") + Get("/", kClose);
  for (std::size_t cut = 1; cut < requests.size(); ++cut) {
    RawPeer peer = rig.Connect();
    peer.Send(std::string_view(requests).substr(0, cut));
    peer.Send(std::string_view(requests).substr(cut));
    EXPECT_EQ(BodyOf(peer.Message()), "t/y|one") << cut;
    EXPECT_EQ(BodyOf(peer.Message()), "|two and more") << cut;
    EXPECT_EQ(BodyOf(peer.Message()), "|three") << cut;
    EXPECT_EQ(BodyOf(peer.Message()), "hello") << cut;
  }
  RawPeer peer = rig.Connect();
  peer.Send(Post("/some", large) + Post("/some", large) + Get("/", kClose));
  EXPECT_EQ(BodyOf(peer.Message()), "|" + large);
  EXPECT_EQ(BodyOf(peer.Message()), "|" + large);
  EXPECT_EQ(BodyOf(peer.Message()), "hello");
}

TEST(Server, RefusesInTheMidstOfABodyThatComesBitByBit) {
  ServerRig rig;
  const std::string chunked =
      "POST /some HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  const std::string over = Text(TestHandler::kBodyLimit + 1);
  EXPECT_TRUE(rig.Ask("POST /some HTTP/1.1\r\nhost: a\r\ncontent-length: 1048577\r\n\r\n")
                  .starts_with("HTTP/1.1 413 "));
  RawPeer peer = rig.Connect();
  peer.Send(chunked + Chunked(over, 64 * 1024));
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(rig.Ask(chunked + "3\r\nabc\r\nzz").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(rig.Ask(Post("/some", "x", "content-encoding: gzip\r\n" + std::string(kClose)))
                  .starts_with("HTTP/1.1 400 "));
}

TEST(Server, TellsAClientThatAsksFirstToGoOn) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
  EXPECT_EQ(peer.Until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.Send("body");
  EXPECT_EQ(BodyOf(peer.Message()), "|body");
  // One that does not wait needs not be told.
  peer.Send(Post("/echo", "body", "expect: 100-continue\r\n"));
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 200"));
}

TEST(Server, ARefusedBodyIsNotAskedFor) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(
      "POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 9000000\r\n\r\n");
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 413 "));
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
}

TEST(Server, RefusesBodiesOverTheLimitAtTheLimit) {
  ServerRig rig;
  const std::string at_limit = Text(TestHandler::kBodyLimit);
  EXPECT_EQ(BodyOf(rig.Ask(Post("/echo", at_limit, kClose))).size(), at_limit.size() + 1);
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
  peer.Send(Chunked(at_limit + "x", 64 * 1024));
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 413 "));
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
}

// A chunk that cannot fit is answered when its size is read; none of its bytes is waited for.
TEST(Server, RefusesAChunkOverTheLimitAtItsSizeLine) {
  ServerRig rig;
  const std::string fits = Chunked("hello", 5).substr(0, 10);  // without the end
  for (const char* size : {"100000", "fffff;x=y", "100001", "8000000000000000", "ffffffffffffffff",
                           "fffffffffffffffb", "fffffffffffffffc"}) {
    SCOPED_TRACE(size);
    for (const bool together : {true, false}) {
      RawPeer peer = rig.Connect();
      const std::string head =
          "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
      const std::string line = std::string(size) + "\r\n";
      peer.Send(together ? head + fits + line : head + fits);
      if (!together) {
        peer.Send(line);
      }
      EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 413 "));
      peer.ShutdownWrite();
      EXPECT_TRUE(peer.AtEnd());
    }
  }
  // The largest that still fits.
  const std::string rest = Text(TestHandler::kBodyLimit - 5);
  const std::string body = fits + "ffffb\r\n" + rest + "\r\n0\r\n\r\n";
  EXPECT_EQ(BodyOf(rig.Ask("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n" +
                           std::string(kClose) + "\r\n" + body))
                .size(),
            TestHandler::kBodyLimit + 1);
}

TEST(Server, TakesContentCodingsOffAndLimitsWhatComesOut) {
  ServerRig rig;
  const std::string body = Text(50'000);
  for (const auto& [coding, name] : {std::pair{Coding::kGzip, "gzip"}, {Coding::kZstd, "zstd"}}) {
    const std::string field = "content-encoding: " + std::string(name) + "\r\n";
    EXPECT_EQ(BodyOf(rig.Ask(Post("/echo", Encode(coding, body), field + std::string(kClose)))),
              "|" + body);
  }
  const std::string bomb = Encode(Coding::kGzip, std::string(4 * 1024 * 1024, '\0'));
  EXPECT_TRUE(rig.Ask(Post("/echo", bomb, "content-encoding: gzip\r\nconnection: close\r\n"))
                  .starts_with("HTTP/1.1 413 "));
  for (const auto& [field, text] :
       {std::pair{"gzip", "no gzip"}, {"rot13", "x"}, {"gzip", "\x1f\x8b\x08"}}) {
    const std::string coding = "content-encoding: " + std::string(field) + "\r\n";
    EXPECT_TRUE(
        rig.Ask(Post("/echo", text, coding + std::string(kClose))).starts_with("HTTP/1.1 400 "))
        << field;
  }
}

TEST(Server, AMalformedChunkIsRefusedAndNothingBehindItIsARequest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\nhello\r\n" +
            Get("/smuggled"));
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 400 "));
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
  EXPECT_EQ(rig.notes().Count("/smuggled"), 0);
}

// P37: an early answer with a body still to come ends the connection in order, without a reset.
TEST(Server, AnEarlyAnswerWithAnUnreadBodyClosesTheConnectionAfterTheRest) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("POST /early HTTP/1.1\r\nhost: a\r\ncontent-length: 500000\r\n\r\n" + Text(1000));
  const std::string answer = peer.Message();
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(peer.Send(Text(400'000) + Get("/smuggled")));
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
  EXPECT_FALSE(peer.was_reset());
  EXPECT_EQ(rig.notes().Count("/smuggled"), 0);
}

TEST(Server, RefusesHeadsItCannotTrustAndCloses) {
  ServerRig rig;
  const std::pair<const char*, const char*> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"NONSENSE\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nhost: a\r\n\r\n", "505"},
      {"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
       "400"},
      {"HEAD / HTTP/1.1\r\nhost: a b\r\n\r\n", "400"},
  };
  for (const auto& [request, status] : cases) {
    RawPeer peer = rig.Connect();
    peer.Send(std::string(request) + Get("/smuggled"));
    const std::string answer = peer.Message();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(status))) << request << answer;
    EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(BodyOf(answer).starts_with(status)) << "the handler words the refusal";
    peer.ShutdownWrite();
    EXPECT_TRUE(peer.AtEnd()) << request;
  }
  EXPECT_EQ(rig.notes().Count("/smuggled"), 0);
}

TEST(Server, RefusesAHeadOverItsLimit) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("GET / HTTP/1.1\r\nhost: a\r\nx: " + std::string(40'000, 'x'));
  EXPECT_TRUE(peer.Message().starts_with("HTTP/1.1 431 "));
}

TEST(Server, HeadHasTheLengthAndNoBody) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
  EXPECT_NE(peer.Until("\r\n\r\n").find("content-length: 5\r\n"), std::string::npos);
  peer.Send(Get("/", kClose));
  EXPECT_TRUE(peer.Until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(peer.All(), "");
}

TEST(Server, AnHttp10ConnectionClosesAfterItsAnswer) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("GET / HTTP/1.0\r\n\r\n");
  const std::string answer = peer.Message();
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(BodyOf(answer), "hello");
  peer.ShutdownWrite();
  EXPECT_TRUE(peer.AtEnd());
}

TEST(Server, AStreamHasAChunkPerWriteAndNoEmptyOnes) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(Get("/stream"));
  const std::string head = peer.Until("\r\n\r\n");
  EXPECT_NE(head.find("transfer-encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(head.find("content-length"), std::string::npos);
  EXPECT_EQ(peer.Until("0\r\n\r\n"), "7\r\none and\r\n4\r\n two\r\n0\r\n\r\n");
  peer.Send(Get("/sized", kClose));
  const std::string sized = peer.Message();
  EXPECT_EQ(BodyOf(sized), "abcdef");
  EXPECT_EQ(sized.find("transfer-encoding"), std::string::npos);
}

TEST(Server, AStreamToAnHttp10ClientEndsWithTheConnection) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send("GET /stream HTTP/1.0\r\n\r\n");
  const std::string head = peer.Until("\r\n\r\n");
  EXPECT_NE(head.find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(head.find("chunked"), std::string::npos);
  peer.ShutdownWrite();
  std::string body = peer.Exactly(11);
  EXPECT_EQ(body, "one and two");
  EXPECT_TRUE(peer.AtEnd());
}

TEST(Server, AHandlerWithoutAnAnswerGetsOneSentForIt) {
  ServerRig rig;
  const std::string answer = rig.Ask(Get("/none", kClose));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
}

// A stream that its handler leaves without an end must not look complete, and nothing may follow.
TEST(Server, AStreamThatIsLeftUnendedEndsTheConnection) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(Get("/unended") + Get("/"));
  const std::string all = peer.Until("half\r\n");
  peer.ShutdownWrite();
  const std::string rest = peer.All();
  EXPECT_EQ(rest.find("HTTP/1.1"), std::string::npos) << rest;
  EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << rest;
}

TEST(Server, AbortResetsTheConnection) {
  ServerRig rig;
  RawPeer peer = rig.Connect();
  peer.Send(Get("/abort"));
  EXPECT_EQ(peer.Some(), "");
  EXPECT_TRUE(peer.was_reset());
}

}  // namespace
}  // namespace signalbox::net
