// The ledger's long memory: append-only segment files `<data>/ledger/000001.log`, … of encoded
// records as they stood in the journals.
//
// Owner:   Ledger. Threads: the archiver's alone.
// Errors:  a Result with the file and the system's reason. What was appended since the last good
//          Commit is then taken back and has to be appended again; its journal still has it.
// Cancel:  a kill at any moment leaves a file that Open brings back to its last whole record.
//
// With `keep_time` a segment is also closed when what it begins with is a quarter of that old, so
// that it can go in time.
//
// Where a store takes the records over, a segment stays until it did. When that holds `keep_bytes`,
// no further segment is begun and Append fails with kUnavailable until the store has taken some.
//
// A segment opens with a checkpoint (how far each journal had been archived, and the hash of the
// segment before, see chain.h) and copies of the intents that were open at that moment. So the last
// segment alone says which records not to take again and which calls are open, and Open reads at
// most one segment, whatever the archive's size.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "pipeline/ledger/open_intents.h"
#include "pipeline/ledger/position.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

struct ArchiveOptions {
  std::uint64_t segment_bytes = 64ULL << 20U;  // a segment that has grown to this is closed
  std::uint64_t keep_bytes = 4ULL << 30U;      // of all segments; the oldest are removed above
  std::chrono::seconds keep_time{0};           // what is older goes, within a quarter more; 0: none
  ArchiveProgress* progress = nullptr;         // outlives the archive; null: nobody wants to know
};

class Archive {
 public:
  static core::Result<std::unique_ptr<Archive>> Open(const std::string& directory,
                                                     const ArchiveOptions& options);

  // Appends whole records of `journal`, in order; those already here are left out.
  core::Status Append(std::span<const std::byte> records, std::uint32_t journal);
  // Appends a record of the archive's own, such as the settlement of a call that nobody settled.
  core::Status AppendOwn(const Record& record);
  // Puts everything appended onto the disk; then it counts. Closes a full segment, removes old
  // ones.
  core::Status Commit();
  // Undoes what was appended since the last Commit, `why` in hand: also after an exception.
  core::Status TakeBack(core::Status why);

  // Intents without settlement, committed or not: decoded one by one, valid during the visit.
  using VisitIntent = std::function<core::Status(const Record&, const Origin&)>;
  core::Status VisitOpenIntents(const VisitIntent& visit);
  std::size_t open_intents() const { return open_.size(); }

  std::uint64_t damaged_bytes() const { return damaged_bytes_; }  // found at Open
  const std::string& directory() const { return directory_; }

 private:
  Archive(std::string directory, const ArchiveOptions& options)
      : directory_(std::move(directory)), options_(options) {}
  core::Status Load();
  core::Status LoadSegment();
  core::Status Write(std::span<const std::byte> records);
  void Note(const Frame& frame, std::uint64_t offset);
  std::uint64_t& Mark(std::uint32_t journal);
  core::Status StartSegment();
  core::Status WriteOpening(int fd, OpenIntents& open, std::uint64_t& end);
  core::Status NextSegment();
  core::Status CheckRoom();
  bool RemoveOldSegments();
  void SeeToAges();
  void TellCommitted();

  const std::string directory_;
  const ArchiveOptions options_;
  File file_;
  std::uint32_t number_ = 0;  // of the current segment; 0: none yet
  std::uint64_t end_ = 0;     // where the next record goes
  std::uint64_t committed_end_ = 0;
  std::vector<JournalMark> marks_;
  std::vector<JournalMark> committed_marks_;
  OpenIntents open_;
  std::uint64_t damaged_bytes_ = 0;
  bool full_ = false;                         // waits for the store before the next segment
  std::optional<core::WallTime> first_time_;  // of the current segment's first record
  core::MonoTime look_{};                     // when ages are looked at again
};

}  // namespace signalbox::ledger
