#include "base/core/random.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace signalbox::core {
namespace {

TEST(Random, RepeatsItselfForEqualSeedsOnly) {
  Random one(42);
  Random same(42);
  Random other(43);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t draw = one.Next();
    EXPECT_EQ(draw, same.Next());
    EXPECT_NE(draw, other.Next());
  }
}

TEST(Random, StartsDifferentlyEachTimeWithoutASeed) {
  std::set<std::uint64_t> first;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(first.insert(Random().Next()).second);
  }
}

TEST(Random, DrawsEvenlyFromZeroToBelowOne) {
  Random random(7);
  constexpr int kDraws = 100'000;
  std::array<int, 10> counts{};
  for (int i = 0; i < kDraws; ++i) {
    const double draw = random.Draw();
    ASSERT_GE(draw, 0.0);
    ASSERT_LT(draw, 1.0);
    ++counts[static_cast<std::size_t>(draw * 10)];
  }
  for (const int count : counts) {
    EXPECT_NEAR(count, kDraws / 10, 500);  // five standard deviations
  }
}

TEST(Random, FlipsEveryBitAboutHalfOfTheTime) {
  Random random(8);
  constexpr int kDraws = 10'000;
  std::array<int, 64> ones{};
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t draw = random.Next();
    for (unsigned bit = 0; bit < 64; ++bit) {
      ones[bit] += static_cast<int>(draw >> bit & 1U);
    }
  }
  for (const int count : ones) {
    EXPECT_NEAR(count, kDraws / 2, 300);  // six standard deviations
  }
}

TEST(Entropy, FillsTheWholeOfAnySpanAndNothingBeside) {
  Entropy({});
  for (const std::size_t size : {1U, 16U, 300U, 100'000U}) {
    std::vector<std::byte> bytes(size + 2, std::byte{0x5a});
    Entropy(std::span(bytes).subspan(1, size));
    EXPECT_EQ(bytes.front(), std::byte{0x5a});
    EXPECT_EQ(bytes.back(), std::byte{0x5a});
    if (size >= 16) {
      const std::vector<std::byte> untouched(16, std::byte{0x5a});
      EXPECT_FALSE(std::equal(untouched.begin(), untouched.end(), bytes.end() - 17));
    }
  }
}

}  // namespace
}  // namespace signalbox::core
