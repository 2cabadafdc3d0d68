// The entries of a folder, in no order.
//
// Owner: the caller. Threads: one. Errors: errno after Next has returned null; 0 at the end.
#pragma once

#include <dirent.h>

#include "io/store/files/descriptor.h"

namespace signalbox::files {

class Folder {
 public:
  // Reads by a descriptor of its own.
  explicit Folder(const Descriptor& folder);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  // Valid until the next call.
  const dirent* Next() const;

 private:
  DIR* stream_ = nullptr;
  int error_ = 0;
};

}  // namespace signalbox::files
