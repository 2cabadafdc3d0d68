#include "io/store/vault/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace signalbox::vault {

FileLock::FileLock(std::string path)
    : path_(std::move(path)),
      fd_(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  while (fd_ < 0 || flock(fd_, LOCK_EX) != 0) {
    if (fd_ < 0 || errno != EINTR) {
      error_ = errno;
      return;
    }
  }
}

FileLock::~FileLock() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

core::Status FileLock::Held() const {
  return error_ == 0
             ? core::Status()
             : core::Fail(core::ErrorCode::kUnavailable, path_ + ": " + core::ErrnoMessage(error_));
}

}  // namespace signalbox::vault
