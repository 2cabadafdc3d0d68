#include "io/store/s3/retry.h"

#include <gtest/gtest.h>

namespace signalbox::s3 {
namespace {

using namespace std::chrono_literals;

TEST(Retry, WaitsLongerEachTimeUpToItsLongest) {
  const RetryPolicy policy{.tries = 10, .first = 100ms, .longest = 1s};
  EXPECT_EQ(NextTry(policy, 1, 0s, 0.5), 50ms);
  EXPECT_EQ(NextTry(policy, 2, 0s, 0.5), 100ms);
  EXPECT_EQ(NextTry(policy, 3, 0s, 0.5), 200ms);
  EXPECT_EQ(NextTry(policy, 4, 0s, 0.5), 400ms);
  EXPECT_EQ(NextTry(policy, 5, 0s, 0.5), 500ms);
  EXPECT_EQ(NextTry(policy, 9, 0s, 0.5), 500ms);
  EXPECT_EQ(NextTry(policy, 3, 0s, 0.0), 0ms);
}

TEST(Retry, GivesUpWhenAllTriesAreUsedUp) {
  EXPECT_TRUE(NextTry({.tries = 3}, 2, 0s, 0));
  EXPECT_FALSE(NextTry({.tries = 3}, 3, 0s, 0));
  EXPECT_FALSE(NextTry({.tries = 1}, 1, 0s, 0));
}

TEST(Retry, WaitsAsLongAsTheServiceAsksWithinReason) {
  const RetryPolicy policy{.tries = 5, .first = 100ms, .longest = 10s};
  EXPECT_EQ(NextTry(policy, 1, 3s, 0.5), 3s);
  EXPECT_EQ(NextTry(policy, 1, 3600s, 0.5), 10s);
}

TEST(Retry, OnlyWhatMayPassIsTriedAgain) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    EXPECT_TRUE(MayPass(status, "")) << status;
  }
  for (const int status : {200, 301, 400, 401, 403, 404, 409, 412, 416, 501}) {
    EXPECT_FALSE(MayPass(status, "")) << status;
  }
  EXPECT_TRUE(MayPass(400, "RequestTimeout"));
  EXPECT_TRUE(MayPass(409, "OperationAborted"));
}

}  // namespace
}  // namespace signalbox::s3
