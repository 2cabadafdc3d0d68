// What is JSON and what is not: a table built from parts, each put into every place where it could
// stand. The counts are checked so that a list that breaks does not pass for a list that holds.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/json/document.h"

namespace signalbox::json {
namespace {

using Texts = std::vector<std::string>;

void Append(Texts& to, const Texts& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::string Quoted(const std::string& inside) {
  return '"' + inside + '"';
}

Texts GoodNumbers() {
  Texts out;
  for (const char* whole : {"0", "7", "10", "1234567890123456789012345678901234567890"}) {
    for (const char* fraction : {"", ".0", ".5", ".000001", ".99999999999999999999999"}) {
      for (const char* exponent : {"", "e0", "E+1", "e-07", "E123456789"}) {
        out.push_back(std::string(whole) + fraction + exponent);
        out.push_back("-" + out.back());
      }
    }
  }
  return out;
}

Texts BadNumbers() {
  return {"+1",    "01",   "-01",          "00",       "-00.5",     "1.",    "-1.",   ".5",
          "-.5",   "1.e1", "1e",           "1e+",      "1E-",       "1e1.5", "1e+-1", "--1",
          "-",     "-a",   "1a",           "1 2",      "0x10",      "1_000", "1.5.5", "1e1e1",
          "1.2.3", "NaN",  "-NaN",         "Infinity", "-Infinity", "inf",   "1f",    "1n",
          "0b1",   "0o7",  "\xef\xbc\x91", "1.\t0",    "- 1",       "1 .5",  "1e 5",  "1.0e",
          "0.",    "0e",   "9.e+",         "-e1",      "1/2",       "$1",    "1%",    "1;",
          "012.5", "08",   "1\xc2\xa0"};
}

Texts GoodStrings() {
  Texts out = {"",
               "a",
               "'",
               "/",
               " ",
               "\x7f",
               "//",
               "/*c*/",
               "{}[],:",
               "\xc2\x80",
               "\xdf\xbf",
               "\xe0\xa0\x80",
               "\xed\x9f\xbf",
               "\xee\x80\x80",
               "\xef\xbf\xbf",
               "\xf0\x90\x80\x80",
               "\xf4\x8f\xbf\xbf",
               "\xe2\x80\xa8\xe2\x80\xa9",
               "\xef\xbb\xbf"};
  for (const char c : std::string("\"\\/bfnrt")) {
    out.push_back(std::string("\\") + c);
    out.push_back(std::string("x\\") + c + "y");
  }
  for (const char* unit : {"0000", "001f", "007F", "00e9", "20AC", "aBcD", "ffff", "FDD0", "d83d",
                           "de00", "D800", "dfff", "d83d\\ude00", "de00\\ud83d", "d83dx", "005c"}) {
    out.push_back(std::string("\\u") + unit);
  }
  return out;
}

Texts BadStrings() {
  Texts out = {"\\",       "\\u",     "\\u1",    "\\u12",         "\\u123",    "\\u123g",
               "\\uu1234", "\\U1234", "\\u 123", "\\u+123",       "\\u-123",   "\\u00\\u0000",
               "\\x41",    "a\\",     "\\u{41}", "\\u12\xc3\xa9", "\\\xc3\xa9"};
  for (char c = 0; c < 0x20; ++c) {
    out.push_back(std::string("a") + c + "b");
  }
  const std::string known = "\"\\/bfnrtu";
  for (char c = 0; c < 0x7f; ++c) {
    if (known.find(c) == std::string::npos) {
      out.push_back(std::string("\\") + c);
    }
  }
  return out;
}

// Bytes that RFC 3629 does not allow.
Texts BadUtf8() {
  return {"\x80",
          "\xbf",
          "\xc0\x80",
          "\xc0\xaf",
          "\xc1\xbf",
          "\xc2",
          "\xc2 ",
          "\xc2\xc2",
          "\xdf",
          "\xe0\x80\x80",
          "\xe0\x9f\xbf",
          "\xe0\xa0",
          "\xe1\x80",
          "\xe1\x80 ",
          "\xed\xa0\x80",
          "\xed\xbf\xbf",
          "\xed\xa0\xbd\xed\xb8\x80",
          "\xef\xbf",
          "\xf0\x80\x80\x80",
          "\xf0\x8f\xbf\xbf",
          "\xf0\x90\x80",
          "\xf0\x90\x80 ",
          "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80",
          "\xf8\x88\x80\x80\x80",
          "\xfc\x84\x80\x80\x80\x80",
          "\xfe",
          "\xff",
          "\xff\xfe",
          "\xc3\xa9\xa9",
          "a\xe9"
          "b"};
}

Texts GoodStructures() {
  return {"[]",
          "{}",
          "[[]]",
          "[{}]",
          R"({"":{}})",
          "[1]",
          "[1,2]",
          "[null,true,false]",
          R"({"a":1})",
          R"({"a":1,"b":2})",
          R"({"a":[],"b":[{}]})",
          " [ 1 , 2 ] ",
          "[\n]",
          "{\t}",
          "\r\n{ \"a\" :\t1\n,\r\"b\" : 2 }\n",
          "[[[[[[[[]]]]]]]]",
          R"({"a":{"a":{"a":1}}})",
          R"([{"a":1},{"a":1}])",
          R"({"a":1,"A":2})",
          R"({"a":1,"a ":2})",
          R"({"\u0000":1,"":2})",
          "true",
          "false",
          "null",
          "\"x\"",
          " 1 ",
          "\n\n\"\"\t",
          "[true,\n\n\nfalse]"};
}

Texts BadStructures() {
  return {"",
          " ",
          "\n\t\r ",
          "[",
          "]",
          "{",
          "}",
          "[}",
          "{]",
          "[1",
          "[1,",
          "[,",
          "[,1]",
          "[1,]",
          "[1,,2]",
          "[1 2]",
          "[1:2]",
          "[1;2]",
          "[\"a\":1]",
          "[]]",
          "[][]",
          "[],",
          "{}}",
          "{}{}",
          "{,}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{\"a\":1,,\"b\":2}",
          "{\"a\" 1}",
          "{\"a\"::1}",
          "{:1}",
          "{1:1}",
          "{a:1}",
          "{'a':1}",
          "{null:1}",
          "{\"a\":1 \"b\":2}",
          "{\"a\":1;\"b\":2}",
          "{\"a\",1}",
          "{\"a\":1",
          "{\"a\":",
          "{\"a\"",
          "{\"a",
          "{[]:1}",
          "{{}:1}",
          "{\"a\":1]",
          "[1}",
          "tru",
          "truex",
          "True",
          "TRUE",
          "fals",
          "nul",
          "nulll",
          "NULL",
          "None",
          "undefined",
          "t",
          "f",
          "n",
          "truefalse",
          "true false",
          "1 1",
          "\"a\"\"b\"",
          "\"",
          "\"a",
          "'a'",
          "a",
          "//c\n1",
          "1//c",
          "/*c*/1",
          "[1]/**/",
          "#c\n1",
          "[1]x",
          "[1] 2",
          "\xef\xbb\xbf[]",
          "\xef\xbb\xbf",
          "[]\xef\xbb\xbf",
          "\xff\xfe[]",
          "\xc2\xa0[]",
          "[\f]",
          "[\v1]",
          "[\x01]",
          std::string(1, '\0'),
          std::string("[]\0", 3),
          std::string("[\0]", 3),
          std::string("1\0", 2),
          "\xe2\x80\xa8[]",
          "[\xc2\x85]",
          std::string("[\0"
                      "1\0]\0",
                      6),
          "[*]",
          "[-]",
          "(1)",
          "<1>",
          "&1",
          "@",
          "`1`",
          "[...]",
          "[1,2",
          "{\"a\":[}",
          "[{]}",
          "{\"a\":\"b}",
          "[\"a]",
          "[\"\\\"]",
          "\x1b[0m1",
          "\\u0031",
          "[\\n]",
          "\\\"a\\\"",
          "{\"a\":1}}",
          "]1[",
          ",",
          ":",
          ",1",
          "1,",
          "{\"a\":1,}"};
}

// Every proper beginning of a document is no document.
Texts Truncations() {
  const std::string whole = R"({"a":[1.5e+3,"b\u00e9",true],"c":{"d":null}})";
  Texts out;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    out.push_back(whole.substr(0, size));
  }
  return out;
}

Texts InEveryPlace(const Texts& values) {
  Texts out;
  for (const std::string& value : values) {
    Append(out, {value, "[" + value + "]", "[0," + value + ",0]", R"({"k":)" + value + "}",
                 " \n" + value + "\t", R"({"j":1,"k":[)" + value + R"(],"l":2})"});
  }
  return out;
}

Texts AsStrings(const Texts& insides) {
  Texts out;
  for (const std::string& inside : insides) {
    out.push_back(Quoted(inside));
    out.push_back("{" + Quoted("k" + inside) + ":0}");
    out.push_back(Quoted(inside + std::string(70, 'p')));
    out.push_back(Quoted(std::string(70, 'p') + inside));
  }
  return out;
}

bool Accepted(const std::string& text) {
  // In a buffer of exactly its size, so that the address sanitizer sees a byte read too many.
  const std::vector<char> exact(text.begin(), text.end());
  Document document;
  return document.Parse({exact.data(), exact.size()}).has_value();
}

TEST(Strictness, AcceptsWhatRfc8259Allows) {
  Texts texts = InEveryPlace(GoodNumbers());
  Append(texts, InEveryPlace(AsStrings(GoodStrings())));
  Append(texts, InEveryPlace(GoodStructures()));
  EXPECT_GE(std::set(texts.begin(), texts.end()).size(), 1000U);
  for (const std::string& text : texts) {
    EXPECT_TRUE(Accepted(text)) << text;
  }
}

TEST(Strictness, RefusesEverythingElse) {
  Texts texts = InEveryPlace(BadNumbers());
  Append(texts, InEveryPlace(AsStrings(BadStrings())));
  Append(texts, InEveryPlace(AsStrings(BadUtf8())));
  Append(texts, BadStructures());
  Append(texts, Truncations());
  EXPECT_GE(std::set(texts.begin(), texts.end()).size(), 1000U);
  for (const std::string& text : texts) {
    EXPECT_FALSE(Accepted(text)) << text;
  }
}

TEST(Strictness, HasNoOpinionOnWhatTheRfcLeavesOpen) {
  EXPECT_TRUE(Accepted("[1e999999,-1e-999999," + std::string(100'000, '9') + "]"));
  EXPECT_TRUE(Accepted(R"(["\ud800","\udc00","\udc00\ud800","\ufffe","\u0000"])"));
  EXPECT_TRUE(Accepted(Quoted(std::string(1'000'000, 'x'))));
  EXPECT_TRUE(Accepted("{" + Quoted(std::string(100'000, 'k')) + ":1}"));
  EXPECT_TRUE(Accepted(std::string(100'000, ' ') + "1" + std::string(100'000, '\n')));
}

}  // namespace
}  // namespace signalbox::json
