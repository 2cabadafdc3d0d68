#include "base/core/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

namespace signalbox::core {
namespace {

constexpr int kLastCode = static_cast<int>(ErrorCode::kInternal);

TEST(Error, GivesEachCodeItsOwnNameAndAnErrorStatus) {
  std::set<std::string_view> names;
  for (int i = 0; i <= kLastCode; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_TRUE(names.insert(Name(code)).second) << Name(code);
    EXPECT_EQ(Name(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_GE(HttpStatus(code), 400) << Name(code);
    EXPECT_LE(HttpStatus(code), 599) << Name(code);
  }
}

TEST(Error, AnswersWithTheStatusThatClientsActOn) {
  EXPECT_EQ(HttpStatus(ErrorCode::kInvalidRequest), 400);
  EXPECT_EQ(HttpStatus(ErrorCode::kUnauthenticated), 401);
  EXPECT_EQ(HttpStatus(ErrorCode::kRateLimited), 429);
  EXPECT_EQ(HttpStatus(ErrorCode::kUpstreamFailed), 502);
  EXPECT_EQ(HttpStatus(ErrorCode::kUnavailable), 503);
  EXPECT_EQ(HttpStatus(ErrorCode::kDeadlineExceeded), 504);
}

TEST(Error, SaysWhereFromTheOutsideIn) {
  Error error{ErrorCode::kConnectFailed, "connection refused", "field", std::chrono::seconds(3)};
  error = std::move(error).At("connect");
  error = std::move(error).At("postgres.append");
  EXPECT_EQ(error.message, "postgres.append: connect: connection refused");
  EXPECT_EQ(error.code, ErrorCode::kConnectFailed);
  EXPECT_EQ(error.param, "field");
  EXPECT_EQ(error.retry_after, std::chrono::seconds(3));
}

TEST(Error, NamesErrnoValues) {
  EXPECT_EQ(ErrnoMessage(ECONNREFUSED), "Connection refused");
}

Result<int> Half(int value) {
  if (value % 2 != 0) {
    return Fail(ErrorCode::kInvalidRequest, "odd", "value");
  }
  return value / 2;
}

Result<int> Quarter(int value) {
  SB_TRY(const int half, Half(value));
  SB_TRY(const int quarter, Half(half));
  return quarter;
}

Status CheckEven(int value, bool& went_on) {
  SB_CHECK_OK(Half(value));
  went_on = true;
  return {};
}

TEST(Error, TryBindsTheValueOrReturnsTheError) {
  EXPECT_EQ(Quarter(12), 3);
  const auto odd_half = Quarter(6);
  ASSERT_FALSE(odd_half);
  EXPECT_EQ(odd_half.error().message, "odd");
  EXPECT_EQ(odd_half.error().param, "value");
}

TEST(Error, CheckOkGoesOnOnlyWithoutAnError) {
  bool went_on = false;
  EXPECT_FALSE(CheckEven(1, went_on));
  EXPECT_FALSE(went_on);
  EXPECT_TRUE(CheckEven(2, went_on));
  EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace signalbox::core
