#include "pipeline/request/alias.h"

#include <gtest/gtest.h>

namespace signalbox::request {
namespace {

TEST(ParseWeighted, TakesAWeightBehindTheName) {
  EXPECT_EQ(ParseWeighted("edge/llama * 3")->name, "edge/llama");
  EXPECT_EQ(ParseWeighted("edge/llama * 3")->weight, 3U);
  EXPECT_EQ(ParseWeighted("edge/llama*1000")->weight, 1000U);
  EXPECT_EQ(ParseWeighted("edge/llama")->weight, 1U);
  for (const std::string_view wrong :
       {"", "* 3", "a *", "a * 0", "a * -1", "a * 1001", "a * x", "a * 3 x", "a * 1.5"}) {
    EXPECT_FALSE(ParseWeighted(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace signalbox::request
