#include <gtest/gtest.h>

#include <string>

#include "io/net/http_request_head_testing.h"

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

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

}  // namespace
}  // namespace signalbox::net
