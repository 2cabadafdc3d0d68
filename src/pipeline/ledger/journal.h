// The write-ahead journal of one worker: a preallocated, memory-mapped ring of checksummed records.
//
// Owner:   one Journal per worker; Ledger opens it, the worker's requests append.
// Threads: Append from the worker alone; Read, Release, Drain, Sync and Trim from the one archiver
//          thread. They share a few atomics and nothing else, so an append never waits.
// Errors:  Open says what is wrong with the file or the disk. AppendIntent and AppendAlone fail
// with
//          kUnavailable above the high-water mark; nothing already accepted is ever dropped.
// Cancel:  an appended intent stays; whoever appended it settles it on every way out.
//
// What has been appended survives kill -9 as it is (the kernel owns the pages), and power loss up
// to the last Sync of the ring or the archive. No system call, lock or allocation in an append.
// Budget: 60 ns per append.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/core/error.h"
#include "pipeline/ledger/record.h"
#include "pipeline/ledger/ring_file.h"

namespace signalbox::ledger {

struct JournalOptions {
  std::uint64_t ring_bytes = 64ULL * 1024 * 1024;  // per worker, in steps of 64 KiB
  double high_water = 0.9;                         // of ring_bytes; new intents are refused above
};

class Journal {
 public:
  // kConflict: another process has it. Opens or makes `path`, allocates its disk space (so that a
  // full disk shows here and not as a fault at the first write) and finds what an earlier process
  // left: every record after the archived position that is whole. What is damaged is skipped and
  // counted.
  static core::Result<std::unique_ptr<Journal>> Open(const std::string& path,
                                                     const JournalOptions& options);

  // Writes an intent; kUnavailable when the ring is above its high-water mark.
  core::Status AppendIntent(const Record& record);
  // Writes a settlement. Room for it was kept by its intent, so this cannot fail.
  void AppendSettlement(const Record& record);
  // Writes a settlement that no intent goes before: nothing is to be asked of an upstream.
  // kUnavailable as AppendIntent.
  core::Status AppendAlone(const Record& settlement);

  // Takes whole records as they stand in the ring; `position` is that of the first byte.
  using Take =
      std::function<core::Status(std::span<const std::byte> records, std::uint64_t position)>;
  // Hands what is not archived yet to `take`, in order, in stretches of whole records, about
  // `max_bytes` at most; nothing is freed. Returns the position up to which it was handed. As long
  // as records of an earlier process are left, those alone are handed.
  core::Result<std::uint64_t> Read(std::uint64_t max_bytes, const Take& take);
  // Frees the room of everything before `position`, which Read returned.
  void Release(std::uint64_t position);

  // Read and Release in one, a record at a time; what `take` accepted before it failed is freed.
  // Returns the number of records accepted.
  std::size_t Drain(const std::function<core::Status(std::span<const std::byte>)>& take);

  // Puts what has been appended onto the disk.
  core::Status Sync();
  // Gives resident memory that was not needed since the last Trim back.
  void Trim();

  // Part of the ring in use, 0 to 1. Any thread.
  double fill() const;
  // Whether an intent would be refused now. The worker's.
  bool full() const;
  std::uint32_t id() const { return id_; }
  std::uint32_t boot() const { return boot_; }  // how often it has been opened
  const std::string& path() const { return file_->path(); }
  // Bytes of an earlier process's records that could not be read; for the log.
  std::uint64_t damaged_bytes() const { return file_->found().damaged_bytes; }
  bool has_earlier_records() const { return next_recovered_ < file_->found().runs.size(); }
  // Whether everything has been released. Archiver thread.
  bool empty() const;

 private:
  Journal(std::unique_ptr<RingFile> file, const JournalOptions& options);

  std::byte* Room(std::size_t size);
  void Commit(std::size_t size);
  bool NextChunk();
  core::Status CheckRoomFor(std::size_t size) const;
  void Append(const Record& record, std::size_t size);
  std::uint64_t ReadRecovered(std::uint64_t max_bytes, const Take& take, core::Status& status);
  std::uint64_t ReadLive(std::uint64_t max_bytes, const Take& take, core::Status& status);
  void ReleaseRecovered(std::uint64_t position);

  const std::unique_ptr<RingFile> file_;
  const std::uint64_t high_water_bytes_;
  const std::uint64_t first_sequence_;  // of this process
  const std::uint32_t id_;
  const std::uint32_t boot_;

  // The worker's.
  std::byte* chunk_ = nullptr;          // the one being written
  std::uint64_t offset_ = kChunkBytes;  // in it
  std::uint64_t sequence_;
  std::uint64_t open_intents_ = 0;

  // Written by the worker before it publishes `head_`, indexed by sequence modulo their size.
  std::vector<std::uint32_t> order_;  // which chunk
  std::vector<std::uint32_t> ends_;   // where it ended

  // Shared.
  alignas(64) std::atomic<std::uint64_t> head_;      // position after the last record
  alignas(64) std::atomic<std::uint64_t> archived_;  // everything before it is archived
  std::atomic<std::uint32_t> free_chunks_;
  std::vector<std::atomic<bool>> used_;  // per chunk

  // The archiver's.
  alignas(64) std::size_t next_recovered_ = 0;  // in found().runs
  std::uint64_t freed_;                         // sequences before it have been freed
  std::uint32_t highest_ = 0;                   // chunk in use since the last Trim
  std::uint32_t mapped_ = 0;                    // chunks that may be resident
};

// Encoded records as they stand in the ring and in archive files: read one from the start of
// `bytes`; returns its size, or 0 at the end or at the first damaged byte.
std::size_t DecodeRecord(std::span<const std::byte> bytes, Record& out);

}  // namespace signalbox::ledger
