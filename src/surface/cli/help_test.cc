#include "surface/cli/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "surface/cli/command_samples.h"

namespace signalbox::cli {

std::string SampleApp::ErrorOn(std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error);
  }
  return "";
}

namespace {

using testing::HasSubstr;
using testing::Not;

TEST(UsageError, NamesTheNearestCommandAndTheNextStep) {
  EXPECT_EQ(SampleApp().ErrorOn({"servr"}),
            "signalbox: unknown command \"servr\"; did you mean \"serve\"?\n"
            "Run signalbox --help for what it takes.\n");
  EXPECT_EQ(SampleApp().ErrorOn({"models", "lst", "--all"}),
            "signalbox models: unknown command \"lst\"; did you mean \"list\"?\n"
            "Run signalbox models --help for what it takes.\n");
}

TEST(UsageError, NamesTheNearestOption) {
  EXPECT_THAT(SampleApp().ErrorOn({"serve", "--confg", "x"}),
              HasSubstr("unknown option \"--confg\"; did you mean \"--config\"?"));
}

TEST(UsageError, NeverRepeatsTheValueOfAnOption) {
  const std::string error = SampleApp().ErrorOn({"serve", "--kye=sk-secret"});
  EXPECT_THAT(error, HasSubstr("\"--kye\""));
  EXPECT_THAT(error, Not(HasSubstr("sk-secret")));
}

TEST(UsageError, SuggestsNothingThatIsFarAway) {
  EXPECT_THAT(SampleApp().ErrorOn({"frobnicate"}), Not(HasSubstr("did you mean")));
}

TEST(UsageError, ListsTheCommandsWhenOneIsMissing) {
  EXPECT_THAT(SampleApp().ErrorOn({}),
              HasSubstr("a command is missing: one of serve, models, completion"));
  EXPECT_THAT(SampleApp().ErrorOn({"models"}), HasSubstr("signalbox models: a command is missing"));
}

TEST(UsageError, SaysWhatAValueMayBe) {
  EXPECT_THAT(SampleApp().ErrorOn({"completion", "tcsh"}), HasSubstr("bash,fish,zsh"));
  EXPECT_THAT(SampleApp().ErrorOn({"models", "list", "-n", "77"}), HasSubstr("1 to 9"));
  EXPECT_THAT(SampleApp().ErrorOn({"serve", "extra"}), HasSubstr("unexpected argument \"extra\""));
}

TEST(Help, FitsIntoFortyColumns) {
  const SampleApp sample;
  ForEachCommand(TreeOf(sample.app), [](const Command& command) {
    std::istringstream lines(HelpText(command, {.columns = 40}, true));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(Width(line), 40) << line;
    }
  });
}

TEST(Help, SaysDefaultsRangesVariablesAndExitStatuses) {
  SampleApp sample;
  const Command tree = TreeOf(sample.app);
  const std::string serve = HelpText(tree.commands[0], {}, false);
  EXPECT_THAT(serve, HasSubstr("-c, --config FILE"));
  EXPECT_THAT(serve, HasSubstr("SIGNALBOX_KEY"));
  EXPECT_THAT(HelpText(tree.commands[1].commands[0], {}, false), HasSubstr("(1 to 9)"));
  const std::string root = HelpText(tree, {}, true);
  EXPECT_THAT(root, HasSubstr("no running Signalbox was reached"));
  EXPECT_THAT(root, Not(HasSubstr("Names for shells"))) << "a hidden command is shown";
  EXPECT_THAT(root, Not(HasSubstr("\x1B"))) << "colours in a pipe";
}

}  // namespace
}  // namespace signalbox::cli
