#include "io/store/files/files.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "base/config/temp_folder_testing.h"
#include "io/store/files/draft.h"
#include "io/store/objects_contract_testing.h"

namespace signalbox::store {

INSTANTIATE_TEST_SUITE_P(Files, ObjectsContract,
                         testing::Values(+[]() -> std::unique_ptr<ObjectsRig> {
                           class Rig final : public ObjectsRig {
                            public:
                             Objects& objects() override { return *files_; }

                            private:
                             config::sample::TempFolder folder_;
                             std::unique_ptr<Objects> files_ =
                                 *files::Files::Open(folder_ / "objects");
                           };
                           return std::make_unique<Rig>();
                         }));

}  // namespace signalbox::store

namespace signalbox::files {
namespace {

using core::ErrorCode;
using store::Key;

constexpr std::size_t kLimit = 1 << 20;

class FilesTest : public testing::Test {
 protected:
  std::string PathOf(const std::string& key) const { return root_ + "/" + key; }
  std::size_t Drafts() const {
    const std::filesystem::directory_iterator entries(PathOf(".drafts"));
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  config::sample::TempFolder folder_;
  std::string root_ = folder_ / "objects";
  std::unique_ptr<Files> files_ = *Files::Open(root_);
};

TEST_F(FilesTest, AnObjectIsAFileAtItsKeyForItsOwnerAlone) {
  ASSERT_TRUE(files_->PutText(Key("episodes/2026/a.json"), "{}"));
  EXPECT_EQ(folder_.Read("objects/episodes/2026/a.json"), "{}");
  struct stat s{};
  ASSERT_EQ(stat(PathOf("episodes/2026/a.json").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0600U);
  ASSERT_EQ(stat(PathOf("episodes").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0700U);
  EXPECT_EQ(Drafts(), 0U);
}

TEST_F(FilesTest, NeitherReadsNorWritesThroughALink) {
  folder_.Write("outside/secret.txt", "secret");
  ASSERT_EQ(symlink((folder_ / "outside").c_str(), PathOf("folder").c_str()), 0);
  ASSERT_EQ(symlink((folder_ / "outside/secret.txt").c_str(), PathOf("link.txt").c_str()), 0);
  ASSERT_EQ(symlink("/proc/self/environ", PathOf("environ.txt").c_str()), 0);
  for (const char* const key : {"folder/secret.txt", "link.txt", "environ.txt"}) {
    const auto got = files_->GetText(Key(key), kLimit);
    ASSERT_FALSE(got) << key;
    EXPECT_EQ(got.error().code, ErrorCode::kForbidden) << got.error().message;
  }
  EXPECT_FALSE(files_->PutText(Key("folder/new.txt"), "x"));
  EXPECT_FALSE(files_->PutText(Key("folder/new/deep.txt"), "x"));
  EXPECT_FALSE(files_->Delete(Key("folder/secret.txt")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "outside/new.txt"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "outside/new"));
  EXPECT_EQ(folder_.Read("outside/secret.txt"), "secret");
  EXPECT_TRUE(files_->List({})->objects.empty());
  // A link that stands where an object goes is replaced, not followed.
  ASSERT_TRUE(files_->PutText(Key("link.txt"), "mine"));
  EXPECT_EQ(folder_.Read("outside/secret.txt"), "secret");
  EXPECT_EQ(*files_->GetText(Key("link.txt"), kLimit), "mine");
}

TEST_F(FilesTest, AFolderThatIsSwappedForALinkLeadsNowhere) {
  folder_.Write("outside/a.txt", "secret");
  ASSERT_TRUE(files_->PutText(Key("f/a.txt"), "mine"));
  const std::string folder = PathOf("f");
  ASSERT_EQ(symlink((folder_ / "outside").c_str(), PathOf("link").c_str()), 0);
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    while (!stop) {
      renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, PathOf("link").c_str(), RENAME_EXCHANGE);
    }
  });
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto got = files_->GetText(Key("f/a.txt"), kLimit);
    ASSERT_TRUE(!got || *got == "mine");
    read += got ? 1 : 0;
    if (i % 100 == 0) {
      static_cast<void>(files_->PutText(Key("f/a.txt"), "mine"));
    }
  }
  stop = true;
  swapper.join();
  EXPECT_GT(read, 0);
  EXPECT_EQ(folder_.Read("outside/a.txt"), "secret");
}

TEST_F(FilesTest, TheWalkRefusesWhatTheKernelRefuses) {
  folder_.Write("outside/secret.txt", "secret");
  folder_.Write("objects/f/a.txt", "mine");
  ASSERT_EQ(symlink((folder_ / "outside").c_str(), PathOf("folder").c_str()), 0);
  ASSERT_EQ(symlink("f/a.txt", PathOf("link.txt").c_str()), 0);
  const Descriptor root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const char* const path :
       {"folder/secret.txt", "link.txt", "../outside/secret.txt", "/etc/passwd",
        "f/../../outside/secret.txt", "f/a.txt/b.txt", "none/a.txt"}) {
    EXPECT_FALSE(WalkBeneath(root, path, O_RDONLY)) << path;
    EXPECT_FALSE(OpenBeneath(root, path, O_RDONLY)) << path;
  }
  EXPECT_TRUE(WalkBeneath(root, "f/a.txt", O_RDONLY));
  EXPECT_TRUE(OpenBeneath(root, "f/a.txt", O_RDONLY));
}

TEST_F(FilesTest, WhatIsNoObjectIsNeitherReadNorListed) {
  ASSERT_EQ(mkfifo(PathOf("pipe.txt").c_str(), 0600), 0);
  ASSERT_EQ(mkdir(PathOf("folder.txt").c_str(), 0700), 0);
  folder_.Write("objects/no key.txt", "x");
  folder_.Write("objects/folder.txt/a.txt", "x");
  EXPECT_FALSE(files_->GetText(Key("pipe.txt"), kLimit));
  EXPECT_FALSE(files_->GetText(Key("folder.txt"), kLimit));
  EXPECT_FALSE(files_->PutText(Key("folder.txt"), "x"));
  EXPECT_TRUE(files_->List({})->objects.empty());
}

TEST_F(FilesTest, ListsAFolderOfManyInPagesThatHoldOnlyThemselves) {
  for (int i = 0; i < 3000; ++i) {
    folder_.Write("objects/f/" + std::to_string(10'000 + i) + ".txt", "x");
  }
  store::ListRequest request{.prefix = "f/", .limit = 500};
  std::size_t listed = 0;
  while (true) {
    const auto page = *files_->List(request);
    EXPECT_EQ(page.objects.front().key.text(), "f/" + std::to_string(10'000 + listed) + ".txt");
    listed += page.objects.size();
    if (page.next_after.empty()) {
      break;
    }
    request.after = page.next_after;
  }
  EXPECT_EQ(listed, 3000U);
}

TEST_F(FilesTest, AKilledPutLeavesADraftThatALaterStartRemoves) {
  const pid_t child = fork();
  if (child == 0) {
    const store::ObjectSource source = [](std::span<char> out) -> core::Result<std::size_t> {
      static int pieces = 0;
      if (pieces++ == 3) {
        raise(SIGKILL);
      }
      return out.size();
    };
    static_cast<void>(files_->Put(Key("a.bin"), source, {}));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(Drafts(), 1U);
  EXPECT_FALSE(files_->Find(Key("a.bin")));
  EXPECT_TRUE(Files::Open(root_));  // may still be somebody's
  EXPECT_EQ(Drafts(), 1U);
  const std::string draft = std::filesystem::directory_iterator(PathOf(".drafts"))->path().string();
  const timespec two_days_ago{.tv_sec = time(nullptr) - 2 * 86'400, .tv_nsec = 0};
  const timespec times[2] = {two_days_ago, two_days_ago};
  ASSERT_EQ(utimensat(AT_FDCWD, draft.c_str(), times, 0), 0);
  EXPECT_TRUE(Files::Open(root_));
  EXPECT_EQ(Drafts(), 0U);
}

TEST_F(FilesTest, AFileThatMayNotGrowFailsAsAFullDiskDoes) {
  ASSERT_TRUE(files_->PutText(Key("a.txt"), "before"));
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 100'000, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto put = files_->PutText(Key("a.txt"), std::string(500'000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Drafts(), 0U);
  EXPECT_EQ(*files_->GetText(Key("a.txt"), kLimit), "before");
}

bool WriteProc(const char* path, const std::string& text) {
  const Descriptor file(open(path, O_WRONLY | O_CLOEXEC));
  return file && write(file.number(), text.data(), text.size()) == ssize_t(text.size());
}

// Mounts of this process's own, by whatever right it has.
bool HasOwnMounts() {
  if (unshare(CLONE_NEWNS) == 0) {
    return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }
  const std::string user = "0 " + std::to_string(getuid()) + " 1";
  const std::string group = "0 " + std::to_string(getgid()) + " 1";
  return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && WriteProc("/proc/self/setgroups", "deny") &&
         WriteProc("/proc/self/uid_map", user) && WriteProc("/proc/self/gid_map", group);
}

// On a file system of 256 KiB; returns the step that failed, 77 where none can be mounted.
int OnASmallDisk(const std::string& root) {
  if (!HasOwnMounts() || mount("tmpfs", root.c_str(), "tmpfs", 0, "size=256k") != 0) {
    return 77;
  }
  const auto files = *Files::Open(root);
  if (!files->PutText(Key("a.txt"), "before")) {
    return 1;
  }
  const auto full = files->PutText(Key("a.txt"), std::string(500'000, 'x'));
  if (full || full.error().code != ErrorCode::kUnavailable ||
      full.error().message.find("space left") == std::string::npos) {
    return 2;
  }
  if (*files->GetText(Key("a.txt"), kLimit) != "before") {
    return 3;
  }
  if (!files->PutText(Key("b.txt"), std::string(150'000, 'y'))) {
    return 4;  // the room that the failed one took is there again
  }
  if (mount(nullptr, root.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    return 0;
  }
  const auto refused = files->PutText(Key("c.txt"), "x");
  return !refused && refused.error().code == ErrorCode::kUnavailable &&
                 *files->GetText(Key("a.txt"), kLimit) == "before"
             ? 0
             : 5;
}

TEST_F(FilesTest, AFullDiskFailsThePutAndLosesNothing) {
  const std::string disk = folder_ / "disk";
  ASSERT_EQ(mkdir(disk.c_str(), 0700), 0);
  const pid_t child = fork();
  if (child == 0) {
    _exit(OnASmallDisk(disk));
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "skipped: no file system may be mounted here";
  }
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the step that failed";
}

TEST(Files, SaysWhereItCannotBe) {
  const auto files = Files::Open("/proc/objects");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(files.error().message.starts_with("/proc/objects: "));
}

}  // namespace
}  // namespace signalbox::files
