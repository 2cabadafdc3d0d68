#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

struct Look {
  HeadResult result;
  RequestHead head;
  std::vector<char> bytes;  // exactly as long as the text, so that a sanitizer sees over-reads
};

Look ParseWhole(std::string_view text, const HeadLimits& limits = {}) {
  Look look;
  look.bytes.assign(text.begin(), text.end());
  std::size_t scanned = 0;
  look.result =
      ParseRequestHead({look.bytes.data(), look.bytes.size()}, limits, scanned, look.head);
  return look;
}

// 0 for a complete head, -1 for an incomplete one, else the status of the rejection.
int Verdict(const HeadResult& result) {
  if (result.state == HeadState::kComplete) return 0;
  return result.state == HeadState::kIncomplete ? -1 : result.rejection.status;
}

// Feeds longer and longer prefixes under one note, as a connection does. A verdict, once given,
// must be the same as that of a fresh look at the same prefix and of the whole.
void ExpectSameAtEverySplit(std::string_view text, const HeadLimits& limits = {}) {
  const Look whole = ParseWhole(text, limits);
  const std::size_t step = text.size() > 2048 ? 97 : 1;
  std::size_t scanned = 0;
  for (std::size_t size = 0; size <= text.size(); size += std::min(step, text.size() - size + 1)) {
    const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    RequestHead head;
    const HeadResult got = ParseRequestHead({bytes.data(), size}, limits, scanned, head);
    const Look fresh = ParseWhole(text.substr(0, size), limits);
    ASSERT_EQ(Verdict(got), Verdict(fresh.result)) << "after " << size << " bytes";
    if (got.state == HeadState::kIncomplete) continue;
    ASSERT_EQ(Verdict(got), Verdict(whole.result)) << "after " << size << " bytes";
    ASSERT_EQ(got.rejection.reason, whole.result.rejection.reason) << "after " << size << " bytes";
    ASSERT_EQ(got.consumed, whole.result.consumed);
    return;
  }
  ASSERT_EQ(whole.result.state, HeadState::kIncomplete);
}

struct Case {
  const char* name;
  std::string text;
  int verdict;  // as of Verdict()
};

void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Look look = ParseWhole(each.text);
    EXPECT_EQ(Verdict(look.result), each.verdict) << look.result.rejection.reason;
    EXPECT_EQ(look.result.rejection.reason.empty(), each.verdict <= 0);
    ExpectSameAtEverySplit(each.text);
  }
}

std::string WithLine(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}
std::string WithFields(const std::string& fields) {
  return "POST /v1/x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string WithHost(const std::string& host) {
  return "GET / HTTP/1.1\r\nHost:" + host + "\r\n\r\n";
}

TEST(RequestLine, OnlyKnownMethodsInTheirExactSpelling) {
  Check({
      {"get", WithLine("GET / HTTP/1.1"), 0},
      {"head", WithLine("HEAD / HTTP/1.1"), 0},
      {"post", WithLine("POST / HTTP/1.1"), 0},
      {"put", WithLine("PUT / HTTP/1.1"), 0},
      {"patch", WithLine("PATCH / HTTP/1.1"), 0},
      {"delete", WithLine("DELETE / HTTP/1.1"), 0},
      {"options", WithLine("OPTIONS / HTTP/1.1"), 0},
      {"connect", WithLine("CONNECT a:443 HTTP/1.1"), 405},
      {"trace", WithLine("TRACE / HTTP/1.1"), 405},
      {"lower case", WithLine("get / HTTP/1.1"), 501},
      {"unknown", WithLine("BREW / HTTP/1.1"), 501},
      {"known one with a tail", WithLine("GETX / HTTP/1.1"), 501},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501},
      {"as long as may be", WithLine(std::string(32, 'M') + " / HTTP/1.1"), 501},
      {"endless, not waited for", std::string(33, 'M'), 501},
      {"no token", WithLine("GE(T / HTTP/1.1"), 400},
      {"with a quote", WithLine("\"GET\" / HTTP/1.1"), 400},
      {"with NUL", WithLine("G\0T / HTTP/1.1"s), 400},
      {"with obs-text", WithLine("G\xc3\x84T / HTTP/1.1"), 400},
      {"missing", WithLine(" / HTTP/1.1"), 400},
      {"TLS hello", "\x16\x03\x01\x02"s, 400},
      {"tab after it", WithLine("GET\t/ HTTP/1.1"), 400},
  });
}

TEST(RequestLine, TargetIsAPathOfUrlBytes) {
  Check({
      {"path and query", WithLine("GET /v1/models?limit=2&x=%20 HTTP/1.1"), 0},
      {"all path marks", WithLine("GET /a:b@c!$&'()*+,;=-._~%41 HTTP/1.1"), 0},
      {"what browsers leave in a query", WithLine("GET /?a=[1]{2}|^`\\\"<> HTTP/1.1"), 0},
      {"question mark in the query", WithLine("GET /?a?b HTTP/1.1"), 0},
      {"two slashes", WithLine("GET //a HTTP/1.1"), 0},
      {"no slash", WithLine("GET foo HTTP/1.1"), 400},
      {"authority form", WithLine("GET host:80 HTTP/1.1"), 400},
      {"asterisk", WithLine("GET * HTTP/1.1"), 400},
      {"asterisk for OPTIONS", WithLine("OPTIONS * HTTP/1.1"), 400},
      {"only a query", WithLine("GET ?a HTTP/1.1"), 400},
      {"fragment", WithLine("GET /a#b HTTP/1.1"), 400},
      {"fragment in the query", WithLine("GET /a?b#c HTTP/1.1"), 400},
      {"backslash", WithLine("GET /a\\..\\b HTTP/1.1"), 400},
      {"angle bracket", WithLine("GET /<a> HTTP/1.1"), 400},
      {"quote", WithLine("GET /\"a\" HTTP/1.1"), 400},
      {"brace", WithLine("GET /{a} HTTP/1.1"), 400},
      {"bar", WithLine("GET /a|b HTTP/1.1"), 400},
      {"raw UTF-8", WithLine("GET /\xc3\xa4 HTTP/1.1"), 400},
      {"raw UTF-8 in the query", WithLine("GET /?\xc3\xa4 HTTP/1.1"), 400},
      {"NUL", WithLine("GET /a\0b HTTP/1.1"s), 400},
      {"DEL", WithLine("GET /a\x7f HTTP/1.1"), 400},
      {"tab", WithLine("GET /a\tb HTTP/1.1"), 400},
      {"CR", WithLine("GET /a\rb HTTP/1.1"), 400},
      {"LF", WithLine("GET /a\nb HTTP/1.1"), 400},
      {"missing", WithLine("GET HTTP/1.1"), 400},
      {"missing, two spaces", WithLine("GET  HTTP/1.1"), 400},
  });
}

TEST(RequestLine, AbsoluteFormNamesTheHostThatHostNames) {
  const auto with = [](const std::string& target, const std::string& host) {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  };
  Check({
      {"path", with("http://a/v1/models", "a"), 0},
      {"path and query", with("http://a/v1?b=c", "a"), 0},
      {"query alone", with("http://a?b=c", "a"), 0},
      {"nothing", with("http://a", "a"), 0},
      {"https", with("https://a/", "a"), 0},
      {"any case", with("hTtPs://A.Example:80/", "a.eXample:80"), 0},
      {"port", with("http://127.0.0.1:8080/", "127.0.0.1:8080"), 0},
      {"IPv6", with("http://[::1]:80/", "[::1]:80"), 0},
      {"two slashes in the path", with("http://a//b", "a"), 0},
      {"a URL in the path", with("http://a/http://b/", "a"), 0},
      {"HTTP/1.0", "GET http://a/ HTTP/1.0\r\nHost: a\r\n\r\n", 0},
      {"POST", "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", 0},
      {"HTTP/1.0 without Host", "GET http://a/ HTTP/1.0\r\n\r\n", 400},
      {"HTTP/1.1 without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400},
      {"another host", with("http://a/", "b"), 400},
      {"a longer host", with("http://a/", "a.b"), 400},
      {"another port", with("http://a:80/", "a:81"), 400},
      {"the scheme's port left out", with("http://a/", "a:80"), 400},
      {"empty port left out", with("http://a:/", "a"), 400},
      {"user", with("http://u@a/", "a"), 400},
      {"user and password", with("http://u:p@a/", "a"), 400},
      {"our host as user", with("http://a@b/", "a"), 400},
      {"empty user", with("http://@a/", "a"), 400},
      {"empty authority", with("http:///a", "a"), 400},
      {"empty authority, empty path", with("http://", "a"), 400},
      {"only a port", with("http://:80/", ":80"), 400},
      {"port too high", with("http://a:65536/", "a:65536"), 400},
      {"bad IPv6", with("http://[1::2::3]/", "[1::2::3]"), 400},
      {"brackets in a name", with("http://a[0]/", "a[0]"), 400},
      {"list", with("http://a,b/", "a"), 400},
      {"escape", with("http://%61/", "a"), 400},
      {"backslash", with("http://a\\@b/", "a"), 400},
      {"obs-text", with("http://\xc3\xa4/", "a"), 400},
      {"NUL", with("http://a\0/"s, "a"), 400},
      {"tab", with("http://a\t/", "a"), 400},
      {"CR", with("http://a\r/", "a"), 400},
      {"fragment", with("http://a#b", "a"), 400},
      {"fragment after the path", with("http://a/#b", "a"), 400},
      {"one slash", with("http:/a/", "a"), 400},
      {"no slash", with("http:a", "a"), 400},
      {"no colon", with("http//a/", "a"), 400},
      {"scheme alone", with("http", "a"), 400},
      {"https twice", with("httpss://a/", "a"), 400},
      {"a control byte that looks like the colon", with("http\x1a//a/", "a"), 400},
      {"a control byte that looks like a slash", with("http:\x0f/a/", "a"), 400},
      {"ftp", with("ftp://a/", "a"), 400},
      {"file", with("file:///a", "a"), 400},
      {"ws", with("ws://a/", "a"), 400},
      {"no scheme", with("://a/", "a"), 400},
      {"CONNECT", "CONNECT http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 405},
  });
}

TEST(RequestLine, AbsoluteFormLeavesItsOriginForm) {
  const auto read = [](const std::string& target) {
    const Look look = ParseWhole("GET " + target + " HTTP/1.1\r\nHost: A:1\r\n\r\n");
    EXPECT_EQ(look.result.state, HeadState::kComplete) << look.result.rejection.reason;
    return std::string(look.head.target) + " " + std::string(look.head.path) + " " +
           std::string(look.head.query) + " " + std::string(look.head.host);
  };
  EXPECT_EQ(read("http://a:1/b/c?d=e"), "/b/c?d=e /b/c d=e A:1");
  EXPECT_EQ(read("http://a:1/"), "/ /  A:1");
  EXPECT_EQ(read("http://a:1"), "/ /  A:1");
  EXPECT_EQ(read("http://a:1?d"), "?d / d A:1");
  EXPECT_EQ(read("http://a:1?"), "? /  A:1");
}

TEST(RequestLine, ExactlyOneSpaceBetweenItsParts) {
  Check({
      {"two before the target", WithLine("GET  / HTTP/1.1"), 400},
      {"two before the version", WithLine("GET /  HTTP/1.1"), 400},
      {"tab before the version", WithLine("GET /\tHTTP/1.1"), 400},
      {"one after the version", WithLine("GET / HTTP/1.1 "), 400},
      {"one before the method", WithLine(" GET / HTTP/1.1"), 400},
      {"a fourth part", WithLine("GET / HTTP/1.1 x"), 400},
      {"a space in the target", WithLine("GET /a b HTTP/1.1"), 400},
  });
}

TEST(RequestLine, VersionIsOneDotDigit) {
  Check({
      {"1.0", WithLine("GET / HTTP/1.0"), 0},
      {"1.2 is answered as 1.1", WithLine("GET / HTTP/1.2"), 0},
      {"1.9", WithLine("GET / HTTP/1.9"), 0},
      {"2.0", WithLine("GET / HTTP/2.0"), 505},
      {"0.9", WithLine("GET / HTTP/0.9"), 505},
      {"3.1", WithLine("GET / HTTP/3.1"), 505},
      {"none (HTTP/0.9)", "GET /\r\n\r\n", 400},
      {"lower case", WithLine("GET / http/1.1"), 400},
      {"two digits", WithLine("GET / HTTP/1.10"), 400},
      {"one number", WithLine("GET / HTTP/1"), 400},
      {"comma", WithLine("GET / HTTP/1,1"), 400},
      {"letter", WithLine("GET / HTTP/1.x"), 400},
      {"space inside", WithLine("GET / HTTP /1.1"), 400},
      {"another protocol", WithLine("GET / RTSP/1.1"), 400},
  });
}

TEST(RequestLine, OneEmptyLineBeforeItIsSkipped) {
  Check({
      {"one", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"two", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"bare LF", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"bare CR", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  });
  EXPECT_EQ(ParseWhole("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET").result.consumed, 29u);
}

TEST(RequestFields, LinesEndInCrLfAndNothingElse) {
  Check({
      {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400},
      {"CR at the end", "GET / HTTP/1.1\r\nHost: a\r\n\rX", 400},
      {"bare CR in a value", WithFields("A: b\rc\r\n"), 400},
      {"bare CR before a field", WithFields("\rA: b\r\n"), 400},
      {"LF in a name", WithFields("A\nb: c\r\n"), 400},
      {"LF CR", WithFields("A: b\n\r"), 400},
  });
}

TEST(RequestFields, NamesAreTokensRightBeforeTheColon) {
  Check({
      {"all token marks", WithFields("!#$%&'*+-.^_`|~09azAZ: x\r\n"), 0},
      {"no name", WithFields(": x\r\n"), 400},
      {"no colon", WithFields("Abc\r\n"), 400},
      {"space before the colon", WithFields("A : x\r\n"), 400},
      {"tab before the colon", WithFields("A\t: x\r\n"), 400},
      {"space in the name", WithFields("A b: x\r\n"), 400},
      {"space before the name", WithFields(" A: x\r\n"), 400},
      {"space before Content-Length's colon", WithFields("Content-Length : 3\r\n"), 400},
      {"obs-text", WithFields("A\xc3\xa4: x\r\n"), 400},
      {"NUL", WithFields("A\0: x\r\n"s), 400},
      {"DEL", WithFields("A\x7f: x\r\n"), 400},
      {"slash", WithFields("A/b: x\r\n"), 400},
      {"parenthesis", WithFields("A(b): x\r\n"), 400},
      {"bracket", WithFields("A[0]: x\r\n"), 400},
      {"quote", WithFields("\"A\": x\r\n"), 400},
      {"equals sign", WithFields("A=b\r\n"), 400},
      {"white space in front of the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
  });
}

TEST(RequestFields, LinesAreNeverFolded) {
  Check({
      {"space", WithFields("A: b\r\n c\r\n"), 400},
      {"tab", WithFields("A: b\r\n\tc\r\n"), 400},
      {"a hidden Transfer-Encoding", WithFields("A: b\r\n Transfer-Encoding: chunked\r\n"), 400},
      {"Host folded", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n", 400},
      {"a line of white space only", WithFields(" \r\n"), 400},
  });
}

TEST(RequestFields, ValuesHoldNoControlBytes) {
  Check({
      {"empty", WithFields("A:\r\n"), 0},
      {"only blanks", WithFields("A: \t \r\n"), 0},
      {"tab inside", WithFields("A: b\tc\r\n"), 0},
      {"obs-text", WithFields("A: \xc3\xa4\xff\x80\r\n"), 0},
      {"colons", WithFields("A: b:c::\r\n"), 0},
      {"NUL", WithFields("A: b\0c\r\n"s), 400},
      {"NUL past a block of sixteen", WithFields("A: 0123456789abcdefghij\0\r\n"s), 400},
      {"DEL", WithFields("A: b\x7f\r\n"), 400},
      {"ESC", WithFields("A: \x1b[0m\r\n"), 400},
      {"vertical tab", WithFields("A: b\vc\r\n"), 400},
      {"form feed in a long value", WithFields("A: 0123456789abcdef0123456789\f\r\n"), 400},
      {"control byte in front", WithFields("A:\x01 b\r\n"), 400},
  });
}

TEST(RequestHost, IsGivenOnceWhereHttp11NeedsIt) {
  Check({
      {"missing", "GET / HTTP/1.1\r\n\r\n", 400},
      {"missing with other fields", "GET / HTTP/1.1\r\nA: b\r\n\r\n", 400},
      {"missing in 1.2", "GET / HTTP/1.2\r\nA: b\r\n\r\n", 400},
      {"missing in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0},
      {"twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"twice the same", "GET / HTTP/1.1\r\nHost: a\r\nA: x\r\nhost: a\r\n\r\n", 400},
      {"twice in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"malformed in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400},
      {"any case", "GET / HTTP/1.1\r\nhOsT: a\r\n\r\n", 0},
  });
}

TEST(RequestHost, IsHostAndPort) {
  Check({
      {"name", WithHost(" example.com"), 0},
      {"name and port", WithHost(" localhost:8080"), 0},
      {"no space", WithHost("a"), 0},
      {"blanks around", WithHost(" \ta \t"), 0},
      {"empty port", WithHost(" a:"), 0},
      {"highest port", WithHost(" a:65535"), 0},
      {"underscore", WithHost(" my_service"), 0},
      {"IPv4", WithHost(" 127.0.0.1:80"), 0},
      {"IPv6", WithHost(" [::1]:80"), 0},
      {"full IPv6", WithHost(" [2001:db8:0:1:2:3:4:5]"), 0},
      {"IPv6 with IPv4", WithHost(" [::ffff:127.0.0.1]"), 0},
      {"IPv6 of nothing", WithHost(" [::]"), 0},
      {"longest name", WithHost(" " + std::string(255, 'a')), 0},
      {"empty", WithHost(""), 400},
      {"blank", WithHost("  "), 400},
      {"space inside", WithHost(" a b"), 400},
      {"user", WithHost(" a@b"), 400},
      {"path and query", WithHost(" a/b?x="), 400},
      {"path (BadHost)", WithHost(" a/health?x="), 400},
      {"query", WithHost(" a?b"), 400},
      {"fragment", WithHost(" a#"), 400},
      {"list", WithHost(" a, b"), 400},
      {"list without space", WithHost(" a,b"), 400},
      {"backslash", WithHost(" a\\b"), 400},
      {"scheme", WithHost(" http://a"), 400},
      {"escape", WithHost(" a%2eb"), 400},
      {"quote", WithHost(" \"a\""), 400},
      {"obs-text", WithHost(" \xc3\xa4.de"), 400},
      {"only a port", WithHost(" :80"), 400},
      {"port too high", WithHost(" a:65536"), 400},
      {"port of letters", WithHost(" a:http"), 400},
      {"port with a sign", WithHost(" a:+80"), 400},
      {"two ports", WithHost(" a:80:81"), 400},
      {"too long", WithHost(" " + std::string(256, 'a')), 400},
      {"IPv6 without brackets", WithHost(" ::1"), 400},
      {"IPv6 not closed", WithHost(" [::1"), 400},
      {"IPv6 with a tail", WithHost(" [::1]a"), 400},
      {"IPv6 of two gaps", WithHost(" [1::2::3]"), 400},
      {"IPv6 of nine groups", WithHost(" [1:2:3:4:5:6:7:8:9]"), 400},
      {"IPv6 of seven groups", WithHost(" [1:2:3:4:5:6:7]"), 400},
      {"IPv6 group too long", WithHost(" [12345::]"), 400},
      {"IPv6 ends in a colon", WithHost(" [1:2:3:4:5:6:7:]"), 400},
      {"IPv6 zone", WithHost(" [fe80::1%25eth0]"), 400},
      {"IPv6 with IPv4 in the middle", WithHost(" [::1.2.3.4:1]"), 400},
      {"IPv6 with a leading zero in IPv4", WithHost(" [::01.2.3.4]"), 400},
      {"empty brackets", WithHost(" []"), 400},
      {"IPvFuture", WithHost(" [v1.a]"), 400},
  });
}

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
