#include "vendors/catalog/money.h"

#include <gtest/gtest.h>

namespace signalbox::catalog {
namespace {

TEST(Money, ReadsDollarsExactly) {
  EXPECT_EQ(ReadUsd("2.5", Per::kMillion), 2'500'000);
  EXPECT_EQ(ReadUsd("0.0028", Per::kMillion), 2'800);
  EXPECT_EQ(ReadUsd("1e-06", Per::kOne), 1'000'000);
  EXPECT_EQ(ReadUsd("1.5E-05", Per::kOne), 15'000'000);
  EXPECT_EQ(ReadUsd("0.000000152", Per::kOne), 152'000);
  EXPECT_EQ(ReadUsd("0.04", Per::kOne), 40'000'000'000);
  EXPECT_EQ(ReadUsd("7.5e+1", Per::kMillion), 75'000'000);
  EXPECT_EQ(ReadUsd("0", Per::kMillion), 0);
  EXPECT_EQ(ReadUsd("0.0", Per::kOne), 0);
  EXPECT_EQ(ReadUsd(".5", Per::kMillion), 500'000);
  EXPECT_EQ(ReadUsd("2.", Per::kMillion), 2'000'000);
  EXPECT_EQ(ReadUsd("2.500000000", Per::kMillion), 2'500'000);
}

TEST(Money, RefusesWhatIsNoExactPrice) {
  for (const char* text :
       {"", ".", "-1", "+1", "1,5", "1.2.3", "$2", "2 ", "unknown", "1e", "1e99", "e5", "nan",
        "0x10", "0.0000001", "1000000001", "99999999999999999999999999999999999"}) {
    EXPECT_EQ(ReadUsd(text, Per::kMillion), std::nullopt) << text;
  }
}

TEST(Money, RoundsHalfUpWhereListsAreFinerThanAPicoDollar) {
  EXPECT_EQ(ReadUsdRounded("0.0002833333333333333", Per::kOne), 283'333'333);
  EXPECT_EQ(ReadUsdRounded("0.0000000000005", Per::kOne), 1);
  EXPECT_EQ(ReadUsdRounded("0.00000000000049999", Per::kOne), 0);
  EXPECT_EQ(ReadUsdRounded("0.00000000000009", Per::kOne), 0);
  EXPECT_EQ(ReadUsdRounded("0.0000000000015", Per::kOne), 2);
}

TEST(Money, TakesTheHighestPriceAndNoMore) {
  EXPECT_EQ(ReadUsd("1000", Per::kOne), kHighestPrice);
  EXPECT_EQ(ReadUsd("1000.000000000001", Per::kOne), std::nullopt);
}

TEST(Money, WritesTheShortestTextThatReadsBack) {
  EXPECT_EQ(UsdText(2'500'000, Per::kMillion), "2.5");
  EXPECT_EQ(UsdText(2'800, Per::kMillion), "0.0028");
  EXPECT_EQ(UsdText(1, Per::kMillion), "0.000001");
  EXPECT_EQ(UsdText(0, Per::kMillion), "0");
  EXPECT_EQ(UsdText(40'000'000'000, Per::kOne), "0.04");
  for (std::int64_t price = 1; price < kHighestPrice; price = price * 7 + 3) {
    EXPECT_EQ(ReadUsd(UsdText(price, Per::kMillion), Per::kMillion), price);
    EXPECT_EQ(ReadUsd(UsdText(price, Per::kOne), Per::kOne), price);
  }
}

TEST(Money, WritesAmounts) {
  EXPECT_EQ(UsdText(NanoUsd{12'345}), "0.000012345");
  EXPECT_EQ(UsdText(NanoUsd{1'500'000'000}), "1.5");
  EXPECT_EQ(UsdText(NanoUsd{0}), "0");
  EXPECT_EQ(UsdText(NanoUsd{-5}), "-0.000000005");
}

}  // namespace
}  // namespace signalbox::catalog
