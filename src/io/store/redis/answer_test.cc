#include "io/store/redis/answer.h"

#include <gtest/gtest.h>

namespace signalbox::store {
namespace {

using core::ErrorCode;
using Kind = Reply::Kind;

Reply Integers(std::vector<std::int64_t> numbers) {
  Reply reply{.kind = Kind::kArray};
  for (const std::int64_t number : numbers) {
    reply.items.push_back({.kind = Kind::kInteger, .integer = number});
  }
  return reply;
}

TEST(RedisAnswer, ASliceHasNineNumbers) {
  const auto slice = ToSlice(Integers({1, 2, 3, 4, 5, 6, 7, 8, 9}));
  ASSERT_TRUE(slice.has_value());
  EXPECT_EQ(slice->held, 1);
  EXPECT_EQ(slice->lease, std::chrono::milliseconds(7));
  EXPECT_EQ(slice->at, 9);
  EXPECT_EQ(ToSlice(Integers({1, 2})).error().code, ErrorCode::kUpstreamProtocol);
  Reply text = Integers({1, 2, 3, 4, 5, 6, 7, 8, 9});
  text.items[3] = {.kind = Kind::kText, .text = "4"};
  EXPECT_EQ(ToSlice(text).error().code, ErrorCode::kUpstreamProtocol);
  EXPECT_EQ(ToSlice(Reply{}).error().code, ErrorCode::kUpstreamProtocol);
}

TEST(RedisAnswer, SaysWhatAnErrorMeans) {
  EXPECT_EQ(ToError("SBSTALE x").code, ErrorCode::kConflict);
  EXPECT_EQ(ToError("WRONGTYPE Operation against a key").code, ErrorCode::kConflict);
  for (const char* away : {"LOADING Redis is loading", "READONLY You can't write", "OOM command",
                           "NOAUTH Authentication required.", "WRONGPASS invalid", "BUSY Redis",
                           "NOPERM this user", "CLUSTERDOWN The cluster is down",
                           "MASTERDOWN Link with MASTER", "MISCONF Redis is configured"}) {
    EXPECT_EQ(ToError(away).code, ErrorCode::kUnavailable) << away;
  }
  const core::Error other = ToError("ERR unknown command 'X', with args: 'secret'");
  EXPECT_EQ(other.code, ErrorCode::kInternal);
  EXPECT_EQ(other.message.find("secret"), std::string::npos);
}

TEST(RedisAnswer, KnowsWhereItIsSentTo) {
  const auto moved = ParseRedirect("MOVED 3999 127.0.0.1:6381");
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->host, "127.0.0.1");
  EXPECT_EQ(moved->port, 6381);
  EXPECT_EQ(ParseRedirect("ASK 1 2001:db8::1:6379")->host, "2001:db8::1");
  EXPECT_EQ(ParseRedirect("MOVED 1 :6379")->host, "");
  for (const char* wrong :
       {"", "MOVED", "MOVED 1", "MOVED x h:1", "MOVED 16384 h:1", "MOVED -1 h:1", "MOVED 1 h:0",
        "MOVED 1 h:65536", "MOVED 1 h:", "MOVED 1 h", "MOVED 1:2 h", "MOVED 1 h:1 x"}) {
    EXPECT_FALSE(ParseRedirect(wrong).has_value()) << wrong;
  }
  EXPECT_EQ(RemedyFor("MOVED 1 h:1"), Remedy::kMoved);
  EXPECT_EQ(RemedyFor("ASK 1 h:1"), Remedy::kAsk);
  EXPECT_EQ(RemedyFor("NOSCRIPT No matching script."), Remedy::kLoadScript);
  EXPECT_EQ(RemedyFor("READONLY You can't"), Remedy::kReconnect);
  EXPECT_EQ(RemedyFor("ERR x"), Remedy::kNone);
}

TEST(RedisAnswer, ReadsSmallThings) {
  EXPECT_EQ(ToValue({.kind = Kind::kText, .text = "x"}).value(), "x");
  EXPECT_EQ(ToValue({}).value(), std::nullopt);
  EXPECT_FALSE(ToValue({.kind = Kind::kInteger}).has_value());
  EXPECT_EQ(ToInteger({.kind = Kind::kInteger, .integer = INT64_MIN}).value(), INT64_MIN);
  EXPECT_FALSE(ToInteger({.kind = Kind::kText, .text = "1"}).has_value());
  EXPECT_TRUE(ToDone({.kind = Kind::kStatus, .text = "OK"}).has_value());
  EXPECT_FALSE(ToDone({.kind = Kind::kText, .text = "OK"}).has_value());
  EXPECT_EQ(ToLease(Integers({7, 9})).value()->token, 7);
  EXPECT_FALSE(ToLease({}).value().has_value());
  EXPECT_FALSE(ToLease(Integers({7})).has_value());
}

}  // namespace
}  // namespace signalbox::store
