// Reads an archive's records in order, from a place on, while it is written.
//
// Owner:   whoever follows. Threads: one. Cancel: nothing to undo.
// Errors:  the system's reason; the same place is read again by the next call. A segment that is
//          gone is stepped over, damaged stretches are skipped; both are logged.
// Budget:  memory for one window of 256 KiB; 10 million records in seconds (a goal).
#pragma once

#include <optional>
#include <string>

#include "pipeline/ledger/position.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

class Follower {
 public:
  Follower(std::string directory, Position from) : directory_(std::move(directory)), at_(from) {}

  // The next frame before `until`, valid until the next call; false: there is none yet.
  core::Result<bool> Next(Position until, Frame& out);
  // Behind the last frame.
  Position position() const { return at_; }

 private:
  core::Status OpenSegment(Position until);
  void Leave();
  bool Rest();

  const std::string directory_;
  Position at_;
  File file_;
  std::optional<SegmentReader> reader_;
};

}  // namespace signalbox::ledger
