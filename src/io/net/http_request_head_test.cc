#include <gtest/gtest.h>

#include <string>

#include "io/net/http_request_head_testing.h"

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

TEST(RequestBody, ContentLengthIsOnePlainNumber) {
  Check({
      {"number", WithFields("Content-Length: 12\r\n"), 0},
      {"zero", WithFields("Content-Length: 0\r\n"), 0},
      {"leading zeros", WithFields("Content-Length: 0012\r\n"), 0},
      {"blanks around", WithFields("Content-Length:  12 \t\r\n"), 0},
      {"18 digits", WithFields("Content-Length: 999999999999999999\r\n"), 0},
      {"19 digits", WithFields("Content-Length: 1000000000000000000\r\n"), 400},
      {"2^64", WithFields("Content-Length: 18446744073709551616\r\n"), 400},
      {"empty", WithFields("Content-Length:\r\n"), 400},
      {"plus", WithFields("Content-Length: +1\r\n"), 400},
      {"minus", WithFields("Content-Length: -1\r\n"), 400},
      {"hexadecimal", WithFields("Content-Length: 0x10\r\n"), 400},
      {"letters", WithFields("Content-Length: ten\r\n"), 400},
      {"fraction", WithFields("Content-Length: 1.0\r\n"), 400},
      {"exponent", WithFields("Content-Length: 1e3\r\n"), 400},
      {"space inside", WithFields("Content-Length: 1 2\r\n"), 400},
      {"underscore", WithFields("Content-Length: 1_000\r\n"), 400},
      {"quoted", WithFields("Content-Length: \"1\"\r\n"), 400},
      {"obs-text", WithFields("Content-Length: 1\xa0\r\n"), 400},
      {"equal list", WithFields("Content-Length: 5, 5\r\n"), 400},
      {"differing list", WithFields("Content-Length: 5, 6\r\n"), 400},
      {"twice the same", WithFields("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"twice zero", WithFields("Content-Length: 0\r\ncontent-length: 0\r\n"), 400},
      {"twice differing", WithFields("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
  });
}

TEST(RequestBody, TransferEncodingIsChunkedOnceAndAlone) {
  Check({
      {"chunked", WithFields("Transfer-Encoding: chunked\r\n"), 0},
      {"any case", WithFields("transfer-encoding: ChUnKeD\r\n"), 0},
      {"blanks around", WithFields("Transfer-Encoding: \tchunked \r\n"), 0},
      {"unknown", WithFields("Transfer-Encoding: xchunked\r\n"), 501},
      {"identity", WithFields("Transfer-Encoding: identity\r\n"), 501},
      {"gzip", WithFields("Transfer-Encoding: gzip\r\n"), 501},
      {"empty", WithFields("Transfer-Encoding:\r\n"), 400},
      {"chunked, cow", WithFields("Transfer-Encoding: chunked, cow\r\n"), 400},
      {"gzip, chunked", WithFields("Transfer-Encoding: gzip, chunked\r\n"), 400},
      {"chunked, chunked", WithFields("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {"comma after", WithFields("Transfer-Encoding: chunked,\r\n"), 400},
      {"comma before", WithFields("Transfer-Encoding: ,chunked\r\n"), 400},
      {"quoted", WithFields("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {"parameter", WithFields("Transfer-Encoding: chunked;q=1\r\n"), 400},
      {"0x80 in front",
       WithFields("Transfer-Encoding:\x80"
                  "chunked\r\n"),
       400},
      {"0xa0 behind", WithFields("Transfer-Encoding: chunked\xa0\r\n"), 400},
      {"vertical tab in front", WithFields("Transfer-Encoding:\vchunked\r\n"), 400},
      {"NUL behind", WithFields("Transfer-Encoding: chunked\0\r\n"s), 400},
      {"twice", WithFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"then identity", WithFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
       400},
      {"with Content-Length", WithFields("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
       400},
      {"after Content-Length", WithFields("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
       400},
      {"in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"in HTTP/1.0 with length",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"folded", WithFields("Transfer-Encoding:\r\n chunked\r\n"), 400},
      {"space before the colon", WithFields("Transfer-Encoding : chunked\r\n"), 400},
      {"another field with an underscore", WithFields("Transfer_Encoding: xchunked\r\n"), 0},
  });
}

TEST(RequestBody, KindAndLengthFollowTheFields) {
  EXPECT_EQ(ParseWhole(WithFields("")).head.body, BodyKind::kNone);
  EXPECT_EQ(ParseWhole(WithFields("Content-Length: 0\r\n")).head.body, BodyKind::kNone);
  const Look length = ParseWhole(WithFields("Content-Length: 999999999999999999\r\n"));
  EXPECT_EQ(length.head.body, BodyKind::kLength);
  EXPECT_EQ(length.head.content_length, 999999999999999999u);
  const Look chunked = ParseWhole(WithFields("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(chunked.head.body, BodyKind::kChunked);
  EXPECT_EQ(chunked.head.content_length, 0u);
}

TEST(RequestConnection, TokensDecideWhetherItStaysOpen) {
  const auto keeps = [](const std::string& version, const std::string& fields) {
    const Look look = ParseWhole("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n");
    EXPECT_EQ(look.result.state, HeadState::kComplete) << look.result.rejection.reason;
    return look.head.keep_alive;
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_TRUE(keeps("1.2", ""));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_FALSE(keeps("1.1", "Connection: close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: CLOSE\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: x, ,close ,y\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: keep-alive\r\nA: b\r\nconnection: close\r\n"));
  EXPECT_TRUE(keeps("1.1", "Connection: closed, xclose\r\n"));
  EXPECT_TRUE(keeps("1.1", "Connection:\r\n"));
  EXPECT_TRUE(keeps("1.1", "Connection: upgrade\r\nUpgrade: websocket\r\n"));
  EXPECT_TRUE(keeps("1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(keeps("1.0", "Connection: keep-alive, close\r\n"));
  Check({
      {"not a list of tokens", WithFields("Connection: close keep-alive\r\n"), 400},
      {"quoted", WithFields("Connection: \"close\"\r\n"), 400},
      {"obs-text", WithFields("Connection: clos\xe9\r\n"), 400},
  });
}

TEST(RequestExpect, OnlyHundredContinue) {
  Check({
      {"continue", WithFields("Expect: 100-continue\r\nContent-Length: 1\r\n"), 0},
      {"any case", WithFields("expect: 100-Continue\r\n"), 0},
      {"another", WithFields("Expect: 200-ok\r\n"), 417},
      {"list", WithFields("Expect: 100-continue, x\r\n"), 417},
      {"empty", WithFields("Expect:\r\n"), 417},
  });
  const std::string body = "Expect: 100-continue\r\nContent-Length: 1\r\n";
  EXPECT_TRUE(ParseWhole(WithFields(body)).head.expect_continue);
  EXPECT_FALSE(ParseWhole(WithFields("Expect: 100-continue\r\n")).head.expect_continue);
  EXPECT_FALSE(ParseWhole("POST / HTTP/1.0\r\n" + body + "\r\n").head.expect_continue);
}

TEST(RequestLimits, TargetIsRefusedAtItsFirstByteTooMany) {
  const HeadLimits limits{.target_bytes = 20, .head_bytes = 1000, .fields = 10};
  const std::string longest = "/" + std::string(9, 'a') + "?" + std::string(9, 'b');
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(Verdict(ParseWhole("GET " + longest + rest, limits).result), 0);
  EXPECT_EQ(Verdict(ParseWhole("GET " + longest, limits).result), -1);
  EXPECT_EQ(Verdict(ParseWhole("GET " + longest + "b", limits).result), 414);
  EXPECT_EQ(Verdict(ParseWhole("GET /" + std::string(20, 'a'), limits).result), 414);
  EXPECT_EQ(Verdict(ParseWhole("GET /?" + std::string(19, 'a') + rest, limits).result), 414);
  ExpectSameAtEverySplit("GET " + longest + "b" + rest, limits);
  EXPECT_EQ(Verdict(ParseWhole("GET /" + std::string(1 << 20, 'a')).result), 414);
  // The absolute form is counted with its authority.
  const std::string absolute = "GET http://a/" + std::string(11, 'b');
  EXPECT_EQ(Verdict(ParseWhole(absolute + rest, limits).result), 0);
  EXPECT_EQ(Verdict(ParseWhole(absolute + "b", limits).result), 414);
  ExpectSameAtEverySplit(absolute + "b" + rest, limits);
  EXPECT_EQ(Verdict(ParseWhole("GET http://" + std::string(13, 'a'), limits).result), -1);
  EXPECT_EQ(Verdict(ParseWhole("GET http://" + std::string(14, 'a'), limits).result), 414);
  ExpectSameAtEverySplit("GET http://" + std::string(14, 'a') + "/" + rest, limits);
  ExpectSameAtEverySplit(absolute + rest, {.target_bytes = 5});
}

TEST(RequestLimits, HeadBytesAreCountedOverAllLines) {
  const std::string head = WithFields("A: b\r\nC: d\r\n");
  const auto limit = [](std::size_t bytes) {
    return HeadLimits{.head_bytes = static_cast<std::uint32_t>(bytes)};
  };
  EXPECT_EQ(Verdict(ParseWhole(head, limit(head.size())).result), 0);
  EXPECT_EQ(Verdict(ParseWhole(head + "body", limit(head.size())).result), 0);
  EXPECT_EQ(Verdict(ParseWhole(head, limit(head.size() - 1)).result), 431);
  ExpectSameAtEverySplit(head, limit(head.size() - 1));
  ExpectSameAtEverySplit(head, limit(30));
  EXPECT_EQ(Verdict(ParseWhole(head.substr(0, 30), limit(31)).result), -1);
  EXPECT_EQ(Verdict(ParseWhole(head.substr(0, 31), limit(31)).result), 431);
}

TEST(RequestLimits, ManySmallLinesAreFoundBeforeTheHeadEnds) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  while (text.size() < 160'000) text += "A: bcd\r\n";
  EXPECT_EQ(Verdict(ParseWhole(text).result), 431);
  const HeadLimits few{.head_bytes = 1 << 20, .fields = 3};
  EXPECT_EQ(Verdict(ParseWhole(WithFields("A: b\r\nC: d\r\n"), few).result), 0);
  EXPECT_EQ(Verdict(ParseWhole("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nE", few).result), 431);
  ExpectSameAtEverySplit(WithFields("A: b\r\nC: d\r\nE: f\r\n"), few);
  ExpectSameAtEverySplit(text);
  const HeadLimits endless{.head_bytes = 1 << 20, .fields = 100'000};
  EXPECT_EQ(Verdict(ParseWhole(text, endless).result), 431) << "never more than kMaxFields";
}

TEST(RequestLimits, OneEndlessLineIsFoundBeforeItEnds) {
  const std::string text = WithFields("A: " + std::string(160'000, 'x'));
  EXPECT_EQ(Verdict(ParseWhole(text).result), 431);
  EXPECT_EQ(Verdict(ParseWhole(text.substr(0, 32 * 1024 - 1)).result), -1);
  EXPECT_EQ(Verdict(ParseWhole(text.substr(0, 32 * 1024)).result), 431);
  ExpectSameAtEverySplit(text);
  ExpectSameAtEverySplit("GET / HTTP/1.1\r\n" + std::string(40'000, 'n'));
}

TEST(RequestHead, ViewsShowWhatWasSent) {
  const Look look = ParseWhole(
      "POST /v1/chat?a=b HTTP/1.1\r\nHost: h:1\r\nX-One:  two words \r\nEmpty:\r\nx-one: "
      "2\r\n\r\n{}");
  ASSERT_EQ(look.result.state, HeadState::kComplete);
  EXPECT_EQ(look.head.method, Method::kPost);
  EXPECT_EQ(look.head.target, "/v1/chat?a=b");
  EXPECT_EQ(look.head.path, "/v1/chat");
  EXPECT_EQ(look.head.query, "a=b");
  EXPECT_EQ(look.head.host, "h:1");
  EXPECT_EQ(look.result.consumed, look.bytes.size() - 2);
  ASSERT_EQ(look.head.fields.size(), 4u);
  EXPECT_EQ(look.head.fields.all()[1].name, "X-One");
  EXPECT_EQ(look.head.fields.Get("x-one"), "two words");
  EXPECT_EQ(look.head.fields.Find("EMPTY")->value, "");
  EXPECT_EQ(look.head.fields.Find("missing"), nullptr);
}

TEST(RequestHead, ReusedForTheNextRequestForgetsTheLast) {
  RequestHead head;
  std::size_t scanned = 0;
  const std::string first =
      "POST /a?q HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
  const std::string second = "GET /b HTTP/1.1\r\nHost: b\r\n\r\n";
  ASSERT_EQ(ParseRequestHead(first, {}, scanned, head).state, HeadState::kComplete);
  EXPECT_EQ(scanned, 0u);
  ASSERT_EQ(ParseRequestHead(second, {}, scanned, head).state, HeadState::kComplete);
  EXPECT_EQ(head.method, Method::kGet);
  EXPECT_EQ(head.query, "");
  EXPECT_EQ(head.host, "b");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.body, BodyKind::kNone);
  EXPECT_EQ(head.content_length, 0u);
  EXPECT_EQ(head.fields.size(), 1u);
}

TEST(Fields, TakeNoMoreThanTheyHold) {
  Fields fields;
  for (std::size_t i = 0; i < kMaxFields; ++i) EXPECT_TRUE(fields.Add({"a", "b"}));
  EXPECT_FALSE(fields.Add({"a", "b"}));
  EXPECT_EQ(fields.size(), kMaxFields);
  fields.Clear();
  EXPECT_EQ(fields.Find("a"), nullptr);
}

TEST(FieldText, ComparesAsciiWithoutCase) {
  EXPECT_TRUE(EqualsIgnoreCase("Content-TYPE", "content-type"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoreCase("@", "`")) << "the case bit alone is not a letter's case";
  EXPECT_FALSE(EqualsIgnoreCase("\xc4", "\xe4"));
  EXPECT_TRUE(ListContains("gzip, BR ,zstd", "br"));
  EXPECT_TRUE(ListContains("br", "br"));
  EXPECT_FALSE(ListContains("brx, xbr", "br"));
  EXPECT_FALSE(ListContains("", "br"));
}

}  // namespace
}  // namespace signalbox::net
