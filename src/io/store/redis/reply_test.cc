#include "io/store/redis/reply.h"

#include <gtest/gtest.h>

namespace signalbox::store {
namespace {

using Kind = Reply::Kind;

std::string Show(const Reply& reply) {
  switch (reply.kind) {
    case Kind::kNil:
      return "nil";
    case Kind::kInteger:
      return std::to_string(reply.integer);
    case Kind::kText:
      return "'" + reply.text + "'";
    case Kind::kStatus:
      return "+" + reply.text;
    case Kind::kError:
      return "-" + reply.text;
    case Kind::kArray:
      break;
  }
  std::string out = "[";
  for (const Reply& item : reply.items) {
    out += Show(item) + " ";
  }
  return out + "]";
}

// All replies in `text`, fed `piece` bytes at a time; "broken" when it is none.
std::vector<std::string> ReadAll(std::string_view text, std::size_t piece) {
  ReplyReader reader;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string_view part = text.substr(at, piece);
    if (!reader.Feed(part)) {
      return {"broken"};
    }
    while (true) {
      auto reply = reader.Next();
      if (!reply) {
        return {"broken"};
      }
      if (!*reply) {
        break;
      }
      out.push_back(Show(**reply));
    }
  }
  return out;
}

TEST(RedisReply, IsReadWhereverItIsCut) {
  constexpr std::string_view kText =
      "+OK\r\n-ERR no\r\n:-12\r\n$-1\r\n$0\r\n\r\n$4\r\na\r\nb\r\n*-1\r\n*0\r\n"
      "*3\r\n:9223372036854775807\r\n*2\r\n$1\r\nx\r\n$-1\r\n+fine\r\n";
  const std::vector<std::string> want{"+OK", "-ERR no", "-12",
                                      "nil", "''",      "'a\r\nb'",
                                      "nil", "[]",      "[9223372036854775807 ['x' nil ] +fine ]"};
  for (std::size_t piece = 1; piece <= kText.size(); ++piece) {
    EXPECT_EQ(ReadAll(kText, piece), want) << piece;
  }
}

TEST(RedisReply, WhatIsNoneIsRefused) {
  for (const std::string_view text :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "\x16\x03\x01\x02", "$-2\r\n", "*-2\r\n", ":x\r\n",
        "*2147483648\r\n", "*1000000\r\n", "$99999999999999999999\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"}) {
    EXPECT_EQ(ReadAll(text, text.size()), std::vector<std::string>{"broken"}) << text;
  }
}

TEST(RedisReply, ManySmallArraysAreTooManyTogether) {
  std::string text = "*60000\r\n";
  for (int i = 0; i < 60'000; ++i) {
    text += "*60000\r\n";
    for (int j = 0; j < 3; ++j) {
      text += ":1\r\n";
    }
  }
  EXPECT_EQ(ReadAll(text, 4096), std::vector<std::string>{"broken"});
}

TEST(RedisReply, AnEndlessTextIsGivenUp) {
  ReplyReader reader;
  const std::string part(1 << 20, 'x');
  ASSERT_TRUE(reader.Feed(std::string_view("$900000000\r\n")).has_value());
  bool refused = false;
  for (int i = 0; i < 20 && !refused; ++i) {
    refused = !reader.Feed(part).has_value() || !reader.Next().has_value();
  }
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace signalbox::store
