// The archive's segments are chained: each opens with the hash of the whole segment before it, so
// that what was changed, removed or put in later shows. The last segment is not closed yet; what
// was settled in it is in the store as well.
//
// Owner:   nobody; functions. Threads: any that may block, of any process.
// Errors:  the system's reason. Cancel: nothing to undo. Budget: 0.1 s per 64 MiB (a goal).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "pipeline/ledger/digest.h"

namespace signalbox::ledger {

// Of the first `size` bytes.
core::Result<Digest> HashFile(int fd, std::uint64_t size);

struct SegmentCheck {
  std::uint32_t segment = 0;
  std::string flaw;  // empty: as it was written, as far as the segment behind it knows
};

// Goes along the segments of an archive's directory, oldest first.
core::Result<std::vector<SegmentCheck>> VerifySegments(const std::string& directory);

}  // namespace signalbox::ledger
