#include "surface/cli/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "surface/cli/command_samples.h"
#include "surface/cli/completion_parts.h"

namespace signalbox::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Script(Shell shell) {
  const SampleApp sample;
  return CompletionScript(TreeOf(sample.app), shell);
}

TEST(Completion, EveryScriptKnowsEveryCommandOptionAndWord) {
  for (const Shell shell : {Shell::kBash, Shell::kZsh, Shell::kFish}) {
    const std::string script = Script(shell);
    for (const char* word : {"serve", "models", "list", "completion", "config", "number", "bash",
                             "fish", "zsh", "signalbox models list"}) {
      EXPECT_THAT(script, HasSubstr(word)) << static_cast<int>(shell);
    }
    EXPECT_THAT(script, Not(HasSubstr("Names for shells")));
  }
}

TEST(Completion, AsksTheProgramForNamesOfModels) {
  EXPECT_THAT(Script(Shell::kBash), HasSubstr("place='models'"));
  EXPECT_THAT(Script(Shell::kZsh), HasSubstr("place='models'"));
  EXPECT_THAT(Script(Shell::kFish), HasSubstr("(__signalbox_names models)"));
}

TEST(Completion, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(ShellQuoted("it's"), "'it'\\''s'");
  EXPECT_THAT(Script(Shell::kZsh), HasSubstr("'list:It'\\''s a list'"));
  EXPECT_THAT(Script(Shell::kFish), HasSubstr("'It\\'s a list'"));
}

TEST(CommandTree, TellsWhatIsCompletedByTheNameOfTheValue) {
  const SampleApp sample;
  const Command tree = TreeOf(sample.app);
  ASSERT_EQ(tree.commands.size(), 3U);
  EXPECT_EQ(tree.commands[0].options.at(1).completes(), Completes::kFile);
  EXPECT_EQ(tree.commands[1].commands[0].places.at(0).completes(), Completes::kModel);
  EXPECT_TRUE(tree.commands[1].commands[0].places.at(0).repeated);
  EXPECT_EQ(tree.commands[2].places.at(0).completes(), Completes::kWords);
  EXPECT_EQ(tree.commands[2].Usage(), "signalbox completion [OPTIONS] shell");
  EXPECT_EQ(tree.Usage(), "signalbox [OPTIONS] COMMAND");
}

}  // namespace
}  // namespace signalbox::cli
