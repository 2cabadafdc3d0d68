#include "pipeline/ledger/data_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace signalbox::ledger {
namespace {

std::string LockPath(const std::string& directory) {
  return directory + "/lock";
}

// Open file description locks: not lost when another descriptor of the file is closed.
struct flock WholeFile() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string Holder(int fd) {
  char text[32];
  const ssize_t size = pread(fd, text, sizeof text - 1, 0);
  std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(pid.find_last_not_of('\n') + 1);
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

core::Result<DataLock> DataLock::Take(const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return core::Fail(core::ErrorCode::kInternal,
                      fmt::format("{}: {}", directory, failed.message()));
  }
  SB_TRY(File file, OpenFile(LockPath(directory), O_RDWR | O_CREAT));
  struct flock lock = WholeFile();
  if (fcntl(file.fd(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) {
      return core::Fail(core::ErrorCode::kConflict,
                        fmt::format("{}: in use by the process with pid {}; stop it or choose "
                                    "another data directory",
                                    directory, Holder(file.fd())));
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

}  // namespace signalbox::ledger
