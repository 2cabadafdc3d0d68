// Keeps a data directory to one process.
//
// Owner:   the process that writes there. Threads: any. Cancel: nothing to undo.
// Errors:  kConflict naming the process that has the directory; the kernel lets go of the lock when
//          a process ends, however it ends.
#pragma once

#include <fcntl.h>

#include <memory>
#include <optional>
#include <string>

#include "base/core/error.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

// What fcntl's F_OFD_SETLK takes to lock all of a file against other processes. The lock is not
// lost when another descriptor of the file is closed.
struct flock WholeFile();

class DataLock {
 public:
  // Makes `directory` when it is not there and takes its lock.
  static core::Result<DataLock> Take(const std::string& directory);
  // Whether some process holds the lock; takes nothing.
  static bool Held(const std::string& directory);
  // Which process holds it.
  static std::optional<int> Holder(const std::string& directory);

 private:
  explicit DataLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace signalbox::ledger
