#include <algorithm>
#include <filesystem>
#include <utility>

#include "pipeline/ledger/follower.h"
#include "pipeline/ledger/ledger.h"
#include "pipeline/ledger/reader.h"

namespace signalbox::ledger {
namespace {

using Positions = std::unordered_map<std::uint32_t, std::uint64_t>;

// Which records of a stretch of the archive, and of the journals behind it, are to be visited.
class Sieve {
 public:
  explicit Sieve(Position from) : from_(from) {}

  // Of a frame that ends at `end` in the archive.
  bool Lets(const Frame& frame, Position end) {
    if (frame.type == FrameType::kCheckpoint) {
      TakeMarks(frame);
      return false;
    }
    if (frame.origin.position < archived_[frame.origin.journal]) {
      // A copy of an intent that was open; of interest where it is all that is read of it.
      return end.segment == from_.segment && from_.offset == 0;
    }
    return IsNew(frame) && end > from_;
  }
  // Of a frame in a journal, when the archive has been read.
  bool LetsLate(const Frame& frame) {
    return frame.origin.position >= archived_[frame.origin.journal] && IsNew(frame);
  }

 private:
  // Those of the first segment say what was archived before it.
  void TakeMarks(const Frame& frame) {
    if (std::exchange(marked_, true)) {
      return;
    }
    for (const JournalMark& mark : DecodeCheckpoint(frame.bytes.subspan(kFrameHeaderBytes))) {
      archived_[mark.journal] = mark.position;
    }
  }
  bool IsNew(const Frame& frame) {
    std::uint64_t& seen = seen_[frame.origin.journal];
    const std::uint64_t end = frame.origin.position + frame.bytes.size();
    if (end <= seen) {
      return false;
    }
    seen = end;
    return true;
  }

  const Position from_;
  bool marked_ = false;
  Positions archived_;
  Positions seen_;
};

}  // namespace

core::Result<Position> Reader::Since(Position from, const Visit& visit) {
  SB_TRY(const std::vector<Waiting> waiting, ReadJournals());
  const std::string directory = LedgerDirectory(data_directory_);
  const auto segments = ListSegments(directory);
  Position until;
  if (!segments.empty()) {
    std::error_code ignored;
    until = {segments.back().number, std::filesystem::file_size(segments.back().path, ignored)};
  }
  from.segment = segments.empty() ? 0 : std::max(from.segment, segments.front().number);
  Sieve sieve(from);
  Follower follower(directory, {from.segment, 0});  // what is before it says what is new
  Record record;
  for (Frame frame;;) {
    SB_TRY(const bool found, follower.Next(until, frame));
    if (!found) {
      break;
    }
    if (sieve.Lets(frame, follower.position()) && DecodeBody(frame, record)) {
      visit(record);
    }
  }
  for (const Waiting& one : waiting) {
    Frame frame;
    if (DecodeFrame(one.bytes, frame) != 0 && sieve.LetsLate(frame) && DecodeBody(frame, record)) {
      visit(record);
    }
  }
  return follower.position();
}

}  // namespace signalbox::ledger
