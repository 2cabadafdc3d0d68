#include "base/config/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/config/outside.h"

namespace signalbox::config {
namespace {

core::Status Failed(const std::string& path, int error) {
  return core::Fail(core::ErrorCode::kUnavailable, path + ": " + core::ErrnoMessage(error));
}

std::string FolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash + 1);
}

// A new file in the folder of `path`; removed at its end unless it was put in place.
class Draft {
 public:
  explicit Draft(const std::string& path) : name_(FolderOf(path) + "/.signalbox-XXXXXX") {
    fd_ = mkostemp(name_.data(), O_CLOEXEC);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (fd_ >= 0) {
      close(fd_);
      unlink(name_.c_str());  // gone already when it was renamed
    }
  }

  bool Fill(std::string_view text, mode_t mode) {
    if (fd_ < 0 || fchmod(fd_, mode) != 0) {
      return false;
    }
    while (!text.empty()) {
      const ssize_t put = write(fd_, text.data(), text.size());
      if (put < 0 && errno != EINTR) {
        return false;
      }
      text.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
    }
    return fsync(fd_) == 0;
  }
  const char* name() const { return name_.c_str(); }

 private:
  std::string name_;
  int fd_;
};

bool SyncFolder(const std::string& path) {
  const int fd = open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) {
    close(fd);
  }
  return good;
}

}  // namespace

core::Status ReplaceFile(const std::string& path, std::string_view text) {
  const std::string target = System().Canonical(path);
  struct stat s{};
  const mode_t mode = stat(target.c_str(), &s) == 0 ? s.st_mode & 07777 : 0600;
  Draft draft(target);
  if (!draft.Fill(text, mode) || rename(draft.name(), target.c_str()) != 0 || !SyncFolder(target)) {
    return Failed(path, errno);
  }
  return {};
}

core::Result<bool> CreateFile(const std::string& path, std::string_view text) {
  Draft draft(path);
  if (!draft.Fill(text, 0600)) {
    return std::unexpected(Failed(path, errno).error());
  }
  if (link(draft.name(), path.c_str()) != 0) {
    if (errno == EEXIST) {
      return false;
    }
    return std::unexpected(Failed(path, errno).error());
  }
  if (!SyncFolder(path)) {
    return std::unexpected(Failed(path, errno).error());
  }
  return true;
}

}  // namespace signalbox::config
