#include "io/store/files/folder.h"

#include <fcntl.h>

#include <cerrno>

namespace signalbox::files {

Folder::Folder(const Descriptor& folder) {
  const int own = openat(folder.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  stream_ = own >= 0 ? fdopendir(own) : nullptr;
  error_ = errno;
  if (own >= 0 && stream_ == nullptr) {
    close(own);
  }
}

Folder::~Folder() {
  if (stream_ != nullptr) {
    closedir(stream_);
  }
}

const dirent* Folder::Next() const {
  if (stream_ == nullptr) {
    errno = error_;
    return nullptr;
  }
  errno = 0;
  return readdir(stream_);
}

}  // namespace signalbox::files
