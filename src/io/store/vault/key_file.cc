#include "io/store/vault/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/config/atomic_file.h"
#include "io/store/vault/file_lock.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr std::size_t kMostText = 256;

core::Error Failed(const std::string& path, int error) {
  return {.code = error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
          .message = path + ": " + core::ErrnoMessage(error)};
}

core::Status Judge(const std::string& path, const struct stat& s) {
  if (!S_ISREG(s.st_mode)) {
    return core::Fail(ErrorCode::kInvalidRequest, path + ": not a regular file");
  }
  if ((s.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return core::Fail(ErrorCode::kForbidden,
                      fmt::format("{}: others than its owner may open the master key's file; "
                                  "chmod 600 it, and change the key if they may have read it",
                                  path));
  }
  return {};
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string NextOf(const std::string& path) {
  return path + ".next";
}

core::Status Write(const std::string& path, const MasterKey& key) {
  std::string text = key.FileText();
  const Wiped wiped(text);
  return config::ReplaceFile(path, text);
}

// Nothing when there is no such file.
core::Result<std::optional<MasterKey>> ReadIfThere(const std::string& path) {
  auto key = ReadKeyFile(path);
  if (key) {
    return std::optional<MasterKey>(*std::move(key));
  }
  if (key.error().code == ErrorCode::kNotFound) {
    return std::optional<MasterKey>();
  }
  return std::unexpected(std::move(key).error());
}

}  // namespace

core::Result<MasterKey> ReadKeyFile(const std::string& path) {
  const OpenFile file(path);
  struct stat s{};
  if (file.fd() < 0 || fstat(file.fd(), &s) != 0) {
    return std::unexpected(Failed(path, errno));
  }
  SB_CHECK_OK(Judge(path, s));
  std::string text(kMostText, '\0');
  const Wiped wiped(text);
  const ssize_t got = read(file.fd(), text.data(), text.size());
  if (got < 0) {
    return std::unexpected(Failed(path, errno));
  }
  auto key = MasterKey::Parse(std::string_view(text).substr(0, static_cast<std::size_t>(got)));
  return key ? std::move(key) : std::unexpected(std::move(key).error().At(path));
}

core::Result<std::vector<MasterKey>> MakeKeyFile(const std::string& path) {
  std::string text = MasterKey::New().FileText();
  const Wiped wiped(text);
  SB_CHECK_OK(config::CreateFile(path, text));  // or it is there already
  SB_TRY(MasterKey key, ReadKeyFile(path));
  std::vector<MasterKey> keys;
  keys.push_back(std::move(key));
  return keys;
}

core::Result<std::vector<MasterKey>> KeysOfFile(const std::string& path,
                                                const MasterKeyId& wanted) {
  std::vector<MasterKey> keys;
  for (const std::string& name : {path, NextOf(path)}) {
    SB_TRY(auto key, ReadIfThere(name));
    if (key) {
      keys.push_back(*std::move(key));
    }
  }
  if (keys.empty()) {
    return core::Fail(ErrorCode::kNotFound,
                      fmt::format("{}: no such file, but the data keys are wrapped by the master "
                                  "key {}: put that key back there, or give it as encryption.key",
                                  path, wanted.Text()));
  }
  return keys;
}

core::Status RotateKeyFile(Vault& vault, const std::string& path) {
  const FileLock lock(path + ".lock");
  SB_CHECK_OK(lock.Held());
  const MasterKey key = MasterKey::New();
  SB_CHECK_OK(Write(NextOf(path), key));
  SB_CHECK_OK(vault.RotateMaster(key));
  SB_CHECK_OK(Write(path, key));
  unlink(NextOf(path).c_str());  // one that stays does no harm
  return {};
}

core::Status SettleKeyFile(const std::string& path, const MasterKeyId& in_use) {
  SB_TRY(const auto first_look, ReadIfThere(NextOf(path)));
  if (!first_look) {
    return {};
  }
  const FileLock lock(path + ".lock");  // while it is held no rotation is half-way
  SB_CHECK_OK(lock.Held());
  SB_TRY(const auto next, ReadIfThere(NextOf(path)));
  SB_TRY(const auto now, ReadIfThere(path));
  if (next && next->id == in_use && (!now || now->id != in_use)) {
    return Write(path, *next);
  }
  return {};
}

}  // namespace signalbox::vault
