#include <gtest/gtest.h>

#include <string>

#include "io/net/http_request_head_testing.h"

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

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

}  // namespace
}  // namespace signalbox::net
