#include "base/config/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/config/atomic_file.h"
#include "base/config/restore.h"
#include "base/config/sample_table.h"
#include "base/config/temp_folder_testing.h"

namespace signalbox::config::sample {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const core::WallTime kNow(std::chrono::seconds(1'795'253'400));

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() { std::filesystem::create_directory(data_); }

  Loaded<Root> Read(std::string profile = "") {
    return Load(RootTable(), {.file = folder_ / "a.yaml",
                              .environment = Environment(variables_),
                              .profile = std::move(profile)});
  }
  std::uint64_t Keep(const std::string& text, const std::string& who = "reload") {
    folder_.Write("a.yaml", text);
    const auto loaded = Read();
    EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
    return history_.Record(RootTable(), loaded, who, kNow).value();
  }
  core::Result<Loaded<Root>> Back(std::uint64_t id) {
    return Restore(RootTable(), history_, id, Read(),
                   {.file = folder_ / "a.yaml", .environment = Environment(variables_)}, kNow);
  }
  std::string Whos() {
    std::string out;
    for (const Version& version : history_.List()) {
      out += std::to_string(version.id) + " " + version.who + "\n";
    }
    return out;
  }

  TempFolder folder_;
  std::string data_ = folder_ / "data";
  History history_{data_};
  Environment::Variables variables_;
};

TEST_F(HistoryTest, KeepsTextsValuesTimeAndWho) {
  folder_.Write("b.yaml", "server: {workers: 3}  # why\n");
  EXPECT_EQ(Keep("include: b.yaml\ndata: x\n", "start"), 1U);
  const Version version = history_.Get(1).value();
  EXPECT_EQ(version.who, "start");
  EXPECT_EQ(version.time, "2026-11-21T09:30:00.000Z");
  ASSERT_EQ(version.files.size(), 2U);
  EXPECT_EQ(version.files[0].name, folder_ / "a.yaml");
  EXPECT_EQ(version.files[1].text, "server: {workers: 3}  # why\n");
  EXPECT_EQ(version.values.at("server.workers"), "3");
  EXPECT_EQ(Line(version),
            "   1  2026-11-21T09:30:00.000Z  start  " + (folder_ / "a.yaml") + " +1 file");
}

TEST_F(HistoryTest, KeepsNothingTwiceInARow) {
  EXPECT_EQ(Keep("data: x\n"), 1U);
  EXPECT_EQ(Keep("data: x\n"), 1U);
  EXPECT_EQ(Keep("data: y\n"), 2U);
  EXPECT_EQ(Keep("data: x\n"), 3U);
  EXPECT_EQ(Whos(), "1 reload\n2 reload\n3 reload\n");
}

TEST_F(HistoryTest, KeepsTheLastFifty) {
  for (std::size_t i = 1; i <= kMaxVersions + 5; ++i) {
    Keep("data: x" + std::to_string(i) + "\n");
  }
  const auto versions = history_.List();
  ASSERT_EQ(versions.size(), kMaxVersions);
  EXPECT_EQ(versions.front().id, 6U);
  EXPECT_EQ(versions.back().id, kMaxVersions + 5);
  EXPECT_EQ(history_.Get(1).error().message,
            "version 1 is not in " + history_.folder() + "; kept are 6 to 55");
}

TEST_F(HistoryTest, KeepsNoSecretAndIsForItsOwnerOnly) {
  variables_ = {{"KEY", "canary-env"}};
  folder_.Write("key", "canary-file");
  const std::string text =
      "providers:\n  a: {base_url: 'http://a', key: canary-literal}\n"
      "  b: {base_url: 'http://b', key: '${KEY}'}\n  c: {base_url: 'http://c', key: {file: key}}\n"
      "  d: {base_url: 'http://d', key: {command: [printf, canary-command]}}\n"
      "routing: {store: 'redis://:canary-url@h'}  # canary-literal\n";
  Keep(text);
  const std::string kept = folder_.Read("data/config-history/000001.json");
  for (const char* canary : {"canary-env", "canary-file", "canary-literal", "canary-url"}) {
    EXPECT_THAT(kept, Not(HasSubstr(canary)));
  }
  EXPECT_THAT(history_.Get(1)->files[0].text, HasSubstr("key: '${KEY}'"));
  EXPECT_THAT(history_.Get(1)->files[0].text, HasSubstr("key: {file: key}"));
  struct stat s{};
  ASSERT_EQ(stat((history_.folder() + "/000001.json").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600U);
  ASSERT_EQ(stat(history_.folder().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0700U);
}

TEST_F(HistoryTest, TellsWhatChangedBetweenTwo) {
  Keep("server: {drain: 2s}\n");
  Keep("server: {drain: 3s, workers: 2}\n");
  EXPECT_EQ(Text(history_.Diff(*RootTable().data(), 1, 2).value()),
            "server.drain: 2s -> 3s\nserver.workers: auto -> 2 (needs a restart)\n");
  EXPECT_EQ(Text(history_.Diff(*RootTable().data(), 2, 1).value()),
            "server.drain: 3s -> 2s\nserver.workers: 2 -> auto (needs a restart)\n");
  EXPECT_FALSE(history_.Diff(*RootTable().data(), 1, 9));
}

TEST_F(HistoryTest, WarnsWhereItCannotWriteAndLeavesNothing) {
  std::filesystem::remove(data_);
  folder_.Write("a.yaml", "data: x\n");
  const auto missing = history_.Record(RootTable(), Read(), "start", kNow);
  EXPECT_THAT(missing.error().message, HasSubstr("No such file or directory"));
  folder_.Write("data", "a file");
  EXPECT_FALSE(history_.Record(RootTable(), Read(), "start", kNow));
  EXPECT_TRUE(history_.List().empty());
}

TEST_F(HistoryTest, PassesOverFilesThatAreNoVersions) {
  Keep("data: x\n");
  folder_.Write("data/config-history/000002.json", "{\"id\":2");
  folder_.Write("data/config-history/000003.json", "[]");
  folder_.Write("data/config-history/notes.txt", "mine");
  EXPECT_EQ(Whos(), "1 reload\n");
  EXPECT_FALSE(history_.Get(2));
  EXPECT_FALSE(history_.Get(3));
  EXPECT_EQ(Keep("data: y\n"), 4U);
}

TEST_F(HistoryTest, KeepsAConfigurationWithoutAFile) {
  const auto loaded = Load(RootTable(), Request{});
  EXPECT_EQ(history_.Record(RootTable(), loaded, "start", kNow).value(), 1U);
  EXPECT_THAT(Line(*history_.Get(1)), HasSubstr("start  no file"));
  EXPECT_EQ(Back(1).error().message, "version 1 had no file; start Signalbox without --config");
}

TEST_F(HistoryTest, RestoresTheFilesAndKeepsThePresentOnes) {
  folder_.Write("b.yaml", "server: {workers: 3}\n");
  Keep("include: b.yaml\ndata: x # one\n", "start");
  folder_.Write("b.yaml", "server: {workers: 4}\n");
  Keep("include: b.yaml\ndata: y\n");
  folder_.Write("a.yaml", "data: not loaded by anybody\n");
  chmod((folder_ / "a.yaml").c_str(), 0640);
  const auto restored = Back(1);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(folder_.Read("a.yaml"), "include: b.yaml\ndata: x # one\n");
  EXPECT_EQ(folder_.Read("b.yaml"), "server: {workers: 3}\n");
  EXPECT_EQ(restored->value.server.workers, 3);
  EXPECT_EQ(Whos(), "1 start\n2 reload\n3 before a restore\n4 restore of version 1\n");
  EXPECT_EQ(history_.Get(3)->files[0].text, "data: not loaded by anybody\n");
  struct stat s{};
  ASSERT_EQ(stat((folder_ / "a.yaml").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0640U);
}

TEST_F(HistoryTest, RestoreLeavesTheSecretThatStandsThereNow) {
  Keep("providers: {e: {base_url: 'http://old', key: canary-old}}\n");
  Keep("providers: {e: {base_url: 'http://new', key: canary-new}}\n");
  const auto restored = Back(1);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(folder_.Read("a.yaml"),
            "providers: {e: {base_url: 'http://old', key: \"canary-new\"}}\n");
}

TEST_F(HistoryTest, RestoreRefusesWhenTheSecretIsGone) {
  Keep("providers: {e: {base_url: 'http://old', key: canary-old}}\n");
  Keep("data: x\n");
  EXPECT_EQ(Back(1).error().message,
            "version 1 had the secret providers.e.key written in " + (folder_ / "a.yaml") +
                ", and history keeps no secrets: write it there (better as ${NAME} or { file: PATH "
                "}) and restore again");
  EXPECT_EQ(folder_.Read("a.yaml"), "data: x\n");
  EXPECT_EQ(Whos(), "1 reload\n2 reload\n");
}

TEST_F(HistoryTest, RestoreWritesNothingThatWouldBeWrong) {
  variables_ = {{"KEY", "k"}};
  Keep("providers: {e: {base_url: 'http://old', key: '${KEY}'}}\n");
  Keep("data: x\n");
  variables_.clear();
  const auto restored = Back(1);
  ASSERT_TRUE(restored);
  EXPECT_THAT(Text(restored->problems), HasSubstr("variable KEY is not set"));
  EXPECT_EQ(folder_.Read("a.yaml"), "data: x\n");
}

TEST_F(HistoryTest, RestoreRefusesFilesThatWereNotThere) {
  folder_.Write("c/1.yaml", "server: {workers: 1}\n");
  Keep("include: c/*.yaml\n");
  folder_.Write("c/2.yaml", "data: two\n");
  Keep("include: [c/*.yaml]\n");
  EXPECT_EQ(Back(1).error().message, (folder_ / "c/2.yaml") +
                                         " is included now and was not in version 1; move it away "
                                         "first");
  EXPECT_EQ(folder_.Read("a.yaml"), "include: [c/*.yaml]\n");
}

TEST_F(HistoryTest, RestoreBringsBackAFileThatAPatternFound) {
  folder_.Write("c/1.yaml", "server: {workers: 7}\n");
  Keep("include: c/*.yaml\n");
  std::filesystem::remove(folder_ / "c/1.yaml");
  Keep("include: [c/*.yaml]\n");
  const auto restored = Back(1);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(Read().value.server.workers, 7);
}

TEST_F(HistoryTest, RestoreIsOfTheSameFileOnly) {
  Keep("data: x\n");
  folder_.Write("other.yaml", "data: z\n");
  const auto present = Load(RootTable(), {.file = folder_ / "other.yaml"});
  const auto restored = Restore(RootTable(), history_, 1, present, {}, kNow);
  EXPECT_THAT(restored.error().message, HasSubstr("give --config " + (folder_ / "a.yaml")));
}

TEST(AtomicFile, ReplacesTheTargetOfALink) {
  const TempFolder folder;
  folder.Write("real", "old");
  std::filesystem::create_symlink("real", folder / "link");
  ASSERT_TRUE(ReplaceFile(folder / "link", "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(folder.Read("real"), "new");
}

TEST(AtomicFile, SaysWhatTheDiskSays) {
  const auto full = ReplaceFile("/dev/full/x", "text");
  EXPECT_EQ(full.error().message, "/dev/full/x: Not a directory");
  const TempFolder folder;
  folder.Write("there", "old");
  EXPECT_FALSE(CreateFile(folder / "there", "new").value());
  EXPECT_EQ(folder.Read("there"), "old");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, ElementsAre("there"));
}

// A disk that takes a part and no more, as far as a test can have one.
TEST(AtomicFile, LeavesTheOldFileWhenTheDiskIsFull) {
  const TempFolder folder;
  folder.Write("there", "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1 << 20, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto status = ReplaceFile(folder / "there", std::string(2 << 20, 'x'));
  const auto created = CreateFile(folder / "new", std::string(2 << 20, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(status.error().message, (folder / "there") + ": File too large");
  EXPECT_FALSE(created);
  EXPECT_EQ(folder.Read("there"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace signalbox::config::sample
