#include "base/core/spares.h"

#include <gtest/gtest.h>

namespace signalbox::core {
namespace {

TEST(Spares, GivesOutWhatItWasGivenAndKeepsOnlySoMany) {
  Spares<int, 2> spares;
  EXPECT_EQ(*spares.Take(), 0);
  for (int i = 1; i <= 3; ++i) {
    spares.Give(std::make_unique<int>(i));
  }
  EXPECT_EQ(spares.size(), 2U);
  EXPECT_EQ(*spares.Take(), 2);
  EXPECT_EQ(*spares.Take(), 1);
  EXPECT_EQ(*spares.Take(), 0);
}

TEST(Spares, ClearLeavesNothing) {
  Spares<int, 2> spares;
  spares.Give(std::make_unique<int>(7));
  spares.Clear();
  EXPECT_EQ(spares.size(), 0U);
  EXPECT_EQ(*spares.Take(), 0);
}

}  // namespace
}  // namespace signalbox::core
