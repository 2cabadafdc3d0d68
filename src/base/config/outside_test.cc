// Real files and real programs.
#include "base/config/outside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config/command.h"
#include "base/config/load.h"
#include "base/config/sample_table.h"
#include "base/config/temp_folder_testing.h"
#include "base/core/time.h"

namespace signalbox::config::sample {
namespace {

using testing::ElementsAre;

Environment Path() {
  return Environment({{"PATH", "/usr/bin:/bin"}, {"NAME", "value"}});
}

Outside::Text Output(std::vector<std::string> arguments,
                     std::chrono::milliseconds time = std::chrono::seconds(30),
                     std::size_t bytes = 1000) {
  return RunCommand(arguments, Path(), {time, bytes});
}

TEST(Command, GivesWhatItPrints) {
  EXPECT_EQ(Output({"printf", "%s-%s", "a b", "$NAME"}).value(), "a b-$NAME");
  EXPECT_EQ(Output({"/bin/sh", "-c", "printf '%s' \"$NAME\""}).value(), "value");
}

TEST(Command, HasNoInputNoErrorsAndNoOtherVariables) {
  EXPECT_EQ(Output({"/bin/cat"}).value(), "");
  EXPECT_EQ(Output({"/bin/sh", "-c", "echo canary >&2; echo out"}).value(), "out\n");
  EXPECT_EQ(Output({"/usr/bin/env"}).value(), "NAME=value\nPATH=/usr/bin:/bin\n");
}

TEST(Command, HasNoneOfOurDescriptors) {
  constexpr int kOurs = 100;
  ASSERT_EQ(dup2(STDIN_FILENO, kOurs), kOurs);
  EXPECT_EQ(Output({"/bin/sh", "-c",
                    "test -e /proc/$$/fd/1 && echo one; test -e /proc/$$/fd/100 || "
                    "echo no more"})
                .value(),
            "one\nno more\n");
  close(kOurs);
}

TEST(Command, ThatFailsIsToldByItsStatusOnly) {
  EXPECT_EQ(Output({"/bin/sh", "-c", "echo canary; exit 3"}).error(),
            "the command failed with exit status 3; run it by hand to see what it says");
  EXPECT_EQ(Output({"/bin/sh", "-c", "kill -9 $$"}).error(), "the command was ended by signal 9");
  EXPECT_EQ(Output({"/nowhere/canary"}).error(),
            "the command cannot be started: No such file or directory");
}

TEST(Command, ThatHangsIsKilledWithItsChildren) {
  const TempFolder folder;
  const auto start = core::MonoNow();
  const auto out = Output({"/bin/sh", "-c", "sleep 1000 & echo $! >" + (folder / "pid") + "; wait"},
                          std::chrono::milliseconds(500));
  EXPECT_EQ(out.error(), "the command does not end within 0.5 s; is it waiting for input?");
  EXPECT_LT(core::MonoNow() - start, std::chrono::seconds(20));
  const int child = std::stoi(folder.Read("pid"));
  for (int i = 0; i < 2000 && kill(child, 0) == 0; ++i) {
    const std::string state = "/proc/" + std::to_string(child) + "/stat";
    std::ifstream file(state);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find(") Z ") != text.npos) {
      return;  // dead; nobody has collected it yet
    }
    usleep(5000);
  }
  EXPECT_NE(kill(child, 0), 0);
}

TEST(Command, IsNotWaitedForByWhatItLeavesBehind) {
  const auto out = Output({"/bin/sh", "-c", "sleep 20 & echo secret"});
  EXPECT_EQ(out.value(), "secret\n");
}

TEST(Command, MayNotPrintWithoutEnd) {
  EXPECT_EQ(Output({"/usr/bin/yes"}).error(), "the command prints more than 1000 bytes");
  EXPECT_EQ(Output({"/usr/bin/head", "-c", "1001", "/dev/zero"}).error(),
            "the command prints more than 1000 bytes");
  EXPECT_EQ(Output({"/usr/bin/head", "-c", "1000", "/dev/zero"}).value().size(), 1000U);
}

TEST(System, ReadsFilesAndSeesTheirPermissions) {
  const TempFolder folder;
  folder.Write("k", "text");
  chmod((folder / "k").c_str(), 0600);
  const auto closed = System().Read(folder / "k", 100, true);
  EXPECT_EQ(closed->text, "text");
  EXPECT_FALSE(closed->world_readable);
  EXPECT_EQ(closed->stamp, System().Stamp(folder / "k"));
  chmod((folder / "k").c_str(), 0644);
  EXPECT_TRUE(System().Read(folder / "k", 100, true)->world_readable);
  EXPECT_EQ(System().Read(folder / "k", 2, true)->text, "tex");
  EXPECT_EQ(System().Stamp(folder / "none"), FileStamp{});
}

TEST(System, WaitsForNoPipe) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(System().Read(folder / "pipe", 10, true).error(),
            "cannot be read: it is not a regular file");
  EXPECT_EQ(System().Read(folder.path(), 10, true).error(),
            "cannot be read: it is not a regular file");
}

TEST(System, MatchesPatternsByName) {
  const TempFolder folder;
  for (const char* name : {"b.yaml", "a.yaml", ".hidden.yaml", "c.txt"}) {
    folder.Write(name, "");
  }
  EXPECT_THAT(System().Match(folder / "*.yaml"), ElementsAre(folder / "a.yaml", folder / "b.yaml"));
  EXPECT_THAT(System().Match(folder / "*.none"), ElementsAre());
}

TEST(System, LoadsFromRealFilesAndPrograms) {
  const TempFolder folder;
  folder.Write("od[d]/a.yaml", "include: [c/*.yaml]\n");
  folder.Write("od[d]/c/b.yaml",
               "providers:\n  e: {base_url: 'http://h', key: {file: key}}\n"
               "  f: {base_url: 'http://h', key: {command: echo $NAME}}\n");
  folder.Write("od[d]/c/key", "k\n");
  const auto loaded = Load(RootTable(), {.file = folder / "od[d]/a.yaml", .environment = Path()});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.providers.at("e").key.Reveal(), "k");
  EXPECT_EQ(loaded.value.providers.at("f").key.Reveal(), "value");
}

}  // namespace
}  // namespace signalbox::config::sample
