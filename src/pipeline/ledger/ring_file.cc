#include "pipeline/ledger/ring_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "base/core/random.h"
#include "pipeline/ledger/data_lock.h"
#include "pipeline/ledger/ring_layout.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

core::Status Broken(const std::string& path, std::string_view what) {
  return core::Fail(ErrorCode::kInternal, fmt::format("{}: {}", path, what));
}

// Stores where another process may be reading.
void StoreWord(std::uint64_t& where, std::uint64_t value) {
  std::atomic_ref(where).store(value, std::memory_order_release);
}

void StoreSlot(layout::Slot& slot, std::uint64_t value) {
  StoreWord(slot.value, value);
  StoreWord(slot.check, value ^ layout::kSlotSalt);
}

}  // namespace

core::Result<std::unique_ptr<RingFile>> RingFile::Open(const std::string& path,
                                                       std::uint64_t ring_bytes) {
  std::unique_ptr<RingFile> file(new RingFile());
  file->path_ = path;
  SB_CHECK_OK(file->Prepare(ring_bytes));
  return file;
}

RingFile::~RingFile() {
  if (map_ != nullptr) {
    munmap(map_, map_bytes_);
  }
  if (fd_ >= 0) {
    close(fd_);
  }
}

// A file that still holds records keeps its size; an empty one takes the wanted size.
core::Status RingFile::Prepare(std::uint64_t ring_bytes) {
  if (ring_bytes < kMinRingBytes || ring_bytes % kChunkBytes != 0 || ring_bytes > 1ULL << 36U) {
    return Broken(path_, fmt::format("a journal needs at least {} bytes, in steps of {}",
                                     kMinRingBytes, kChunkBytes));
  }
  SB_TRY(const std::uint64_t size, OpenLocked());
  if (size == 0) {
    return Create(ring_bytes);
  }
  auto found = ReadRing(fd_, false);
  if (!found) {
    return std::unexpected(std::move(found).error().At(path_));
  }
  found_ = *std::move(found);
  layout::Header header;
  if (pread(fd_, &header, sizeof header, 0) != sizeof header) {
    return Broken(path_, core::ErrnoMessage(errno));
  }
  if (header.ring_bytes != ring_bytes && found_.runs.empty() && found_.damaged_bytes == 0) {
    return Create(ring_bytes);
  }
  chunks_ = static_cast<std::uint32_t>(header.ring_bytes / kChunkBytes);
  ++found_.boot;
  return Map();
}

// The file that has the name once its lock is ours, and its size: whoever had the lock before may
// have removed the file, or put another one in its place.
core::Result<std::uint64_t> RingFile::OpenLocked() {
  while (true) {
    fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) {
      return std::unexpected(Broken(path_, core::ErrnoMessage(errno)).error());
    }
    SB_CHECK_OK(Lock());
    struct stat ours{};
    struct stat named{};
    if (fstat(fd_, &ours) != 0) {
      return std::unexpected(Broken(path_, core::ErrnoMessage(errno)).error());
    }
    if (stat(path_.c_str(), &named) == 0 && named.st_ino == ours.st_ino &&
        named.st_dev == ours.st_dev) {
      return static_cast<std::uint64_t>(ours.st_size);
    }
    close(std::exchange(fd_, -1));
  }
}

// For as long as the file is open.
core::Status RingFile::Lock() {
  struct flock lock = WholeFile();
  if (fcntl(fd_, F_OFD_SETLK, &lock) != 0) {
    return core::Fail(
        errno == EAGAIN || errno == EACCES ? ErrorCode::kConflict : ErrorCode::kInternal,
        fmt::format("{}: {}", path_, core::ErrnoMessage(errno)));
  }
  return {};
}

// Made under another name first, so that a kill on the way leaves no half header behind. The lock
// of the file that has the name is kept until then: nobody else makes one meanwhile.
core::Status RingFile::Create(std::uint64_t ring_bytes) {
  const std::string fresh = path_ + ".new";
  const File before(std::exchange(fd_, -1));
  fd_ = open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd_ < 0) {
    return Broken(fresh, core::ErrnoMessage(errno));
  }
  SB_CHECK_OK(Lock());
  chunks_ = static_cast<std::uint32_t>(ring_bytes / kChunkBytes);
  found_ = {};
  core::Entropy(std::as_writable_bytes(std::span(&found_.journal, 1)));
  found_.journal |= 1U;  // 0 is the archiver's
  found_.boot = 1;
  SB_CHECK_OK(Map());
  auto& header = *reinterpret_cast<layout::Header*>(map_);
  header = {layout::kMagic, layout::kVersion, found_.journal, ring_bytes, kChunkBytes, 0, {}, {}};
  header.checksum = layout::CheckOf(header);
  StoreSlot(header.boot, found_.boot);
  StoreArchived(0);
  SB_CHECK_OK(Sync());
  if (rename(fresh.c_str(), path_.c_str()) != 0) {
    return Broken(path_, core::ErrnoMessage(errno));
  }
  return {};
}

// Allocates every block, then maps: a full disk is an error here and never a fault later.
core::Status RingFile::Map() {
  data_offset_ = layout::DataOffset(chunks_);
  map_bytes_ = data_offset_ + ring_bytes();
  const int failed = posix_fallocate(fd_, 0, static_cast<off_t>(map_bytes_));
  if (failed != 0) {
    return Broken(path_, fmt::format("cannot allocate {} bytes: {}; make room, or make "
                                     "ledger.ring smaller",
                                     map_bytes_, core::ErrnoMessage(failed)));
  }
  void* map = mmap(nullptr, map_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (map == MAP_FAILED) {
    return Broken(path_, fmt::format("cannot map: {}", core::ErrnoMessage(errno)));
  }
  map_ = static_cast<std::byte*>(map);
  auto& header = *reinterpret_cast<layout::Header*>(map_);
  if (header.magic == layout::kMagic) {
    StoreSlot(header.boot, found_.boot);
  }
  return {};
}

void RingFile::EnterChunk(std::uint32_t index, std::uint64_t sequence, std::uint64_t previous_end) {
  auto& entry = reinterpret_cast<layout::Entry*>(map_ + layout::kPage)[index];
  const layout::Entry next{sequence, previous_end, 0, 0};
  StoreWord(entry.checksum, 0);
  StoreWord(entry.sequence, next.sequence);
  StoreWord(entry.previous_end, next.previous_end);
  StoreWord(entry.unused, 0);
  StoreWord(entry.checksum, layout::CheckOf(next));
}

void RingFile::StoreArchived(std::uint64_t position) {
  auto& header = *reinterpret_cast<layout::Header*>(map_);
  StoreSlot(header.archived[archived_slot_], position);
  archived_slot_ = 1 - archived_slot_;
}

core::Status RingFile::Sync() {
  if (fdatasync(fd_) != 0) {
    return Broken(path_, fmt::format("cannot sync: {}", core::ErrnoMessage(errno)));
  }
  return {};
}

void RingFile::Unmap(std::uint32_t first, std::uint32_t last) {
  if (first < last) {
    madvise(chunk(first), (last - first) * kChunkBytes, MADV_DONTNEED);
  }
}

}  // namespace signalbox::ledger
