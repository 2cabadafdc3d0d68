// Calls against a scripted upstream: exact bytes in, exact bytes out.
#include "vendors/providers/http_exchange.h"

#include <thread>

#include "base/async/async_testing.h"
#include "io/net/raw_peer_testing.h"

namespace signalbox::providers {
namespace {

using namespace std::chrono_literals;
using async::Task;
using core::ErrorCode;
using net::RawPeer;

// What the upstream does with each connection in turn, on a thread of its own.
using Connection = std::function<void(RawPeer&)>;

class ScriptedUpstream {
 public:
  explicit ScriptedUpstream(std::vector<Connection> connections)
      : thread_([this, script = std::move(connections)] {
          for (const Connection& each : script) {
            RawPeer peer = listener_.Accept();
            each(peer);
          }
        }) {}
  ~ScriptedUpstream() { thread_.join(); }
  std::uint16_t port() const { return listener_.port(); }

 private:
  net::RawListener listener_;
  std::thread thread_;
};

std::string ReadRequest(RawPeer& peer) {
  return peer.Message();
}

// Answers each request with the next of `answers`, then waits for the end of the connection.
Connection Answers(std::vector<std::string> answers) {
  return [answers = std::move(answers)](RawPeer& peer) {
    for (const std::string& answer : answers) {
      ReadRequest(peer);
      peer.Send(answer);
    }
    while (!peer.Some().empty()) {
    }
  };
}

// Answers once and closes.
Connection AnswersAndCloses(std::string answer) {
  return [answer = std::move(answer)](RawPeer& peer) {
    ReadRequest(peer);
    peer.Send(answer);
    peer.ShutdownWrite();
    while (!peer.Some().empty()) {
    }
  };
}

std::string Whole(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + std::string(fields) +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

constexpr std::string_view kChunkedHead =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

struct Told {
  std::optional<ErrorCode> send_error;
  std::optional<ErrorCode> read_error;
  std::string message;
  int status = 0;
  std::string type, retry_after;
  std::string body;
  int sends = 0;
};

// A body in pieces; `failure` after the last of them.
struct Pieces final : BodySource {
  Task<core::Result<std::string_view>> Next() override {
    if (next == pieces.size() && failure) {
      co_return std::unexpected(*failure);
    }
    co_return next < pieces.size() ? std::string_view(pieces[next++]) : std::string_view();
  }
  std::optional<std::uint64_t> size() const override { return stated; }

  std::vector<std::string> pieces;
  std::optional<std::uint64_t> stated;
  std::optional<core::Error> failure;
  std::size_t next = 0;
};

struct Ask {
  bool all = true;  // ReadAll, or Read piece by piece
  std::string body = "{}";
  async::Cancellation* cancellation = nullptr;
  Pieces* source = nullptr;  // in place of the body
};

Task<Told> Call(async::Loop* loop, HttpUpstream* upstream, Ask ask) {
  Told told;
  const auto exchange = upstream->Open();
  const async::Deadline deadline{loop->now() + 20s, ask.cancellation};
  const std::string_view body = ask.body;
  const UpstreamRequest request{.path = "/chat/completions",
                                .body = {&body, 1},
                                .body_bytes = body.size(),
                                .source = ask.source,
                                .request_id = "req_1",
                                .hops = "me",
                                .streamed = !ask.all};
  auto head = co_await exchange->Send(request, deadline);
  told.sends = 1;
  if (!head && exchange->crossed()) {
    head = co_await exchange->Send(request, deadline);
    ++told.sends;
    EXPECT_FALSE(exchange->crossed());
  }
  if (!head) {
    told.send_error = head.error().code;
    told.message = head.error().message;
    co_return told;
  }
  told.status = head->status;
  told.type = head->content_type;
  told.retry_after = head->retry_after;
  while (true) {
    core::Result<std::string_view> got;
    if (ask.all) {
      got = co_await exchange->ReadAll(deadline);
    } else {
      got = co_await exchange->Read(deadline);
    }
    if (!got) {
      told.read_error = got.error().code;
      told.message = got.error().message;
      co_return told;
    }
    told.body += *got;
    if (ask.all || got->empty()) {
      co_return told;
    }
  }
}

Provider EdgeAt(std::uint16_t port, ProviderOptions options = {}) {
  options.base_url = config::ParseUrl("http://127.0.0.1:" + std::to_string(port) + "/v1");
  return MakeProvider("edge", options);
}

Task<void> CallEach(async::Loop* loop, const Provider* provider, std::vector<Ask> asks,
                    std::vector<Told>* told) {
  net::Resolver resolver(*loop);
  HttpUpstream upstream(*loop, resolver, nullptr, *provider);
  for (Ask& ask : asks) {
    Told each = co_await Call(loop, &upstream, std::move(ask));
    told->push_back(std::move(each));
    co_await loop->SleepUntil({loop->now() + 3ms});
  }
}

std::vector<Told> Calls(std::vector<Connection> script, std::vector<Ask> asks,
                        ProviderOptions options = {}) {
  ScriptedUpstream scripted(std::move(script));
  const Provider provider = EdgeAt(scripted.port(), std::move(options));
  std::vector<Told> told;
  async::RunOnLoop(
      [&](async::Loop& loop) { return CallEach(&loop, &provider, std::move(asks), &told); });
  EXPECT_FALSE(told.empty());
  told.resize(std::max<std::size_t>(told.size(), 1));
  return told;
}

Told CallOnce(std::string answer, bool all, ProviderOptions options = {}) {
  return Calls({AnswersAndCloses(std::move(answer))}, {{.all = all}}, std::move(options)).front();
}

TEST(HttpExchange, SendsTheWholeRequestAndReadsAWholeAnswer) {
  std::string request;
  ProviderOptions options;
  options.key = config::Secret("sk-test");
  const auto told = Calls({[&](RawPeer& peer) {
                            request = ReadRequest(peer);
                            peer.Send(Whole("{\"a\":1}", "retry-after: 3\r\n"));
                          }},
                          {{.body = "{\"q\":1}"}}, options);
  EXPECT_EQ(told[0].body, "{\"a\":1}");
  EXPECT_EQ(told[0].status, 200);
  EXPECT_EQ(told[0].type, "application/json");
  EXPECT_EQ(told[0].retry_after, "3");
  EXPECT_EQ(told[0].sends, 1);
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"q\":1}"));
  for (const char* field :
       {"authorization: Bearer sk-test\r\n", "content-type: application/json\r\n",
        "x-request-id: req_1\r\n", "x-signalbox-hop: me\r\n", "content-length: 7\r\n",
        "accept: application/json\r\n"}) {
    EXPECT_NE(request.find(field), std::string::npos) << field;
  }
}

TEST(HttpExchange, ReadsBodiesInEveryFraming) {
  const std::string until_close = "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n\r\n";
  for (const bool all : {true, false}) {
    EXPECT_EQ(CallOnce(Whole("length"), all).body, "length");
    EXPECT_EQ(
        CallOnce(std::string(kChunkedHead) + "3\r\nchu\r\n4;x=y\r\nnked\r\n0\r\nt: r\r\n\r\n", all)
            .body,
        "chunked");
    EXPECT_EQ(CallOnce(until_close + "until close", all).body, "until close");
    EXPECT_EQ(CallOnce(Whole(""), all).body, "");
    const Told none = CallOnce("HTTP/1.1 204 No Content\r\n\r\n", all);
    EXPECT_EQ(none.status, 204);
    EXPECT_EQ(none.body, "");
    EXPECT_FALSE(none.read_error);
  }
}

// The same answers, a byte at a time.
TEST(HttpExchange, ReadsAnswersHoweverTheyAreCut) {
  const std::string answers[] = {Whole("length"),
                                 std::string(kChunkedHead) + "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"};
  for (const std::string& answer : answers) {
    const auto told = Calls({[&](RawPeer& peer) {
                              ReadRequest(peer);
                              for (const char byte : answer) {
                                peer.Send({&byte, 1});
                              }
                            }},
                            {{.all = false}});
    EXPECT_EQ(told[0].body, answer == answers[0] ? "length" : "abcd");
  }
}

TEST(HttpExchange, UsesAConnectionAgainWhateverTheSizeOfItsAnswers) {
  for (const std::size_t size : {0UL, 10UL, 8192UL, 20'000UL, 65'536UL, 300'000UL}) {
    const std::string body(size, 'x');
    for (const bool all : {true, false}) {
      // A second connection would find nobody who accepts it twice.
      const auto told = Calls({Answers({Whole(body), Whole(body), Whole(body)})},
                              {{.all = all}, {.all = all}, {.all = all}});
      ASSERT_EQ(told.size(), 3U);
      for (const Told& each : told) {
        EXPECT_EQ(each.body.size(), size) << each.message;
        EXPECT_EQ(each.sends, 1) << size << (all ? " whole" : " in pieces");
      }
    }
  }
}

// F10: a kept connection that the server closed while the request was on its way.
TEST(HttpExchange, AStaleConnectionIsRepeatedOnceOnANewOne) {
  for (const bool reset : {false, true}) {
    const auto told = Calls({[&](RawPeer& peer) {
                               ReadRequest(peer);
                               peer.Send(Whole("one"));
                               ReadRequest(peer);  // takes it and says nothing
                               reset ? peer.Reset() : peer.Close();
                             },
                             Answers({Whole("two")})},
                            {{}, {}});
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].sends, 1);
    EXPECT_EQ(told[1].body, "two") << told[1].message;
    EXPECT_EQ(told[1].sends, 2);
  }
}

const std::string kRefusal =
    "HTTP/1.1 413 Content Too Large\r\ncontent-type: application/json\r\ncontent-length: "
    "2\r\n\r\n{}";
const std::string kLong(32 * 1024 * 1024, 'x');

// An upstream may refuse a body that it has not read.
TEST(HttpExchange, AnAnswerThatComesBeforeTheBodyIsOutIsTheAnswer) {
  for (const bool closes : {false, true}) {
    const auto told = Calls({[&](RawPeer& peer) {
                               peer.Until("\r\n\r\n");
                               peer.Send("HTTP/1.1 103 Early Hints\r\n\r\n");
                               peer.Exactly(100'000);
                               peer.Send(kRefusal);
                               if (closes) {
                                 peer.Close();  // a reset: most of the body was never read
                               } else {
                                 EXPECT_TRUE(peer.IsResetWithoutReading());
                               }
                             },
                             Answers({Whole("two")})},
                            {{.body = kLong}, {}});
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].status, 413) << told[0].message;
    EXPECT_EQ(told[0].body, "{}");
    EXPECT_EQ(told[0].sends, 1);
    // What is left of the body would be taken for the next request.
    EXPECT_EQ(told[1].body, "two");
    EXPECT_EQ(told[1].sends, 1);
  }
}

TEST(HttpExchange, SendsABodyAsItComes) {
  for (const bool sized : {true, false}) {
    Pieces source;
    source.pieces = {"abc", std::string(300'000, 'x'), "z"};
    std::string whole = source.pieces[0] + source.pieces[1] + source.pieces[2];
    if (sized) {
      source.stated = whole.size();
    }
    std::string head;
    std::string sent;
    const auto told = Calls({[&](RawPeer& peer) {
                              head = peer.Until("\r\n\r\n");
                              sent =
                                  sized ? peer.Exactly(whole.size()) : peer.Until("\r\n0\r\n\r\n");
                              peer.Send(Whole("two"));
                            }},
                            {{.source = &source}});
    EXPECT_EQ(told[0].body, "two") << told[0].message;
    const std::string chunks =
        "3\r\nabc\r\n493e0\r\n" + source.pieces[1] + "\r\n1\r\nz\r\n0\r\n\r\n";
    EXPECT_TRUE(sent == (sized ? whole : chunks)) << sent.size();
    EXPECT_EQ(head.find("content-length: ") != head.npos, sized) << head;
    EXPECT_EQ(head.find("transfer-encoding: chunked") != head.npos, !sized) << head;
  }
}

TEST(HttpExchange, AnAnswerEndsABodyThatIsStillComing) {
  Pieces source;
  source.pieces.assign(1000, std::string(50'000, 'x'));
  const auto told = Calls({[&](RawPeer& peer) {
                            peer.Exactly(100'000);
                            peer.Send(kRefusal);
                            EXPECT_TRUE(peer.IsResetWithoutReading());
                          }},
                          {{.source = &source}});
  EXPECT_EQ(told[0].status, 413) << told[0].message;
  EXPECT_LT(source.next, 1000U);
}

TEST(HttpExchange, WhatIsWrongWithTheBodyIsToldAsItIs) {
  Pieces source;
  source.pieces = {"abc"};
  source.failure = core::Error{ErrorCode::kInvalidRequest, "no form", {}, {}};
  const auto told = Calls({[](RawPeer& peer) {
                            while (!peer.Some().empty()) {
                            }
                          }},
                          {{.source = &source}});
  EXPECT_EQ(told[0].send_error, ErrorCode::kInvalidRequest);
  EXPECT_EQ(told[0].sends, 1);
}

TEST(HttpExchange, InterimAnswersDoNotEndTheBody) {
  const auto told = Calls({[&](RawPeer& peer) {
                            const std::string head = peer.Until("\r\n\r\n");
                            peer.Send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 10");
                            std::this_thread::sleep_for(2ms);
                            peer.Send("2 Processing\r\n\r\n");
                            EXPECT_EQ(peer.Exactly(kLong.size()), kLong);
                            peer.Send(Whole("all of it"));
                          }},
                          {{.body = kLong}});
  EXPECT_EQ(told[0].body, "all of it") << told[0].message;
}

TEST(HttpExchange, AMalformedAnswerThatComesEarlyIsAProtocolError) {
  const auto told = Calls({[](RawPeer& peer) {
                            peer.Until("\r\n\r\n");
                            peer.Send("NONSENSE\r\n\r\n");
                            while (!peer.Some().empty()) {
                            }
                          }},
                          {{.body = kLong}});
  EXPECT_EQ(told[0].send_error, ErrorCode::kUpstreamProtocol);
}

TEST(HttpExchange, ANewConnectionThatBreaksIsNotRepeated) {
  for (const bool reset : {false, true}) {
    const auto told = Calls({[&](RawPeer& peer) {
                              ReadRequest(peer);
                              reset ? peer.Reset() : peer.Close();
                            }},
                            {{}});
    EXPECT_EQ(told[0].send_error, ErrorCode::kUpstreamFailed);
    EXPECT_EQ(told[0].sends, 1);
  }
}

TEST(HttpExchange, AKeptConnectionThatAnsweredPartlyIsNotRepeated) {
  const auto told = Calls({[](RawPeer& peer) {
                            ReadRequest(peer);
                            peer.Send(Whole("one"));
                            ReadRequest(peer);
                            peer.Send("HTTP/1.1 2");
                            peer.Close();
                          }},
                          {{}, {}});
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].send_error, ErrorCode::kUpstreamFailed);
  EXPECT_EQ(told[1].sends, 1);
}

TEST(HttpExchange, AMalformedHeadIsAProtocolError) {
  for (const char* answer :
       {"NONSENSE\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: rot13\r\ncontent-length: 1\r\n\r\nx"}) {
    EXPECT_EQ(CallOnce(answer, true).send_error, ErrorCode::kUpstreamProtocol) << answer;
  }
}

TEST(HttpExchange, ABodyThatIsCutIsAFailureOfTheUpstream) {
  for (const bool all : {true, false}) {
    for (const std::string& answer :
         {std::string("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort"),
          std::string(kChunkedHead) + "5\r\nwhole\r\n", std::string(kChunkedHead) + "9\r\nhalf",
          std::string(kChunkedHead) + "5\r\nwhole\r\n0\r\n"}) {
      EXPECT_EQ(CallOnce(answer, all).read_error, ErrorCode::kUpstreamFailed) << answer;
    }
  }
}

TEST(HttpExchange, AMalformedChunkIsAProtocolError) {
  for (const bool all : {true, false}) {
    EXPECT_EQ(CallOnce(std::string(kChunkedHead) + "zz\r\nx", all).read_error,
              ErrorCode::kUpstreamProtocol);
  }
}

TEST(HttpExchange, SkipsInterimAnswersButNotForEver) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n";
  EXPECT_EQ(CallOnce("HTTP/1.1 100 Continue\r\n\r\n" + interim + Whole("after"), true).body,
            "after");
  std::string flood;
  for (int i = 0; i < 50; ++i) {
    flood += interim;
  }
  EXPECT_EQ(CallOnce(flood + Whole("never"), true).send_error, ErrorCode::kUpstreamProtocol);
}

TEST(HttpExchange, AnAnswerOverTheLimitIsRefused) {
  ProviderOptions options;
  options.limits.answer_bytes = config::KiB(4);
  const std::string over(4097, 'x');
  EXPECT_EQ(CallOnce(Whole(std::string(4096, 'x')), true, options).body.size(), 4096U);
  EXPECT_EQ(CallOnce(Whole(over), true, options).read_error, ErrorCode::kUpstreamProtocol);
  EXPECT_EQ(CallOnce(std::string(kChunkedHead) + "1001\r\n" + over + "\r\n0\r\n\r\n", true, options)
                .read_error,
            ErrorCode::kUpstreamProtocol);
  EXPECT_EQ(CallOnce("HTTP/1.1 200 OK\r\n\r\n" + over, true, options).read_error,
            ErrorCode::kUpstreamProtocol);
}

TEST(HttpExchange, AHeadBombIsRefused) {
  EXPECT_EQ(
      CallOnce("HTTP/1.1 200 OK\r\nx: " + std::string(100'000, 'x') + "\r\n\r\n", true).send_error,
      ErrorCode::kUpstreamProtocol);
}

TEST(HttpExchange, TakesAContentCodingOff) {
  const std::string text(30'000, 'z');
  const std::string gzip = net::Encode(net::Coding::kGzip, text);
  for (const bool all : {true, false}) {
    EXPECT_EQ(CallOnce(Whole(gzip, "content-encoding: gzip\r\n"), all).body, text);
    const Told cut =
        CallOnce(Whole(gzip.substr(0, gzip.size() - 6), "content-encoding: gzip\r\n"), all);
    EXPECT_EQ(cut.read_error, ErrorCode::kUpstreamProtocol);
  }
}

TEST(HttpExchange, AnUpstreamThatSaysNothingIsGivenUpAtItsFirstByteLimit) {
  ProviderOptions options;
  options.timeouts.first_byte = 40ms;
  const auto told = Calls({[](RawPeer& peer) {
                            ReadRequest(peer);
                            peer.Some();
                          }},
                          {{}}, options);
  EXPECT_EQ(told[0].send_error, ErrorCode::kDeadlineExceeded);
}

TEST(HttpExchange, AStreamThatStallsIsGivenUpAtItsIdleLimit) {
  ProviderOptions options;
  options.timeouts.idle = 40ms;
  for (const bool all : {true, false}) {
    const auto told = Calls({[](RawPeer& peer) {
                              ReadRequest(peer);
                              peer.Send(std::string(kChunkedHead) + "2\r\nab\r\n");
                              peer.Some();
                            }},
                            {{.all = all}}, options);
    EXPECT_EQ(told[0].read_error, ErrorCode::kDeadlineExceeded);
    EXPECT_EQ(told[0].body, all ? "" : "ab");
  }
}

TEST(HttpExchange, ACallerThatIsGoneIsNotAnUpstreamFailure) {
  async::Cancellation cancellation;
  cancellation.Cancel();
  const auto told = Calls({[](RawPeer& peer) { peer.Some(); }}, {{.cancellation = &cancellation}});
  EXPECT_EQ(told[0].send_error, ErrorCode::kCancelled) << told[0].message;
}

// The caller's own deadline counts while a large request is being taken, too.
Task<void> SendToOneThatTakesNothing(async::Loop* loop, const Provider* provider,
                                     core::Result<UpstreamHead>* out,
                                     std::chrono::nanoseconds* took) {
  net::Resolver resolver(*loop);
  HttpUpstream upstream(*loop, resolver, nullptr, *provider);
  const auto exchange = upstream.Open();
  const std::string large(64UL * 1024 * 1024, 'x');
  const std::string_view piece = large;
  const core::MonoTime began = loop->now();
  *out = co_await exchange->Send({.path = "/x", .body = {&piece, 1}, .body_bytes = large.size()},
                                 {began + 100ms});
  *took = loop->now() - began;
}

TEST(HttpExchange, TheDeadlineCountsWhileTheRequestIsSent) {
  net::Notes notes;
  core::Result<UpstreamHead> head;
  std::chrono::nanoseconds took{};
  {
    ScriptedUpstream scripted({[&](RawPeer&) {
      const auto limit = std::chrono::steady_clock::now() + 8s;
      while (notes.Count("over") == 0 && std::chrono::steady_clock::now() < limit) {
        std::this_thread::sleep_for(5ms);  // then the connection closes, whatever the caller does
      }
    }});
    const Provider provider = EdgeAt(scripted.port());
    async::RunOnLoop([&](async::Loop& loop) {
      return SendToOneThatTakesNothing(&loop, &provider, &head, &took);
    });
    notes.Add("over");
  }
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, ErrorCode::kDeadlineExceeded) << head.error().message;
  EXPECT_LT(took, 4s);
}

TEST(HttpExchange, AConnectionWithSurplusBytesServesNobodyElse) {
  const auto told = Calls({[](RawPeer& peer) {
                             ReadRequest(peer);
                             peer.Send(Whole("one") + Whole("injected"));
                             while (!peer.Some().empty()) {
                             }
                           },
                           Answers({Whole("two")})},
                          {{}, {}});
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].body, "one");
  EXPECT_EQ(told[1].body, "two");
}

}  // namespace
}  // namespace signalbox::providers
