// One file of the archive, `<number>.log`: frames one after the other, the first a checkpoint.
//
// Owner:   the Archive writes; readers, also of other processes, open their own descriptors.
// Threads: one per descriptor.
// Errors:  a Result with the system's reason. Damaged stretches are skipped and counted, because a
//          later frame that its checksum confirms is worth more than the order of the file.
// Cancel:  nothing to undo.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/core/error.h"
#include "pipeline/ledger/codec.h"

namespace signalbox::ledger {

struct SegmentName {
  std::uint32_t number = 0;
  std::string path;
};

std::string SegmentPath(const std::string& directory, std::uint32_t number);
// Complete segments of `directory`, oldest first.
std::vector<SegmentName> ListSegments(const std::string& directory);

struct SegmentScan {
  std::uint64_t end = 0;            // after the last good frame
  std::uint64_t damaged_bytes = 0;  // before it
};

// Visits the good frames from offset `from` on; the frame is valid during the visit.
core::Result<SegmentScan> ScanSegment(
    int fd, std::uint64_t from,
    const std::function<void(const Frame&, std::uint64_t offset)>& visit);

// The same one at a time: reads the good frames of an open segment below an offset that may rise.
class SegmentReader {
 public:
  SegmentReader(int fd, std::uint64_t from, std::uint64_t limit);
  void Raise(std::uint64_t limit);

  // The next frame, valid until the next call; false: none below the limit.
  core::Result<bool> Next(Frame& out);
  std::uint64_t offset() const { return offset_; }  // of that frame
  std::uint64_t end() const { return end_; }        // after it
  std::uint64_t damaged_bytes() const { return damaged_bytes_; }

 private:
  core::Status Fill();
  std::uint64_t place() const { return window_offset_ + at_; }

  const int fd_;
  std::uint64_t limit_;
  std::vector<std::byte> window_;  // of the file, from window_offset_ on
  std::uint64_t window_offset_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool at_end_ = false;  // of the file or at the limit
  std::uint64_t offset_;
  std::uint64_t end_;
  std::uint64_t damaged_bytes_ = 0;
};

core::Status WriteAt(int fd, std::uint64_t offset, std::span<const std::byte> bytes);
core::Status SyncFile(int fd);
core::Status SyncDirectory(const std::string& directory);

// A descriptor that closes itself.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  ~File();
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};
core::Result<File> OpenFile(const std::string& path, int flags);

}  // namespace signalbox::ledger
