#include "surface/cli/call_failure.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

TEST(ErrorMessageOf, ReadsTheUsualFormAndNoOther) {
  EXPECT_EQ(ErrorMessageOf(R"({"error":{"message":"no","type":"x"}})"), "no");
  EXPECT_EQ(ErrorMessageOf("<html>"), "");
  EXPECT_EQ(ErrorMessageOf(R"({"error":"no"})"), "");
}

TEST(StatusAfter, TellsNotReachedFromFailed) {
  EXPECT_EQ(StatusAfter({core::ErrorCode::kConnectFailed, "x", {}, {}}), kNotReached);
  EXPECT_EQ(StatusAfter({core::ErrorCode::kUpstreamFailed, "x", {}, {}}), kFailed);
}

}  // namespace
}  // namespace signalbox::cli
