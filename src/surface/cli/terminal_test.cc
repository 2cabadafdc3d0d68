#include "surface/cli/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace signalbox::cli {
namespace {

using config::Environment;

TEST(Terminal, APipeHasNoColourNoWidthAndNoCursor) {
  const Terminal pipe = TerminalFrom(false, 0, Environment({{"COLUMNS", "40"}}));
  EXPECT_EQ(pipe.columns, 0);
  EXPECT_FALSE(pipe.colour);
  EXPECT_FALSE(pipe.interactive);
}

TEST(Terminal, TakesTheWidthFromColumnsThenFromTheTerminalThenEighty) {
  EXPECT_EQ(TerminalFrom(true, 120, Environment({{"COLUMNS", "40"}})).columns, 40);
  EXPECT_EQ(TerminalFrom(true, 120, Environment({{"COLUMNS", "wide"}})).columns, 120);
  EXPECT_EQ(TerminalFrom(true, 120, Environment({{"COLUMNS", "-1"}})).columns, 120);
  EXPECT_EQ(TerminalFrom(true, 0, Environment()).columns, 80);
}

TEST(Terminal, ADumbOneHasAWidthAndNothingElse) {
  const Terminal dumb = TerminalFrom(true, 72, Environment({{"TERM", "dumb"}}));
  EXPECT_EQ(dumb.columns, 72);
  EXPECT_FALSE(dumb.colour);
  EXPECT_FALSE(dumb.interactive);
}

TEST(Terminal, ColoursFollowTheEnvironment) {
  const auto colour = [](bool is_terminal, Environment::Variables variables) {
    return TerminalFrom(is_terminal, 80, Environment(std::move(variables))).colour;
  };
  EXPECT_TRUE(colour(true, {}));
  EXPECT_FALSE(colour(true, {{"NO_COLOR", "1"}}));
  EXPECT_TRUE(colour(true, {{"NO_COLOR", ""}}));
  EXPECT_FALSE(colour(true, {{"CLICOLOR", "0"}}));
  EXPECT_FALSE(colour(true, {{"FORCE_COLOR", "0"}}));
  EXPECT_TRUE(colour(false, {{"FORCE_COLOR", "1"}}));
  EXPECT_TRUE(colour(false, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_FALSE(colour(false, {{"CLICOLOR_FORCE", "0"}}));
  EXPECT_FALSE(colour(false, {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}));
}

TEST(Terminal, OfAPipeIsNone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(TerminalOf(ends[1]).columns, 0);
  StatusLine line(ends[1]);
  line.Show("3 of 7");
  line.Clear();
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "progress was written into a pipe";
  close(ends[0]);
}

TEST(Painted, WritesCodesOnlyWhereThereAreColours) {
  EXPECT_EQ(Painted({.colour = false}, Paint::kBad, "down"), "down");
  EXPECT_EQ(Painted({.colour = true}, Paint::kBad, "down"), "\x1B[31mdown\x1B[0m");
  EXPECT_EQ(Painted({.colour = true}, Paint::kPlain, "down"), "down");
  EXPECT_EQ(Painted({.colour = true}, Paint::kBad, ""), "");
}

}  // namespace
}  // namespace signalbox::cli
