// The file under a journal: one header page, a directory with one entry per chunk, then the chunks.
//
// Owner:   a Journal. Threads: as the Journal's. Cancel: nothing to undo.
// Errors:  Open says which file, what is wrong and what to do; a short or damaged file never gives
//          a SIGBUS, because all of it is allocated before it is mapped.
//
// The chunks are a pool: the writer takes the lowest free one, numbers it with the next sequence
// number and enters it in the directory. A journal that is drained in time therefore stays in its
// first few chunks, which stay mapped, cached and resident; the others are room for bad times.
// A position is sequence * kChunkBytes + offset in the chunk: it never repeats and never falls.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/core/error.h"

namespace signalbox::ledger {

inline constexpr std::uint64_t kChunkBytes = 64ULL * 1024;
inline constexpr std::uint64_t kMinRingBytes = 4 * kChunkBytes;
inline constexpr std::uint64_t kNoPrevious = ~0ULL;  // the first chunk of a process

// A stretch of whole, good records inside one chunk.
struct Run {
  std::uint32_t chunk = 0;
  std::uint32_t offset = 0;  // in the chunk
  std::uint32_t size = 0;
  std::uint64_t position = 0;  // of its first byte

  std::uint64_t end_position() const { return position + size; }
};

// What a ring holds that is not archived yet.
struct RingContents {
  std::uint32_t journal = 0;
  std::uint32_t boot = 0;
  std::uint64_t archived = 0;       // everything before this position is in the archive
  std::uint64_t last_sequence = 0;  // of any chunk ever used
  std::vector<Run> runs;            // in order of position
  std::uint64_t damaged_bytes = 0;  // skipped, because no record there was whole
};

class RingFile {
 public:
  static core::Result<std::unique_ptr<RingFile>> Open(const std::string& path,
                                                      std::uint64_t ring_bytes);
  ~RingFile();
  RingFile(const RingFile&) = delete;
  RingFile& operator=(const RingFile&) = delete;

  const std::string& path() const { return path_; }
  std::uint32_t chunks() const { return chunks_; }
  std::uint64_t ring_bytes() const { return chunks_ * kChunkBytes; }
  const RingContents& found() const { return found_; }  // at Open, with the boot already counted
  std::byte* chunk(std::uint32_t index) { return map_ + data_offset_ + index * kChunkBytes; }

  // Enters chunk `index` as the next; `previous_end` is where the one before it ended.
  void EnterChunk(std::uint32_t index, std::uint64_t sequence, std::uint64_t previous_end);
  void StoreArchived(std::uint64_t position);
  core::Status Sync();
  // Takes chunks [first, last) out of this process's resident memory; what they hold stays.
  void Unmap(std::uint32_t first, std::uint32_t last);

 private:
  RingFile() = default;
  core::Status Prepare(std::uint64_t ring_bytes);
  core::Result<std::uint64_t> OpenLocked();
  core::Status Lock();
  core::Status Create(std::uint64_t ring_bytes);
  core::Status Map();

  std::string path_;
  int fd_ = -1;
  std::byte* map_ = nullptr;
  std::size_t map_bytes_ = 0;
  std::uint64_t data_offset_ = 0;
  std::uint32_t chunks_ = 0;
  std::uint32_t archived_slot_ = 0;
  RingContents found_;
};

// Reads what the ring file `fd` holds. `live`: its writer may be at work, so that the first thing
// that does not fit ends the reading (the next reading sees more); otherwise damaged stretches are
// skipped and counted. Fails when this is no ring file.
core::Result<RingContents> ReadRing(int fd, bool live);

// The bytes of `run`, appended to `out`.
core::Status ReadRun(int fd, const Run& run, std::vector<std::byte>& out);

}  // namespace signalbox::ledger
