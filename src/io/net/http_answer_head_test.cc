#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

struct Look {
  HeadResult result;
  AnswerHead head;
  std::vector<char> bytes;
};

Look ParseWhole(std::string_view text, bool answers_head = false, const HeadLimits& limits = {}) {
  Look look;
  look.bytes.assign(text.begin(), text.end());
  std::size_t scanned = 0;
  look.result = ParseAnswerHead({look.bytes.data(), look.bytes.size()}, limits, scanned,
                                answers_head, look.head);
  return look;
}

void ExpectSameAtEverySplit(std::string_view text, const HeadLimits& limits = {}) {
  const Look whole = ParseWhole(text, false, limits);
  const std::size_t step = text.size() > 2048 ? 97 : 1;
  std::size_t scanned = 0;
  for (std::size_t size = 0; size <= text.size(); size += std::min(step, text.size() - size + 1)) {
    const Look fresh = ParseWhole(text.substr(0, size), false, limits);
    AnswerHead head;
    const HeadResult got =
        ParseAnswerHead({fresh.bytes.data(), size}, limits, scanned, false, head);
    ASSERT_EQ(got.state, fresh.result.state) << "after " << size << " bytes";
    if (got.state == HeadState::kIncomplete) continue;
    ASSERT_EQ(got.state, whole.result.state) << "after " << size << " bytes";
    ASSERT_EQ(got.rejection.reason, whole.result.rejection.reason);
    ASSERT_EQ(got.consumed, whole.result.consumed);
    return;
  }
  ASSERT_EQ(whole.result.state, HeadState::kIncomplete);
}

constexpr bool kAccepted = true;
constexpr bool kRefused = false;

struct Case {
  const char* name;
  std::string text;
  bool accepted;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Look look = ParseWhole(each.text);
    EXPECT_EQ(look.result.state, each.accepted ? HeadState::kComplete : HeadState::kRejected)
        << look.result.rejection.reason;
    if (!each.accepted) {
      EXPECT_EQ(look.result.rejection.status, 502);
      EXPECT_FALSE(look.result.rejection.reason.empty());
    }
    ExpectSameAtEverySplit(each.text);
  }
}

std::string WithLine(const std::string& line) {
  return line + "\r\nContent-Length: 0\r\n\r\n";
}
std::string WithFields(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

TEST(StatusLine, IsVersionStatusAndReason) {
  Check({
      {"usual", WithLine("HTTP/1.1 200 OK"), kAccepted},
      {"HTTP/1.0", WithLine("HTTP/1.0 200 OK"), kAccepted},
      {"no reason", WithLine("HTTP/1.1 200 "), kAccepted},
      {"no reason and no space", WithLine("HTTP/1.1 200"), kAccepted},
      {"long reason", WithLine("HTTP/1.1 404 Not found, try another place\tplease"), kAccepted},
      {"reason of obs-text", WithLine("HTTP/1.1 200 \xc3\xbc"), kAccepted},
      {"lowest", WithLine("HTTP/1.1 100 Continue"), kAccepted},
      {"highest", WithLine("HTTP/1.1 599 x"), kAccepted},
      {"Cloudflare's own", WithLine("HTTP/1.1 520 x"), kAccepted},
      {"HTTP/1.2", WithLine("HTTP/1.2 200 OK"), kRefused},
      {"HTTP/2.0", WithLine("HTTP/2.0 200 OK"), kRefused},
      {"HTTP/0.9", WithLine("HTTP/0.9 200 OK"), kRefused},
      {"no version (HTTP/0.9)", "<html>\r\n\r\n", kRefused},
      {"lower case", WithLine("http/1.1 200 OK"), kRefused},
      {"another protocol", WithLine("ICY 200 OK"), kRefused},
      {"two spaces", WithLine("HTTP/1.1  200 OK"), kRefused},
      {"tab", WithLine("HTTP/1.1\t200 OK"), kRefused},
      {"space in front", WithLine(" HTTP/1.1 200 OK"), kRefused},
      {"empty line in front", "\r\n" + WithLine("HTTP/1.1 200 OK"), kRefused},
      {"two digits", WithLine("HTTP/1.1 20 OK"), kRefused},
      {"four digits", WithLine("HTTP/1.1 2000 OK"), kRefused},
      {"letters", WithLine("HTTP/1.1 2x0 OK"), kRefused},
      {"sign", WithLine("HTTP/1.1 +20 OK"), kRefused},
      {"too low", WithLine("HTTP/1.1 099 OK"), kRefused},
      {"too high", WithLine("HTTP/1.1 600 OK"), kRefused},
      {"no status", WithLine("HTTP/1.1 OK"), kRefused},
      {"tab after the status", WithLine("HTTP/1.1 200\tOK"), kRefused},
      {"NUL in the reason", WithLine("HTTP/1.1 200 O\0K"s), kRefused},
      {"bare CR in the reason", WithLine("HTTP/1.1 200 O\rK"), kRefused},
      {"bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", kRefused},
      {"DEL in the reason", WithLine("HTTP/1.1 200 O\x7fK"), kRefused},
      {"upgrade", WithLine("HTTP/1.1 101 Switching Protocols"), kRefused},
  });
}

TEST(AnswerFields, KeepTheRulesOfRequests) {
  Check({
      {"obs-text in a value", WithFields("A: \xc3\xa4\r\n"), kAccepted},
      {"Host means nothing", WithFields("Host: a b\r\nHost: c\r\n"), kAccepted},
      {"Expect means nothing", WithFields("Expect: x\r\n"), kAccepted},
      {"folded", WithFields("A: b\r\n c\r\n"), kRefused},
      {"folded framing", WithFields("A: b\r\n Content-Length: 3\r\n"), kRefused},
      {"space before the colon", WithFields("Content-Length : 3\r\n"), kRefused},
      {"no colon", WithFields("abc\r\n"), kRefused},
      {"no name", WithFields(": b\r\n"), kRefused},
      {"bare LF", WithFields("A: b\nC: d\r\n"), kRefused},
      {"bare CR", WithFields("A: b\rC: d\r\n"), kRefused},
      {"NUL", WithFields("A: \0\r\n"s), kRefused},
      {"space in a name", WithFields("A b: c\r\n"), kRefused},
      {"Connection of no tokens", WithFields("Connection: a b\r\n"), kRefused},
  });
}

TEST(AnswerBody, LengthAndCodingAreStrict) {
  Check({
      {"length", WithFields("Content-Length: 3\r\n"), kAccepted},
      {"the same length twice", WithFields("Content-Length: 3\r\nContent-Length: 03\r\n"),
       kAccepted},
      {"chunked", WithFields("Transfer-Encoding: Chunked\r\n"), kAccepted},
      {"neither", WithFields(""), kAccepted},
      {"differing lengths", WithFields("Content-Length: 3\r\nContent-Length: 4\r\n"), kRefused},
      {"list of lengths", WithFields("Content-Length: 3, 3\r\n"), kRefused},
      {"negative", WithFields("Content-Length: -1\r\n"), kRefused},
      {"empty length", WithFields("Content-Length:\r\n"), kRefused},
      {"19 digits", WithFields("Content-Length: 1000000000000000000\r\n"), kRefused},
      {"both", WithFields("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), kRefused},
      {"both, other order", WithFields("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
       kRefused},
      {"chunked twice", WithFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
       kRefused},
      {"gzip, chunked", WithFields("Transfer-Encoding: gzip, chunked\r\n"), kRefused},
      {"identity", WithFields("Transfer-Encoding: identity\r\n"), kRefused},
      {"chunked and a comma", WithFields("Transfer-Encoding: chunked,\r\n"), kRefused},
      {"empty coding", WithFields("Transfer-Encoding:\r\n"), kRefused},
      {"chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", kRefused},
  });
}

struct BodyCase {
  const char* name;
  std::string text;
  bool answers_head;
  BodyKind body;
  std::uint64_t length;
  bool keep_alive;
};

TEST(AnswerBody, KindLengthAndReuseFollowTheHead) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string three = "Content-Length: 3\r\n";
  const std::string zero = "Content-Length: 0\r\n";
  const std::string close = "Connection: close\r\n";
  const auto text = [](const std::string& line, const std::string& fields) {
    return "HTTP/" + line + "\r\n" + fields + "\r\n";
  };
  const BodyKind none = BodyKind::kNone;
  const std::vector<BodyCase> cases = {
      {"length", text("1.1 200", three), false, BodyKind::kLength, 3, true},
      {"zero", text("1.1 200", zero), false, none, 0, true},
      {"chunked", text("1.1 200", chunked), false, BodyKind::kChunked, 0, true},
      {"until close", text("1.1 200", ""), false, BodyKind::kUntilClose, 0, false},
      {"until close asks to be kept", text("1.1 200", "Connection: keep-alive\r\n"), false,
       BodyKind::kUntilClose, 0, false},
      {"close", text("1.1 200", three + close), false, BodyKind::kLength, 3, false},
      {"1.0", text("1.0 200", three), false, BodyKind::kLength, 3, false},
      {"1.0 kept", text("1.0 200", three + "Connection: keep-alive\r\n"), false, BodyKind::kLength,
       3, true},
      {"HEAD with length", text("1.1 200", three), true, none, 0, true},
      {"HEAD with chunked", text("1.1 200", chunked), true, none, 0, true},
      {"HEAD with neither", text("1.1 200", ""), true, none, 0, true},
      {"304 with length", text("1.1 304", three), false, none, 0, true},
      {"304", text("1.1 304", ""), false, none, 0, true},
      {"204", text("1.1 204", ""), false, none, 0, true},
      {"204 of zero", text("1.1 204", zero), false, none, 0, true},
      {"204 with length may lie", text("1.1 204", three), false, none, 0, false},
      {"204 with chunked may lie", text("1.1 204", chunked), false, none, 0, false},
      {"100", text("1.1 100 Continue", ""), false, none, 0, true},
      {"103", text("1.1 103", "Link: x\r\n"), false, none, 0, true},
      {"100 with length may lie", text("1.1 100", three), false, none, 0, false},
      {"200 with Upgrade is no tunnel",
       text("1.1 200", "Connection: upgrade\r\nUpgrade: websocket\r\n" + three), false,
       BodyKind::kLength, 3, true},
  };
  for (const BodyCase& each : cases) {
    SCOPED_TRACE(each.name);
    const Look look = ParseWhole(each.text, each.answers_head);
    ASSERT_EQ(look.result.state, HeadState::kComplete) << look.result.rejection.reason;
    EXPECT_EQ(look.head.body, each.body);
    EXPECT_EQ(look.head.content_length, each.length);
    EXPECT_EQ(look.head.keep_alive, each.keep_alive);
    ExpectSameAtEverySplit(each.text);
  }
}

TEST(AnswerHead, ViewsShowWhatWasSent) {
  const Look look = ParseWhole("HTTP/1.0 429 Slow Down\r\nRetry-After:  7 \r\nX:\r\n\r\nbody");
  ASSERT_EQ(look.result.state, HeadState::kComplete);
  EXPECT_EQ(look.head.status, 429);
  EXPECT_EQ(look.head.minor_version, 0);
  EXPECT_EQ(look.head.fields.size(), 2u);
  EXPECT_EQ(look.head.fields.Get("retry-after"), "7");
  EXPECT_EQ(look.result.consumed, look.bytes.size() - 4);
}

TEST(AnswerLimits, BombsAreRefusedBeforeTheirEnd) {
  const std::string line = "HTTP/1.1 200 " + std::string(1 << 20, 'x');
  EXPECT_EQ(ParseWhole(line).result.state, HeadState::kRejected);
  EXPECT_EQ(ParseWhole(line.substr(0, 32 * 1024 - 1)).result.state, HeadState::kIncomplete);
  EXPECT_EQ(ParseWhole(line.substr(0, 32 * 1024)).result.rejection.status, 502);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(ParseWhole(many + "\r\n").result.state, HeadState::kComplete);
  EXPECT_EQ(ParseWhole(many).result.state, HeadState::kIncomplete);
  EXPECT_EQ(ParseWhole(many + "C").result.state, HeadState::kRejected);
  ExpectSameAtEverySplit(many + "C: d\r\n\r\n");
  ExpectSameAtEverySplit(line.substr(0, 40'000));
}

}  // namespace
}  // namespace signalbox::net
