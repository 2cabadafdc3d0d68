#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "pipeline/ledger/ring_layout.h"

namespace signalbox::ledger {
namespace layout {

bool Good(const Header& header) {
  return header.magic == kMagic && header.version == kVersion &&
         header.checksum == CheckOf(header) && header.chunk_bytes == kChunkBytes &&
         header.ring_bytes >= kMinRingBytes && header.ring_bytes % kChunkBytes == 0 &&
         header.ring_bytes <= 1ULL << 36U;
}

}  // namespace layout

namespace {

using core::ErrorCode;

struct UsedChunk {
  std::uint32_t index = 0;
  std::uint64_t sequence = 0;
  std::uint64_t previous_end = 0;
};

// Reads as much as there is; a file cut short reads as zeros.
core::Status ReadAt(int fd, std::uint64_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0) {
      return core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
    }
    if (got == 0) {
      std::ranges::fill(out, std::byte{0});
      return {};
    }
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

std::vector<UsedChunk> UsedChunks(std::span<const layout::Entry> directory,
                                  RingContents& contents) {
  std::vector<UsedChunk> used;
  for (std::uint32_t i = 0; i < directory.size(); ++i) {
    const layout::Entry& entry = directory[i];
    if (entry.sequence == 0 || entry.checksum != layout::CheckOf(entry)) {
      continue;
    }
    contents.last_sequence = std::max(contents.last_sequence, entry.sequence);
    if ((entry.sequence + 1) * kChunkBytes > contents.archived) {
      used.push_back({i, entry.sequence, entry.previous_end});
    }
  }
  std::ranges::sort(used, {}, &UsedChunk::sequence);
  return used;
}

// Finds the good records of one chunk, each known by its own position. Returns the offset after the
// last good one.
std::uint64_t ScanChunk(const UsedChunk& chunk, std::span<const std::byte> bytes, bool live,
                        RingContents& contents) {
  const std::uint64_t base = chunk.sequence * kChunkBytes;
  std::uint64_t at = contents.archived > base ? contents.archived - base : 0;
  std::uint64_t end = at;
  Run run{chunk.index, static_cast<std::uint32_t>(at), 0, base + at};
  while (at < bytes.size()) {
    Frame frame;
    const std::size_t size = DecodeFrame(bytes.subspan(at), frame);
    if (size != 0 && frame.origin.position == base + at &&
        frame.origin.journal == contents.journal && frame.type != FrameType::kCheckpoint) {
      if (at != end) {  // good again after a stretch that was not
        contents.damaged_bytes += at - end;
        contents.runs.push_back(run);
        run = {chunk.index, static_cast<std::uint32_t>(at), 0, base + at};
      }
      run.size += static_cast<std::uint32_t>(size);
      at += size;
      end = at;
    } else if (live) {
      break;
    } else {
      at += 8;
    }
  }
  contents.runs.push_back(run);
  std::erase_if(contents.runs, [](const Run& r) { return r.size == 0; });
  return end;
}

core::Status ScanChunks(int fd, std::uint64_t data_offset, std::span<const UsedChunk> used,
                        bool live, RingContents& contents) {
  std::vector<std::byte> bytes(kChunkBytes);
  for (std::size_t i = 0; i < used.size(); ++i) {
    SB_CHECK_OK(ReadAt(fd, data_offset + used[i].index * kChunkBytes, bytes));
    const std::uint64_t end = ScanChunk(used[i], bytes, live, contents);
    if (i + 1 == used.size()) {
      break;
    }
    const bool follows = used[i + 1].sequence == used[i].sequence + 1;
    const std::uint64_t should_end = used[i + 1].previous_end;
    if (follows && (should_end == end || should_end == kNoPrevious)) {
      continue;
    }
    if (live) {
      break;
    }
    if (follows && should_end > end) {
      contents.damaged_bytes += std::min(should_end, kChunkBytes) - end;
    }
  }
  return {};
}

}  // namespace

core::Result<RingContents> ReadRing(int fd, bool live) {
  layout::Header header{};
  SB_CHECK_OK(ReadAt(fd, 0, std::as_writable_bytes(std::span(&header, 1))));
  if (!layout::Good(header)) {
    return core::Fail(ErrorCode::kInternal,
                      "not a journal of this version, or its header is damaged; keep a copy and "
                      "move it away to start with an empty one");
  }
  RingContents contents;
  contents.journal = header.journal;
  contents.boot = header.boot.valid() ? static_cast<std::uint32_t>(header.boot.value) : 0;
  for (const layout::Slot& slot : header.archived) {
    contents.archived = std::max(contents.archived, slot.valid() ? slot.value : 0);
  }
  const std::uint64_t chunks = header.ring_bytes / kChunkBytes;
  const std::uint64_t data_offset = layout::DataOffset(chunks);
  struct stat info{};
  if (fstat(fd, &info) == 0 &&
      static_cast<std::uint64_t>(info.st_size) < data_offset + header.ring_bytes) {
    contents.damaged_bytes +=
        data_offset + header.ring_bytes - static_cast<std::uint64_t>(info.st_size);
  }
  std::vector<layout::Entry> directory(chunks);
  SB_CHECK_OK(ReadAt(fd, layout::kPage, std::as_writable_bytes(std::span(directory))));
  const auto used = UsedChunks(directory, contents);
  SB_CHECK_OK(ScanChunks(fd, data_offset, used, live, contents));
  return contents;
}

core::Status ReadRun(int fd, const Run& run, std::vector<std::byte>& out) {
  layout::Header header{};
  SB_CHECK_OK(ReadAt(fd, 0, std::as_writable_bytes(std::span(&header, 1))));
  const std::size_t start = out.size();
  out.resize(start + run.size);
  const std::uint64_t data_offset = layout::DataOffset(header.ring_bytes / kChunkBytes);
  return ReadAt(fd, data_offset + run.chunk * kChunkBytes + run.offset,
                std::span(out).subspan(start));
}

}  // namespace signalbox::ledger
