// The files of the master key and of the data keys, opened as a program opens them at its start,
// and killed at every step of a rotation.
#include "io/store/vault/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "base/config/temp_folder_testing.h"
#include "base/core/random.h"
#include "io/store/vault/file_key_store.h"
#include "io/store/vault/options.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr Purpose kPrompts = "prompts";
constexpr std::string_view kHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

// A file key store whose process is killed around a save.
class DeadlyKeyStore final : public KeyStore {
 public:
  enum class When : std::uint8_t { kBefore, kAfter };
  DeadlyKeyStore(KeyStore& store, When when) : store_(store), when_(when) {}

  core::Result<KeySet> Load() override { return store_.Load(); }
  core::Status Save(const KeySet& set) override {
    if (when_ == When::kBefore) {
      raise(SIGKILL);
    }
    const core::Status saved = store_.Save(set);
    raise(SIGKILL);
    return saved;
  }
  std::string Name() const override { return store_.Name(); }

 private:
  KeyStore& store_;
  When when_;
};

class KeyFileTest : public testing::Test {
 protected:
  core::Result<std::unique_ptr<Vault>> TryOpen(
      KeyStore& store, const config::Environment::Variables& variables = {}) {
    return OpenVault(options_, config::Environment(variables), folder_.path(), store);
  }
  std::unique_ptr<Vault> Open() {
    auto vault = TryOpen(store_);
    EXPECT_TRUE(vault) << vault.error().message;
    return vault ? *std::move(vault) : nullptr;
  }
  static int InChild(const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
      work();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
  void ExpectOpens(const std::string& sealed) {
    const auto vault = Open();
    ASSERT_TRUE(vault);
    EXPECT_EQ(vault->Unseal(kPrompts, sealed, "").value_or("does not open"), "the text");
    const auto file = ReadKeyFile(path_);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->id, vault->master());
  }

  config::sample::TempFolder folder_;
  EncryptionOptions options_;
  std::string path_ = folder_ / "master.key";
  FileKeyStore store_{folder_ / "keys.json"};
};

TEST_F(KeyFileTest, TheFirstStartMakesAKeyForItsOwnerAlone) {
  const auto vault = Open();
  struct stat s{};
  ASSERT_EQ(stat(path_.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0600U);
  EXPECT_EQ(ReadKeyFile(path_)->id, vault->master());
}

TEST_F(KeyFileTest, LaterStartsUseIt) {
  const std::string sealed = *Open()->Seal(kPrompts, "the text", "");
  ExpectOpens(sealed);
}

TEST_F(KeyFileTest, NeitherKeysNorTextAreInTheDataKeysFile) {
  auto vault = Open();
  ASSERT_TRUE(vault->Seal(kPrompts, "canary", ""));
  const std::string text = folder_.Read("keys.json");
  EXPECT_NE(text.find(vault->master().Text()), std::string::npos);
  EXPECT_EQ(text.find("canary"), std::string::npos);
  EXPECT_EQ(text.find(folder_.Read("master.key").substr(0, 43)), std::string::npos);
  struct stat s{};
  ASSERT_EQ(stat((folder_ / "keys.json").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777, 0600U);
}

TEST_F(KeyFileTest, AFileThatOthersMayOpenIsRefused) {
  Open();
  for (const mode_t mode : {0604, 0640, 0660, 0601, 0777}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    const auto vault = TryOpen(store_);
    ASSERT_FALSE(vault) << mode;
    EXPECT_EQ(vault.error().code, ErrorCode::kForbidden);
    EXPECT_NE(vault.error().message.find("chmod 600"), std::string::npos);
  }
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(TryOpen(store_));
}

TEST_F(KeyFileTest, AMissingFileIsNotMadeAgain) {
  auto vault = Open();
  ASSERT_TRUE(vault->Seal(kPrompts, "the text", ""));
  ASSERT_EQ(unlink(path_.c_str()), 0);
  const auto again = TryOpen(store_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
  EXPECT_NE(again.error().message.find(vault->master().Text()), std::string::npos);
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(KeyFileTest, WhatIsNoKeyIsRefusedWithoutRepeatingIt) {
  for (const char* text : {"", "canary", "canarycanarycanarycanarycanarycanarycanarycana"}) {
    folder_.Write("master.key", text);
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
    const auto vault = TryOpen(store_);
    ASSERT_FALSE(vault);
    EXPECT_EQ(vault.error().message.find("canary"), std::string::npos);
    EXPECT_NE(vault.error().message.find(path_), std::string::npos);
  }
}

TEST_F(KeyFileTest, AFolderOrAPipeIsNoKeyFile) {
  options_.key_file = folder_.path();
  EXPECT_FALSE(TryOpen(store_));
  options_.key_file = folder_ / "pipe";
  ASSERT_EQ(mkfifo(options_.key_file.c_str(), 0600), 0);
  const auto vault = TryOpen(store_);  // does not wait for a writer
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().code, ErrorCode::kInvalidRequest);
}

TEST_F(KeyFileTest, TheConfigurationComesBeforeTheEnvironmentAndThatBeforeTheFile) {
  const MasterKey other = MasterKey::New();
  const config::Environment::Variables variables{{"SIGNALBOX_MASTER_KEY", other.FileText()}};
  FileKeyStore first(folder_ / "first.json");
  EXPECT_EQ((*TryOpen(first, variables))->master(), other.id);
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
  options_.key = config::Secret(std::string(kHex));
  FileKeyStore second(folder_ / "second.json");
  EXPECT_EQ((*TryOpen(second, variables))->master(), MasterKey::Parse(kHex)->id);
}

TEST_F(KeyFileTest, AMistakeIsNamedByItsOption) {
  options_.key = config::Secret("canary");
  const auto vault = TryOpen(store_);
  ASSERT_FALSE(vault);
  EXPECT_TRUE(vault.error().message.starts_with("encryption.key: ")) << vault.error().message;
  EXPECT_EQ(vault.error().message.find("canary"), std::string::npos);
}

TEST_F(KeyFileTest, ThePreviousKeyOpensUntilTheNewOneHasWrappedTheKeys) {
  options_.key = config::Secret(std::string(kHex));
  const std::string sealed = *Open()->Seal(kPrompts, "the text", "");
  const MasterKey next = MasterKey::New();
  options_.previous_key = options_.key;
  options_.key = config::Secret(next.FileText());
  const auto vault = Open();
  EXPECT_EQ(vault->Unseal(kPrompts, sealed, ""), "the text");
  ASSERT_TRUE(vault->RotateMaster(next));
  options_.previous_key = {};
  EXPECT_EQ(Open()->Unseal(kPrompts, sealed, ""), "the text");
}

TEST_F(KeyFileTest, AMasterKeyIsRotatedWhereItIs) {
  const auto rotate = [this](const config::Environment::Variables& variables = {}) {
    return RotateMasterKey(options_, config::Environment(variables), folder_.path(), store_);
  };
  EXPECT_EQ(rotate().error().code, ErrorCode::kNotFound);
  EXPECT_NE(access(path_.c_str(), F_OK), 0) << "none is made on the way";
  const std::string sealed = *Open()->Seal(kPrompts, "the text", "");
  const auto in_file = rotate();
  ASSERT_TRUE(in_file) << in_file.error().message;
  EXPECT_EQ(in_file->path, path_);
  EXPECT_EQ(in_file->master, ReadKeyFile(path_)->id);
  ExpectOpens(sealed);
  // Out of the file, into the configuration.
  options_.previous_key = config::Secret(folder_.Read("master.key"));
  options_.key = config::Secret(std::string(kHex));
  const auto given = rotate();
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->path, "");
  EXPECT_EQ(given->master, MasterKey::Parse(kHex)->id);
  options_.previous_key = {};
  EXPECT_EQ(Open()->Unseal(kPrompts, sealed, ""), "the text");
  EXPECT_EQ(rotate().error().code, ErrorCode::kConflict);
  options_.key = config::Secret(MasterKey::New().FileText());
  EXPECT_EQ(rotate().error().code, ErrorCode::kUnauthenticated);
}

TEST_F(KeyFileTest, RotatingTheFileLeavesNothingOfTheOldKey) {
  const std::string sealed = *Open()->Seal(kPrompts, "the text", "");
  const std::string before = folder_.Read("master.key");
  const auto vault = Open();
  ASSERT_TRUE(RotateKeyFile(*vault, path_));
  EXPECT_NE(folder_.Read("master.key"), before);
  EXPECT_NE(access((path_ + ".next").c_str(), F_OK), 0);
  EXPECT_EQ(vault->Unseal(kPrompts, sealed, ""), "the text");
  ExpectOpens(sealed);
}

TEST_F(KeyFileTest, ARunningProcessFollowsARotationByAnother) {
  const auto running = Open();
  const std::string sealed = *running->Seal(kPrompts, "the text", "");
  ASSERT_TRUE(RotateKeyFile(*Open(), path_));
  const auto rotated = running->Rotate(kPrompts);
  ASSERT_TRUE(rotated) << rotated.error().message;
  EXPECT_EQ(running->master(), ReadKeyFile(path_)->id);
  ExpectOpens(sealed);
}

TEST_F(KeyFileTest, AKillBeforeTheDataKeysAreWrappedLeavesTheOldKeyInUse) {
  const auto first = Open();
  const std::string sealed = *first->Seal(kPrompts, "the text", "");
  const int status = InChild([&] {
    DeadlyKeyStore deadly(store_, DeadlyKeyStore::When::kBefore);
    static_cast<void>(RotateKeyFile(**TryOpen(deadly), path_));
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(access((path_ + ".next").c_str(), F_OK), 0);
  EXPECT_EQ(Open()->master(), first->master());
  ExpectOpens(sealed);
  ASSERT_TRUE(RotateKeyFile(*Open(), path_));
  ExpectOpens(sealed);
}

TEST_F(KeyFileTest, AKillAfterTheDataKeysAreWrappedLeavesTheNewKeyInUse) {
  const auto first = Open();
  const std::string sealed = *first->Seal(kPrompts, "the text", "");
  const int status = InChild([&] {
    DeadlyKeyStore deadly(store_, DeadlyKeyStore::When::kAfter);
    static_cast<void>(RotateKeyFile(**TryOpen(deadly), path_));
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(ReadKeyFile(path_)->id, first->master());
  EXPECT_NE(Open()->master(), first->master());
  ExpectOpens(sealed);
}

TEST_F(KeyFileTest, KillsAtAnyMomentOfManyRotationsLoseNothing) {
  const std::string sealed = *Open()->Seal(kPrompts, "the text", "");
  core::Random random(7);
  for (int round = 0; round < 40; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      const auto vault = TryOpen(store_);
      while (vault && RotateKeyFile(**vault, path_) && (*vault)->Rotate(kPrompts)) {
      }
      _exit(3);
    }
    usleep(static_cast<useconds_t>(random.Draw() * 20'000));  // the moment of the kill
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the rotation itself failed";
    ExpectOpens(sealed);
  }
}

}  // namespace
}  // namespace signalbox::vault
