#include "pipeline/ledger/data_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>

namespace signalbox::ledger {
namespace {

std::string LockPath(const std::string& directory) {
  return directory + "/lock";
}

std::string WrittenPid(int fd) {
  char text[32];
  const ssize_t size = pread(fd, text, sizeof text - 1, 0);
  std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(pid.find_last_not_of('\n') + 1);
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

struct flock WholeFile() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

core::Result<DataLock> DataLock::Take(const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return core::Fail(core::ErrorCode::kInternal,
                      fmt::format("{}: {}", directory, failed.message()));
  }
  auto opened = OpenFile(LockPath(directory), O_RDWR | O_CREAT);
  if (!opened) {
    opened.error().message +=
        "; the data directory must be writable: mend that, or choose another with --data";
    return std::unexpected(std::move(opened).error());
  }
  File file = *std::move(opened);
  struct flock lock = WholeFile();
  if (fcntl(file.fd(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) {
      return core::Fail(core::ErrorCode::kConflict,
                        fmt::format("{}: in use by the process with pid {}; stop it, or choose "
                                    "another data directory with --data",
                                    directory, WrittenPid(file.fd())));
    }
    return core::Fail(core::ErrorCode::kInternal,
                      fmt::format("{}: {}", LockPath(directory), core::ErrnoMessage(errno)));
  }
  const std::string pid = fmt::format("{}\n", getpid());
  if (ftruncate(file.fd(), 0) != 0 ||
      pwrite(file.fd(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return core::Fail(core::ErrorCode::kInternal,
                      fmt::format("{}: {}", LockPath(directory), core::ErrnoMessage(errno)));
  }
  return DataLock(std::move(file));
}

bool DataLock::Held(const std::string& directory) {
  auto file = OpenFile(LockPath(directory), O_RDWR);
  struct flock lock = WholeFile();
  return file && fcntl(file->fd(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::optional<int> DataLock::Holder(const std::string& directory) {
  auto file = OpenFile(LockPath(directory), O_RDONLY);
  if (!file || !Held(directory)) {
    return std::nullopt;
  }
  const std::string text = WrittenPid(file->fd());
  int pid = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), pid);
  return read.ec == std::errc() && pid > 0 ? std::optional(pid) : std::nullopt;
}

}  // namespace signalbox::ledger
