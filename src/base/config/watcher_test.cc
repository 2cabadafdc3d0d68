// The clock is the test's; the files and the system's notices are real.
#include "base/config/watcher.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>

#include "base/config/load.h"
#include "base/config/sample_table.h"
#include "base/config/temp_folder_testing.h"
#include "base/config/watch_thread.h"

namespace signalbox::config::sample {
namespace {

namespace fs = std::filesystem;

// With inotify, and without it.
class WatcherTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    folder_.Write("a.yaml",
                  "include: [b.yaml, conf.d/*.yaml]\nproviders: {e: {base_url: "
                  "'http://h', key: {file: key}}}\n");
    folder_.Write("b.yaml", "data: b\n");
    folder_.Write("key", "k");
    fs::create_directory(folder_ / "conf.d");
  }

  void Watch() { Watch(folder_ / "a.yaml"); }
  void Watch(const std::string& file) {
    const auto loaded = Load(RootTable(), {.file = file});
    watcher_.Watch(loaded.files);
    EXPECT_FALSE(watcher_.Changed(now_));
  }
  // Whether a change is told within `time`, asked as an event loop would. Stops when it is.
  bool ToldWithin(std::chrono::milliseconds time) {
    const core::MonoTime end = now_ + time;
    while (!watcher_.Changed(now_)) {
      if (now_ >= end) {
        return false;
      }
      now_ += std::max(watcher_.Wait(now_), std::chrono::milliseconds(1));
    }
    return true;
  }
  // What is too long to be noticed by looking now and then counts as a failure with inotify.
  bool Told() { return ToldWithin(GetParam() ? 700ms : 3s); }
  bool ToldAgain() { return ToldWithin(10s); }

  TempFolder folder_;
  core::MonoTime now_ = core::MonoTime(1h);
  Watcher watcher_{{.inotify = GetParam()}};
};

TEST_P(WatcherTest, TellsAWriteInPlaceOnce) {
  Watch();
  folder_.Write("a.yaml", "data: another\n");
  EXPECT_TRUE(Told());
  EXPECT_FALSE(ToldAgain());
  folder_.Write("a.yaml", "data: yet another\n");
  EXPECT_TRUE(Told());
}

TEST_P(WatcherTest, TellsARenameOver) {
  Watch();
  folder_.Write("a.yaml~", "data: other\n");
  fs::rename(folder_ / "a.yaml~", folder_ / "a.yaml");
  EXPECT_TRUE(Told());
  EXPECT_FALSE(ToldAgain());
}

TEST_P(WatcherTest, TellsIncludedFilesSecretsAndNewMatches) {
  Watch();
  folder_.Write("b.yaml", "data: other\n");
  EXPECT_TRUE(Told());
  folder_.Write("key", "rotated");
  EXPECT_TRUE(Told());
  folder_.Write("conf.d/new.yaml", "server: {workers: 2}\n");
  EXPECT_TRUE(Told());
  folder_.Write("unrelated.txt", "x");
  EXPECT_FALSE(ToldAgain());
}

TEST_P(WatcherTest, TellsAFileThatGoesAndComes) {
  Watch();
  fs::remove(folder_ / "b.yaml");
  EXPECT_TRUE(Told());
  EXPECT_FALSE(ToldAgain());
  folder_.Write("b.yaml", "data: back again\n");
  EXPECT_TRUE(Told());
}

TEST_P(WatcherTest, TellsAFileThatWasMissedWhenItWasRead) {
  fs::remove(folder_ / "b.yaml");
  Watch();
  folder_.Write("b.yaml", "data: now\n");
  EXPECT_TRUE(Told());
}

// A change between reading and watching must not get lost.
TEST_P(WatcherTest, TellsWhatChangedBeforeItWatched) {
  const auto loaded = Load(RootTable(), {.file = folder_ / "a.yaml"});
  folder_.Write("b.yaml", "data: changed meanwhile\n");
  watcher_.Watch(loaded.files);
  EXPECT_TRUE(Told());
}

// Kubernetes: a.yaml -> ..data/a.yaml, ..data -> ..1; an update switches ..data.
TEST_P(WatcherTest, TellsALinkThatIsSwitched) {
  for (const char* version : {"..1", "..2"}) {
    folder_.Write(std::string("mount/") + version + "/a.yaml", std::string("data: ") + version);
  }
  fs::create_symlink("..1", folder_ / "mount/..data");
  fs::create_symlink("..data/a.yaml", folder_ / "mount/a.yaml");
  Watch(folder_ / "mount/a.yaml");
  fs::create_symlink("..2", folder_ / "mount/..data_tmp");
  fs::rename(folder_ / "mount/..data_tmp", folder_ / "mount/..data");
  EXPECT_TRUE(Told());
  folder_.Write("mount/..2/a.yaml", "data: written behind the link\n");
  EXPECT_TRUE(Told());
}

TEST_P(WatcherTest, WaitsUntilWritingIsOver) {
  Watch();
  folder_.Write("b.yaml", "da");
  EXPECT_FALSE(watcher_.Changed(now_ += 2s));
  EXPECT_FALSE(watcher_.Changed(now_ += 100ms));
  folder_.Write("b.yaml", "data: wh");
  EXPECT_FALSE(watcher_.Changed(now_ += 100ms));
  folder_.Write("b.yaml", "data: whole\n");
  EXPECT_FALSE(watcher_.Changed(now_ += 200ms));
  EXPECT_TRUE(watcher_.Changed(now_ += 200ms));
}

TEST_P(WatcherTest, DoesNotWaitForAWriterWithoutEnd) {
  Watch();
  bool told = false;
  for (int i = 0; i < 40 && !told; ++i) {
    folder_.Write("b.yaml", "data: " + std::string(static_cast<std::size_t>(i), 'x') + "\n");
    now_ += 100ms;
    told = watcher_.Changed(now_);
  }
  EXPECT_TRUE(told);
}

TEST_P(WatcherTest, SaysNothingOfWhatIsAsItWas) {
  Watch();
  fs::rename(folder_ / "b.yaml", folder_ / "c.yaml");
  fs::rename(folder_ / "c.yaml", folder_ / "b.yaml");
  struct stat s{};
  ASSERT_EQ(stat((folder_ / "b.yaml").c_str(), &s), 0);
  // A rename changes the file's change time, so it is told once, and then it is known.
  ToldWithin(3s);
  EXPECT_FALSE(ToldAgain());
}

INSTANTIATE_TEST_SUITE_P(Notices, WatcherTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Inotify" : "Polling"; });

TEST(Watcher, LooksSeldomInABusyFolder) {
  const TempFolder folder;
  folder.Write("a.yaml", "data: a\n");
  class Counting final : public Outside {
   public:
    int looks = 0;
    FileStamp Stamp(const std::string& path) override { return ++looks, System().Stamp(path); }
    std::expected<FileText, std::string> Read(const std::string& p, std::size_t l,
                                              bool s) override {
      return System().Read(p, l, s);
    }
    std::vector<std::string> Match(const std::string& p) override { return System().Match(p); }
    std::string Canonical(const std::string& p) override { return p; }
    Text Run(const std::vector<std::string>&, const Environment&) override { return ""; }
  } counting;
  Watcher watcher({}, counting);
  watcher.Watch(Load(RootTable(), {.file = folder / "a.yaml"}).files);
  core::MonoTime now(1h);
  for (int i = 0; i < 1000; ++i) {
    folder.Write("log", std::to_string(i));
    EXPECT_FALSE(watcher.Changed(now += 1ms));
  }
  EXPECT_GE(counting.looks, 5);
  EXPECT_LE(counting.looks, 7);
}

class Bell {
 public:
  void Ring() {
    const std::lock_guard lock(mutex_);
    ++rings_;
    changed_.notify_all();
  }
  bool WaitFor(int rings) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return rings_ >= rings; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int rings_ = 0;
};

TEST(WatchThread, CallsBackForEveryChange) {
  const TempFolder folder;
  folder.Write("a.yaml", "data: a\n");
  const auto files = [&] { return Load(RootTable(), {.file = folder / "a.yaml"}).files; };
  Bell bell;
  WatchThread thread(files(), [&] { bell.Ring(); }, {.quiet = 10ms, .poll = 50ms});
  folder.Write("a.yaml", "data: other\n");
  EXPECT_TRUE(bell.WaitFor(1));
  folder.Write("b.yaml", "data: b\n");
  folder.Write("a.yaml", "include: b.yaml\n");
  EXPECT_TRUE(bell.WaitFor(2));
  thread.Watch(files());
  folder.Write("b.yaml", "data: another b\n");
  EXPECT_TRUE(bell.WaitFor(3));
}

TEST(WatchThread, EndsWhileItWaits) {
  const TempFolder folder;
  folder.Write("a.yaml", "data: a\n");
  const auto files = Load(RootTable(), {.file = folder / "a.yaml"}).files;
  for (int i = 0; i < 20; ++i) {
    const WatchThread thread(files, [] {}, {.poll = 1h});
  }
}

}  // namespace
}  // namespace signalbox::config::sample
