#include "io/store/postgres/parameters.h"

#include <gtest/gtest.h>

namespace signalbox::store::postgres {
namespace {

using Counts = std::vector<std::size_t>;

TEST(Parameters, CountsValuesAndReadsTestsForNullAsTrue) {
  const auto uses = FindParameters("SELECT 1 WHERE ($1 IS NULL OR a = $1) AND $10 IS NOT NULL");
  EXPECT_EQ(uses.values, (Counts{1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_TRUE(uses.gap);
  EXPECT_EQ(uses.without_null_tests, "SELECT 1 WHERE (TRUE OR a = $1) AND TRUE");
}

TEST(Parameters, LooksNotBetweenQuotes) {
  const auto uses = FindParameters("SELECT '$2 it''s $3', \"$4\", $1, $x, $");
  EXPECT_EQ(uses.values, Counts{1});
  EXPECT_FALSE(uses.gap);
  EXPECT_EQ(uses.without_null_tests, "SELECT '$2 it''s $3', \"$4\", $1, $x, $");
  EXPECT_EQ(FindParameters("'never ended $1").values, Counts{});
}

}  // namespace
}  // namespace signalbox::store::postgres
