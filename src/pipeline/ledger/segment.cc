#include "pipeline/ledger/segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

constexpr std::size_t kBufferBytes = 4 * kMaxFrameBytes;

std::unexpected<core::Error> Errno(std::string_view what) {
  return core::Fail(ErrorCode::kInternal, fmt::format("{}: {}", what, core::ErrnoMessage(errno)));
}

}  // namespace

std::string SegmentPath(const std::string& directory, std::uint32_t number) {
  return fmt::format("{}/{:06}.log", directory, number);
}

std::vector<SegmentName> ListSegments(const std::string& directory) {
  std::vector<SegmentName> segments;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && std::string_view(rest) == ".log") {
      segments.push_back({number, entry.path().string()});
    }
  }
  std::ranges::sort(segments, {}, &SegmentName::number);
  return segments;
}

SegmentReader::SegmentReader(int fd, std::uint64_t from, std::uint64_t limit)
    : fd_(fd),
      limit_(limit),
      window_(kBufferBytes),
      window_offset_(from),
      offset_(from),
      end_(from) {}

void SegmentReader::Raise(std::uint64_t limit) {
  at_end_ = at_end_ && limit <= limit_;
  limit_ = std::max(limit_, limit);
}

// Moves what is left to the front and reads on behind it.
core::Status SegmentReader::Fill() {
  std::memmove(window_.data(), window_.data() + at_, size_ - at_);
  window_offset_ += at_;
  size_ -= at_;
  at_ = 0;
  while (size_ < window_.size() && !at_end_) {
    const std::uint64_t place = window_offset_ + size_;
    const std::size_t most =
        std::min<std::uint64_t>(window_.size() - size_, limit_ - std::min(limit_, place));
    const ssize_t got =
        most == 0 ? 0 : pread(fd_, window_.data() + size_, most, static_cast<off_t>(place));
    if (got < 0) {
      return Errno("read");
    }
    at_end_ = got == 0;
    size_ += static_cast<std::size_t>(got);
  }
  return {};
}

core::Result<bool> SegmentReader::Next(Frame& out) {
  for (;;) {
    if (size_ - at_ < kMaxFrameBytes && !at_end_) {
      SB_CHECK_OK(Fill());
    }
    if (size_ - at_ < kFrameHeaderBytes) {
      return false;
    }
    const std::size_t size = DecodeFrame(std::span(window_).subspan(at_, size_ - at_), out);
    if (size != 0) {
      offset_ = place();
      damaged_bytes_ += offset_ - end_;
      at_ += size;
      end_ = place();
      return true;
    }
    at_ += 8;
  }
}

core::Result<SegmentScan> ScanSegment(
    int fd, std::uint64_t from,
    const std::function<void(const Frame&, std::uint64_t offset)>& visit) {
  SegmentReader reader(fd, from, ~std::uint64_t{0});
  for (Frame frame;;) {
    SB_TRY(const bool more, reader.Next(frame));
    if (!more) {
      return SegmentScan{reader.end(), reader.damaged_bytes()};
    }
    visit(frame, reader.offset());
  }
}

core::Status WriteAt(int fd, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return Errno("write");
    }
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

core::Status SyncFile(int fd) {
  if (fdatasync(fd) != 0) {
    return Errno("sync");
  }
  return {};
}

core::Status SyncDirectory(const std::string& directory) {
  SB_TRY(const File file, OpenFile(directory, O_RDONLY | O_DIRECTORY));
  if (fsync(file.fd()) != 0) {
    return Errno("sync");
  }
  return {};
}

File::~File() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

core::Result<File> OpenFile(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Errno(path);
  }
  return File(fd);
}

}  // namespace signalbox::ledger
