#include "vendors/dialects/openai_chat/call_tracker.h"

#include <gtest/gtest.h>

namespace signalbox::openai_chat {
namespace {

TEST(CallTracker, FollowsIndexes) {
  CallTracker calls;
  EXPECT_TRUE(calls.Find(0, "a", "f").begins);
  EXPECT_FALSE(calls.Find(0, "", "").begins);
  const auto second = calls.Find(1, "b", "g");
  EXPECT_TRUE(second.begins);
  EXPECT_EQ(second.call, 1);
  EXPECT_EQ(second.ended, 0);
  EXPECT_EQ(calls.Find(0, "", "").call, 0);
  EXPECT_EQ(calls.Close(), 1);
  EXPECT_EQ(calls.Close(), std::nullopt);
}

TEST(CallTracker, TellsCallsOfOneIndexApartByTheirIds) {
  CallTracker calls;
  EXPECT_EQ(calls.Find(0, "a", "f").call, 0);
  EXPECT_EQ(calls.Find(0, "b", "f").call, 1);
  EXPECT_EQ(calls.Find(0, "", "").call, 1);
  EXPECT_EQ(calls.Find(0, "a", "").call, 0);
}

TEST(CallTracker, TakesARepeatedIdForTheSameCall) {
  CallTracker calls;
  EXPECT_TRUE(calls.Find(0, "a", "f").begins);
  EXPECT_FALSE(calls.Find(0, "a", "f").begins);
}

TEST(CallTracker, DoesWithoutIndexes) {
  CallTracker calls;
  EXPECT_EQ(calls.Find(std::nullopt, "a", "f").call, 0);
  EXPECT_EQ(calls.Find(std::nullopt, "", "").call, 0);
  EXPECT_EQ(calls.Find(std::nullopt, "b", "g").call, 1);
  EXPECT_EQ(calls.Find(std::nullopt, "", "").call, 1);
}

TEST(CallTracker, BeginsAgainWhenTheNameComesLate) {
  CallTracker calls;
  EXPECT_TRUE(calls.Find(0, "a", "").begins);
  EXPECT_TRUE(calls.Find(0, "", "f").begins);
  EXPECT_FALSE(calls.Find(0, "", "").begins);
}

}  // namespace
}  // namespace signalbox::openai_chat
