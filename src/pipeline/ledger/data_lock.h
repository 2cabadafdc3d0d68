// Keeps a data directory to one process.
//
// Owner:   the process that writes there. Threads: any. Cancel: nothing to undo.
// Errors:  kConflict naming the process that has the directory; the kernel lets go of the lock when
//          a process ends, however it ends.
#pragma once

#include <memory>
#include <string>

#include "base/core/error.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

class DataLock {
 public:
  // Makes `directory` when it is not there and takes its lock.
  static core::Result<DataLock> Take(const std::string& directory);
  // Whether some process holds the lock; takes nothing.
  static bool Held(const std::string& directory);

 private:
  explicit DataLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace signalbox::ledger
