// A lock that processes hold in turn, by a file made for it.
//
// Owner:   the scope that holds it. Threads: one at a time per process (flock knows descriptors).
// Errors:  Held says why it could not be taken.
// Cancel:  waits for whoever holds it; a kill of that one lets go.
#pragma once

#include <string>

#include "base/core/error.h"

namespace signalbox::vault {

class FileLock {
 public:
  explicit FileLock(std::string path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  core::Status Held() const;

 private:
  std::string path_;
  int fd_;
  int error_ = 0;
};

}  // namespace signalbox::vault
