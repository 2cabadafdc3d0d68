#include "pipeline/request/route.h"

#include <gtest/gtest.h>

#include <map>

namespace signalbox::request {
namespace {

Choice At(std::uint16_t stage, const char* model, std::uint16_t weight = 1) {
  return {{0, model}, stage, weight};
}

// "stage model weight, …"
std::string Story(const Route& route) {
  std::string text;
  for (const Choice& each : route) {
    text += std::to_string(each.stage) + " " + each.target.model + " " +
            std::to_string(each.weight) + ", ";
  }
  return text;
}

TEST(Route, AppendKeepsStagesAndLeavesOutWhatIsThere) {
  Route route;
  Append({}, route);
  EXPECT_TRUE(route.empty());
  Append({At(0, "a", 2), At(0, "b"), At(1, "c")}, route);
  EXPECT_EQ(Story(route), "0 a 2, 0 b 1, 1 c 1, ");
  Append({At(0, "b"), At(1, "c"), At(2, "d"), At(2, "e"), At(3, "f")}, route);
  EXPECT_EQ(Story(route), "0 a 2, 0 b 1, 1 c 1, 2 d 1, 2 e 1, 3 f 1, ");
}

TEST(Route, AShareOfAShareIsDividedAmongThoseInIt) {
  // Half to x; the other half to a and b by 1 : 3.
  Route route;
  AppendShared({{{At(0, "x")}, 1}, {{At(0, "a"), At(0, "b", 3)}, 1}}, route);
  EXPECT_EQ(Story(route), "0 x 4, 0 a 1, 0 b 3, ");
}

TEST(Route, WhatStandsBehindAShareComesAfterAllOfThem) {
  Route route;
  AppendShared({{{At(0, "a"), At(1, "b")}, 3}, {{At(0, "c"), At(1, "d"), At(2, "b")}, 1}}, route);
  EXPECT_EQ(Story(route), "0 a 3, 0 c 1, 1 b 1, 2 d 1, ");
}

TEST(Route, ATargetThatIsNamedTwiceHasBothShares) {
  Route route;
  AppendShared({{{At(0, "a")}, 2}, {{At(0, "b")}, 1}, {{At(0, "a")}, 5}}, route);
  EXPECT_EQ(Story(route), "0 a 7, 0 b 1, ");
}

// Thirds and sevenths have no common small weight: proportions hold to a thousandth all the same.
TEST(Route, OddSharesKeepTheirProportions) {
  Route route;
  AppendShared({{{At(0, "a", 1000), At(0, "b", 999), At(0, "c", 998)}, 999},
                {{At(0, "d", 7), At(0, "e", 6)}, 1000}},
               route);
  double whole = 0;
  std::map<std::string, double> weights;
  for (const Choice& each : route) {
    whole += each.weight;
    weights[each.target.model] = each.weight;
  }
  EXPECT_NEAR(weights["a"] / whole, 999.0 / 1999 * 1000 / 2997, 0.001);
  EXPECT_NEAR(weights["e"] / whole, 1000.0 / 1999 * 6 / 13, 0.001);
}

}  // namespace
}  // namespace signalbox::request
