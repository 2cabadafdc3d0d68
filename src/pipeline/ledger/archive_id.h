// The name of an archive, made with it and kept in the file `id` beside its segments: what is in a
// store from several archives is told apart by it. Whoever copies a data directory to run both
// removes the file in the copy.
//
// Owner:   the archive's process makes it; anybody reads it. Threads: any; blocks.
// Errors:  the system's reason, or that the file holds no id. Cancel: a kill leaves the whole file
//          or none.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/core/ids.h"

namespace signalbox::ledger {

struct ArchiveTag {
  static constexpr std::string_view kPrefix = "archive_";
};
using ArchiveId = core::Id<ArchiveTag>;

// That of the archive in `directory`; made when it has none.
core::Result<ArchiveId> TakeArchiveId(const std::string& directory);
// kNotFound: it has none.
core::Result<ArchiveId> ReadArchiveId(const std::string& directory);

}  // namespace signalbox::ledger
