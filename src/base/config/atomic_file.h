// A file that is there whole or not at all, also after a loss of power.
//
// Owner: nobody; functions. Threads: any. Cancel: nothing waits but for the disk.
// Errors: kUnavailable with the path and what the system said, e.g. "no space left on device".
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::config {

// Written beside `path`, synced, and put in its place; what was there is replaced and its
// permissions are kept, a new file is for its owner alone. A link stays, its target is replaced.
core::Status ReplaceFile(const std::string& path, std::string_view text);

// The same, but false when there is a file `path` already, which stays.
core::Result<bool> CreateFile(const std::string& path, std::string_view text);

}  // namespace signalbox::config
